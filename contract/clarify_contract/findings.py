"""What is wrong, or misleads, and what to do about it: one shape for every check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reader should know about their input.

    A finding names counts, names and types. It never holds a cell value of anybody's data, so it
    may be logged, returned by a Lambda function and shown in an execution's history.

    Attributes
    ----------
    id
        Stable identifier, such as ``X3`` or ``label-float-threshold``. Part of the public contract.
    path
        Where: a JSON path (``$.predictor.model_name``) or the name of an input (``dataset``).
    given
        What was found there, in words.
    allowed
        What is allowed there, in words.
    fix
        What to do, as one imperative sentence.
    severity
        ``error`` stops the analysis; ``warning`` does not.
    """

    id: str
    path: str
    given: str
    allowed: str
    fix: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """Return one line: id, place, given, allowed, fix."""
        return f"[{self.id}] {self.path}: got {self.given}; expected {self.allowed}. {self.fix}"


class Refused(ValueError):  # noqa: N818 - it reads as what happened
    """Input was refused; ``findings`` holds every reason, not only the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        ids = (finding.id for finding in self.findings)
        super().__init__("\n".join([*map(str, self.findings), read_on(*ids)]))


def read_on(*topics: str) -> str:
    """Return where to read on about findings, metrics and messages: the command that explains them.

    Parameters
    ----------
    topics
        Ids of findings, codes of metrics, or names of messages; each is named once.

    Examples
    --------
    >>> read_on("X16", "DPL", "X16")
    'Read on: clarify explain X16 DPL'
    """
    return f"Read on: clarify explain {' '.join(dict.fromkeys(topics))}"
