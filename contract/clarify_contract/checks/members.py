"""Take members out of a JSON object that has fixed keys, and tell what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from clarify_contract.config.wording import describe_type, did_you_mean
from clarify_contract.findings import Finding

T = TypeVar("T")


class Members:
    """The members of one object; what is wrong goes to the list of findings that was given.

    Parameters
    ----------
    given
        The object.
    place
        Where it stands.
    keys
        The keys that it may have; any other is told.
    findings
        Takes what is wrong.
    """

    def __init__(
        self, given: object, place: str, keys: Sequence[str], findings: list[Finding]
    ) -> None:
        self._place, self._findings = place, findings
        self._members: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        if not isinstance(given, Mapping):
            self._wrong(place, given, f"an object with the keys {', '.join(keys)}")
        for key in self._members:
            if key not in keys:
                fix = did_you_mean(str(key), keys) or "Correct or remove it."
                findings.append(
                    Finding(
                        "rules-unknown-key",
                        f"{place}.{key}",
                        "a key that no rule has",
                        ", ".join(keys),
                        fix,
                    )
                )

    def of(self, key: str, default: Any = None) -> Any:
        """Return a member as it stands."""
        return self._members.get(key, default)

    def text(self, key: str) -> str | None:
        """Return a member that is a text, None where it is absent or null."""
        value = self._members.get(key)
        if value is None or is_text(value):
            return value
        self._wrong(f"{self._place}.{key}", value, "a text")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a member that is a list of texts."""
        value = self._members.get(key, [])
        if is_texts(value):
            return tuple(value)
        self._wrong(f"{self._place}.{key}", value, "a list of texts")
        return ()

    def mapping(self, key: str) -> dict[str, Any]:
        """Return a member that is an object."""
        value = self._members.get(key, {})
        if isinstance(value, Mapping):
            return dict(value)
        self._wrong(f"{self._place}.{key}", value, "an object")
        return {}

    def each(
        self, key: str, read: Callable[[object, str, list[Finding]], T | None]
    ) -> tuple[T, ...]:
        """Return what ``read`` makes of each item of a list."""
        value = self._members.get(key, [])
        if not isinstance(value, list | tuple):
            self._wrong(f"{self._place}.{key}", value, "a list")
            return ()
        made = [
            read(item, f"{self._place}.{key}[{index}]", self._findings)
            for index, item in enumerate(value)
        ]
        return tuple(item for item in made if item is not None)

    def needs(self, key: str, holds: Callable[[object], bool], allowed: str) -> bool:
        """Tell whether a member is there and of its type."""
        value = self._members.get(key)
        if not holds(value):
            self._wrong(f"{self._place}.{key}", value, allowed)
            return False
        return True

    def _wrong(self, place: str, value: object, allowed: str) -> None:
        self._findings.append(
            Finding("rules-wrong", place, describe_type(value), allowed, "Correct it.")
        )


def is_text(value: object) -> bool:
    """Tell whether a value is a text that is not empty."""
    return isinstance(value, str) and bool(value)


def is_texts(value: object) -> bool:
    """Tell whether a value is a list of texts that are not empty."""
    return isinstance(value, list | tuple) and all(map(is_text, value))
