"""Configs from public sources, kept outside the repository."""

from __future__ import annotations

import json
from typing import Any

from support_real import REAL, real

NAMES = (
    "adult_configs/bias_analysis_config.json",
    "adult_configs/explainability_analysis_config.json",
    "adult_linear_learner/bias_analysis_config.json",
)


def real_config(name: str) -> dict[str, Any]:
    """Return the config's JSON object; skip the test where the folder is absent."""
    given: dict[str, Any] = json.loads(real(name).read_text(encoding="utf-8"))
    return given


def names_on_disk() -> set[str]:
    """Return the names of all configs that are there."""
    return {str(path.relative_to(REAL)) for path in REAL.glob("*/*_config.json")}
