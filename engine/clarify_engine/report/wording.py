"""Numbers and names as a report's texts have them."""

from __future__ import annotations

import math
import unicodedata
from typing import Any, Final

_MINUS: Final = "\N{MINUS SIGN}"

#: Stands where there is no value.
NONE: Final = "\N{EN DASH}"


def value(number: float | None) -> str:
    """Return a measured number to four significant digits; ``∞`` and a dash where there is none."""
    if number is None or math.isnan(number):
        return NONE
    if math.isinf(number):
        return "∞" if number > 0 else f"{_MINUS}∞"
    if number == 0:
        return "0"
    size = abs(number)
    if size >= 10_000:
        digits = f"{size:,.0f}"
    elif 1e-6 <= size < 1e-4:  # where Python would begin to write an exponent
        digits = f"{size:.7f}"
    else:
        digits = f"{size:.4g}"
    return f"{_MINUS}{digits}" if number < 0 else digits


def count(number: int, unit: str = "") -> str:
    """Return a count, and its unit in the singular or the plural."""
    if not unit:
        return f"{number:,}"
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def percent(part: float, whole: float = 1.0) -> str:
    """Return a share as a percentage to one decimal place; a dash of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else NONE


def share(part: float, whole: float) -> float:
    """Return a quotient, 0 for a part of nothing."""
    return part / whole if whole else 0.0


def listed(names: list[str]) -> str:
    """Return names as a sentence has them: ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def isolated(name: str) -> str:
    """Return a name so that its direction of writing does not disturb a sentence around it."""
    if any(unicodedata.bidirectional(letter) in {"R", "AL", "AN"} for letter in name):
        return f"\u2068{name}\u2069"
    return name


def plain(given: Any) -> str:
    """Return a value of a config as a reader has it: texts without quotes, lists with commas."""
    if isinstance(given, list | tuple):
        return ", ".join(map(plain, given))
    if isinstance(given, bool):
        return "yes" if given else "no"
    return str(given)
