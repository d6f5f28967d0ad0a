"""The text of a group, or of a positive outcome, that a threshold makes: ``(35, 52]``."""

from __future__ import annotations

import re

from clarify_lambda.check.document import finite

_INTERVAL = re.compile(r"\(\s*(\S+)\s*,\s*(\S+)\s*\]")


def ends(text: object) -> tuple[float | None, float | None] | None:
    """Return both ends of an interval, None for an end that is no number; None for other texts."""
    found = _INTERVAL.fullmatch(text) if isinstance(text, str) else None
    return None if found is None else (_number(found[1]), _number(found[2]))


def _number(text: str) -> float | None:
    try:
        return finite(float(text))
    except ValueError:
        return None
