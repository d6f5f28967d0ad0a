"""The files that a run must have written beside its analysis: there, and not empty."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from clarify_lambda.check.outcome import Outcome


def present(rule: dict[str, Any], files: Collection[str]) -> Outcome:
    """Judge whether one of the files is what a rule expects.

    Parameters
    ----------
    rule
        ``what`` is expected, how its file ``begins``, and which file begins so and is not meant.
    files
        The results that are not empty, by their path below the folder of results.
    """
    found = any(name.startswith(rule["begins"]) and name != rule["other_than"] for name in files)
    reason = None if found else f"{rule['what']}: there is no such file, or it is empty"
    return Outcome("complete", rule["begins"], reason)
