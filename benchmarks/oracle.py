"""The environment of the oracles, and a process in it that answers requests one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

from people import HERE


def oracle_python() -> Path:
    """Return the Python of the oracles' environment, made or brought up to date where needed."""
    folder = HERE / ".oracle"
    python, made_of = folder / "bin" / "python", folder / "made-of.txt"
    pins = [f"{package}=={version(package)}" for package in ("numpy", "scikit-learn")]
    wanted = (HERE / "requirements-oracle.txt").read_text() + "\n".join(pins)
    if not made_of.exists() or made_of.read_text() != wanted:
        venv.create(folder, with_pip=True)
        requirements = ["-r", str(HERE / "requirements-oracle.txt"), *pins]
        install = [python, "-m", "pip", "install", "-q", *requirements]
        subprocess.run(install, check=True, stdout=sys.stderr)
        made_of.write_text(wanted)
    return python


class Oracle:
    """A script that runs in the oracles' environment and answers each line of JSON with one."""

    def __init__(self, script: str) -> None:
        command = [str(oracle_python()), str(HERE / script)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"The oracle ended with code {self._process.wait()}.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Oracle:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
