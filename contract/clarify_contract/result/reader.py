"""Take values out of a parsed analysis, and tell what could not be taken."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from clarify_contract.config.wording import describe_type
from clarify_contract.container import ANALYSIS_FILE
from clarify_contract.findings import Finding
from clarify_contract.result.reading import Repeating

T = TypeVar("T")
ABSENT: Final = object()
_INFINITIES: Final[Mapping[str, float]] = {
    "Infinity": math.inf,
    "-Infinity": -math.inf,
    "∞": math.inf,
    "-∞": -math.inf,
}


class Reader:
    """Collects what is unread. No finding holds a value, nor a key that may be data.

    Parameters
    ----------
    file
        Name of the file that is read; findings' ids begin with it.

    Attributes
    ----------
    unread
        One finding for each place that could not be taken over as it stands.
    """

    def __init__(self, file: str = ANALYSIS_FILE) -> None:
        self._file = file
        self.unread: list[Finding] = []

    def members(self, value: Any, path: str, known: Iterable[str]) -> dict[str, Any]:
        """Return the members of an object that has fixed keys; other keys are told."""
        members = self.mapping(value, path, "an object")
        names = tuple(known)
        for key in members:
            if key not in names:
                self.tell("unknown-key", f"{path}.{key}", "an unknown key", ", ".join(names))
        return {key: member for key, member in members.items() if key in names}

    def mapping(self, value: Any, path: str, allowed: str) -> dict[str, Any]:
        """Return an object whose keys are names; empty if it is none."""
        if not isinstance(value, Mapping):
            self.tell_type(path, value, allowed)
            return {}
        if isinstance(value, Repeating):
            self.tell("repeated-key", path, "the same key twice", "each key once")
        odd = [key for key in value if not isinstance(key, str)]
        if odd:
            self.tell("key-not-text", path, f"{len(odd)} keys that are no text", "texts")
        return {key: member for key, member in value.items() if isinstance(key, str)}

    def items(self, value: Any, path: str, allowed: str) -> list[Any]:
        """Return a list's items; empty if it is none."""
        if isinstance(value, list | tuple):
            return list(value)
        self.tell_type(path, value, allowed)
        return []

    def text(self, members: Mapping[str, Any], key: str, path: str) -> str | None:
        """Return a text member, None if it is not there."""
        value = members.get(key, ABSENT)
        if isinstance(value, str):
            return value
        if value is not ABSENT:
            self.tell_type(f"{path}.{key}", value, "a text")
        return None

    def number(self, value: Any, path: str) -> float | None:
        """Return a finite JSON number."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.tell_type(path, value, "a number")
            return None
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            given = "the bare word NaN" if math.isnan(number) else "a number beyond all bounds"
            self.tell("number-not-finite", path, given, "a finite number")
            return None
        if number != value:
            self.tell("number-inexact", path, "too many digits", "a number that a double holds")
            return None
        return number

    def number_or_infinity(self, value: Any, path: str) -> float | None:
        """Return a number, or an infinity that is written as text, as the service does."""
        if isinstance(value, str) and value in _INFINITIES:
            return _INFINITIES[value]
        if isinstance(value, str):
            self.tell("number-text", path, "a text", 'a number, null, "Infinity" or "∞"')
            return None
        return self.number(value, path)

    def all_or_none(
        self, value: Any, path: str, read: Callable[[Any, str], T | None]
    ) -> tuple[T, ...] | None:
        """Return a list of readable items; None if one is not, which `read` has told."""
        before = len(self.unread)
        taken = [
            read(item, f"{path}[{index}]")
            for index, item in enumerate(self.items(value, path, "a list"))
        ]
        whole = len(self.unread) == before
        return tuple(item for item in taken if item is not None) if whole else None

    def tell_type(self, path: str, value: Any, allowed: str) -> None:
        """Tell that a value has another type than it should."""
        given = "nothing" if value is ABSENT else describe_type(value)
        self.tell("wrong-type", path, given, allowed)

    def tell(self, identifier: str, path: str, given: str, allowed: str) -> None:
        """Tell that something stands in the file that the result does not hold."""
        self.unread.append(
            Finding(
                f"{self._file.removesuffix('.json')}-{identifier}",
                path,
                given,
                allowed,
                f"Look there in {self._file}; this part was left out of the result.",
            )
        )
