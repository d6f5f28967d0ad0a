"""The committed example, and a way to load its files: they are scripts, not packages."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

DIABETES = Path(__file__).parents[2] / "examples" / "diabetes"


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
