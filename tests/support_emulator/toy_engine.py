"""Stands in for the analysis engine: does what its config says, to show how jobs are carried out.

``python toy_engine.py --root <folder>``; the config is a JSON object with any of: ``write`` (a map
of output names to texts), ``show_environment`` and ``copy_inputs`` (output names), ``say`` (exit
message), ``print``, ``started``, ``child`` and ``cleanup`` (files of the test to write to when it
runs, has a child, gets SIGTERM), ``ask`` (a service), ``ignore_sigterm``, ``sleep`` (seconds),
``exit`` (code).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError


def main() -> int:
    root = Path(sys.argv[sys.argv.index("--root") + 1])
    ml = root / "opt/ml"
    config = json.loads((ml / "processing/input/config/analysis_config.json").read_text())
    output = ml / "processing/output"

    def clean_up(*_: object) -> None:
        if "cleanup" in config:
            Path(config["cleanup"]).write_text("cleaned up")
        sys.exit(143)

    signal.signal(signal.SIGTERM, signal.SIG_IGN if config.get("ignore_sigterm") else clean_up)
    if "print" in config:
        sys.stdout.write(config["print"] + "\n")
        sys.stdout.flush()
    for name, text in config.get("write", {}).items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_text(text)
    if "show_environment" in config:
        (output / config["show_environment"]).write_text(json.dumps(dict(os.environ)))
    if "copy_inputs" in config:
        files = {
            path.relative_to(ml).as_posix(): path.read_text()
            for path in sorted(ml.rglob("*"))
            if path.is_file() and path.parent != output
        }
        (output / config["copy_inputs"]).write_text(json.dumps(files))
    if "ask" in config:
        service = boto3.client(config["ask"], config=Config(retries={"total_max_attempts": 1}))
        try:
            service.list_models()
        except BotoCoreError as error:
            (ml / "output/message").write_text(type(error).__name__)
            return 1
    if "say" in config:
        (ml / "output/message").write_text(config["say"])
    if "child" in config:  # a process of the engine's own, which must not outlive the job
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path(config["child"]).write_text(str(child.pid))
    if "started" in config:
        Path(config["started"]).write_text(str(os.getpid()))
    time.sleep(config.get("sleep", 0))
    return int(config.get("exit", 0))


if __name__ == "__main__":
    sys.exit(main())
