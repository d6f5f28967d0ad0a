"""The example that comes with the package: found in a checkout and in a wheel, made when asked."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from clarify_local.environment import bare_environment
from clarify_local.errors import RehearsalFailed

STACK = "ClarifyExample"


@dataclass(frozen=True)
class Example:
    """The diabetes example.

    Attributes
    ----------
    folder
        Where its files are.
    """

    folder: Path

    @property
    def config(self) -> Path:
        """Its analysis config."""
        return self.folder / "analysis_config.json"

    @property
    def limits(self) -> Path:
        """What its deployment accepts, by metric."""
        return self.folder / "limits.json"

    def make(self, into: Path) -> tuple[Path, Path]:
        """Train its model; return the files of its data and of its model artifact.

        Raises
        ------
        RehearsalFailed
            The training ended with an error.
        """
        into.mkdir(parents=True, exist_ok=True)
        ended = subprocess.run(
            [sys.executable, "-P", str(self.folder / "train.py"), str(into)],
            cwd=into,
            env=bare_environment(home=into),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode != 0:
            raise RehearsalFailed(f"the example's train.py failed:\n{ended.stderr[-2000:]}")
        return into / "data.csv", into / "model.tar.gz"


def find_example() -> Example:
    """Return the example of this installation.

    A wheel carries it inside the package; a checkout has it beside the source roots.

    Raises
    ------
    RehearsalFailed
        It is in neither place.
    """
    package = Path(__file__).parent
    for folder in (
        package / "_examples" / "diabetes",
        package.parents[1] / "examples" / "diabetes",
    ):
        if (folder / "train.py").is_file():
            return Example(folder)
    raise RehearsalFailed("this installation has no example; pass --config and --data")
