"""Real inputs and outputs of the service: oracles that stand beside the repository, not in it."""

from __future__ import annotations

from pathlib import Path

import pytest

#: What such a job writes beside its analysis, as far as a check asks for it; it is not stored here.
BESIDE = ("report.html",)
REAL = Path(__file__).resolve().parents[3] / "shared" / "real"


def real(name: str) -> Path:
    """Return a file or folder of `REAL`; skip the test where it is not at hand."""
    path = REAL / name
    if not path.exists():
        pytest.skip(f"../shared/real/{name} is not here: real data are no part of the project")
    return path
