"""One rule, a config that keeps it and a config that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from support_config.valid import Config, changed


class Case(NamedTuple):
    """Changes to a valid config, side by side.

    Attributes
    ----------
    rule
        Id of the rule.
    valid
        Makes the config to start from.
    keeps, breaks
        Changes after which the rule holds, and does not; ``GONE`` removes a key.
    where
        Paths of the findings, without ``$.``.
    """

    rule: str
    valid: Callable[[], Config]
    keeps: dict[str, Any]
    breaks: dict[str, Any]
    where: list[str]

    def compliant(self) -> Config:
        return changed(self.valid(), self.keeps)

    def non_compliant(self) -> Config:
        return changed(self.valid(), self.breaks)
