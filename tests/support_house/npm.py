"""Programs from the npm registry, for tests that are marked ``registry`` or ``browser``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from clarify_local.node import bundled_node


def node() -> str:
    """Return the Node.js that runs them: that of the environment, or the machine's."""
    found = bundled_node() or shutil.which("node")
    assert found is not None, "there is no Node.js"
    return str(found)


def npm_install(folder: Path, *packages: str) -> Path:
    """Take packages, by this machine's own settings, and return the folder that holds them.

    Running them is another matter: that gets an environment in which nothing leads out.
    """
    npm = shutil.which("npm")
    assert npm is not None, f"{packages[0]} comes by npm, which is not on PATH"
    done = subprocess.run(
        [npm, "install", "--no-save", "--ignore-scripts", "--prefix", str(folder), *packages],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "node_modules"
