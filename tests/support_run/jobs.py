"""A job's container as a process: its folders, its environment, its last words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clarify_contract.config import AnalysisConfig
from clarify_contract.container import (
    CONFIG_DIR,
    CONFIG_NAME,
    DATA_DIR,
    JOB_CONFIG_FILE,
    MESSAGE_FILE,
    OUTPUT_DIR,
    RESOURCE_CONFIG_FILE,
)
from support_run import cases

JOB_ARN = "arn:aws:sagemaker:us-east-1:111122223333:processing-job/loans"


class JobFolder:
    """What SageMaker lays out for a job, under a root of its own."""

    def __init__(self, root: Path, config: AnalysisConfig | str, *, hosts: int = 1) -> None:
        self.root = root
        text = config if isinstance(config, str) else config.to_json()
        self._write(f"{CONFIG_DIR}/{CONFIG_NAME}", text)
        self._write(JOB_CONFIG_FILE, json.dumps({"ProcessingJobArn": JOB_ARN}))
        names = [f"algo-{i + 1}" for i in range(hosts)]
        self._write(RESOURCE_CONFIG_FILE, json.dumps({"current_host": "algo-1", "hosts": names}))
        self.data = cases.write_csv(self.path(DATA_DIR) / "rows.csv")

    def path(self, inside: str) -> Path:
        return self.root / inside.lstrip("/")

    @property
    def message(self) -> str:
        file = self.path(MESSAGE_FILE)
        return file.read_text(encoding="utf-8") if file.exists() else ""

    @property
    def results(self) -> list[str]:
        folder = self.path(OUTPUT_DIR)
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def start(
        self, endpoint_url: str = "http://127.0.0.1:9", *, python: Sequence[str] = ()
    ) -> subprocess.Popen[str]:
        """Start the container; without a URL nothing listens where AWS would be.

        ``python`` are options of the interpreter.
        """
        environment: dict[str, Any] = {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": endpoint_url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return subprocess.Popen(
            [sys.executable, *python, "-m", "clarify_engine", "--root", str(self.root)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _write(self, inside: str, text: str) -> None:
        self.path(inside).parent.mkdir(parents=True, exist_ok=True)
        self.path(inside).write_text(text, encoding="utf-8")
