"""The SDK as it is published: installed beside this Python's libraries, and asked about calls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support_parity.grid import Call

PROGRAM = Path(__file__).with_name("in_sdk.py")
_SHARED = ("importlib-metadata==6.11.0", "schema==0.7.8", "zipp==3.23.0")


@dataclass(frozen=True)
class Published:
    """One release of the SDK.

    ``packages`` are the wheels that importing ``module`` needs and the tests' environment lacks.
    All that the SDK depends on weighs 450 MB; these weigh less than 30.
    """

    module: str
    packages: tuple[str, ...]

    def install(self, folder: Path) -> Path:
        """Install the wheels into a folder, and return it."""
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        options = ["--no-deps", "--no-compile", "--target", str(folder)]
        subprocess.run([*pip, *options, *self.packages], check=True)
        return folder

    def run(self, site: Path, *arguments: str, given: str = "") -> str:
        """Run this Python with the SDK, without anybody's settings, and return what it prints."""
        answer = subprocess.run(
            [sys.executable, *arguments],
            input=given,
            env={
                "PATH": os.defpath,
                "HOME": str(site),
                "PYTHONPATH": str(site),
                "PYTHONUTF8": "1",
                "SAGEMAKER_SUPPRESS_V2_WARNING": "1",
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    def outcomes(self, site: Path, calls: list[Call]) -> list[dict[str, Any]]:
        """Return what the SDK and `from_sagemaker` make of each call; see `in_sdk`."""
        printed = self.run(site, str(PROGRAM), self.module, given=json.dumps(calls))
        found: list[dict[str, Any]] = json.loads(printed)
        return found


RELEASES = {
    "v2": Published(
        "sagemaker.clarify",
        (
            *("sagemaker==2.257.7", "sagemaker-core==1.0.78"),
            *("protobuf==6.33.5", "smdebug-rulesconfig==1.0.1", *_SHARED),
        ),
    ),
    "v3": Published("sagemaker.core.clarify", ("sagemaker-core==2.27.0", *_SHARED)),
}
