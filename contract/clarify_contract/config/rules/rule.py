"""The shape of a rule: what it is called, what it reads, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.paths import Place, overlaps
from clarify_contract.findings import Finding, Severity


class Problem(NamedTuple):
    """A finding without its rule's id: JSON path, given, allowed, fix."""

    path: str
    given: str
    allowed: str
    fix: str


class Read(NamedTuple):
    """A place that a rule looks at.

    Attributes
    ----------
    place
        Where.
    presence
        The rule asks only whether something is there: what is wrong inside does not matter.
    """

    place: Place
    presence: bool

    def spoilt_by(self, broken: Place) -> bool:
        """Return whether a wrong value at ``broken`` keeps the rule from judging."""
        inside = len(broken) > len(self.place)
        return overlaps(self.place, broken) and not (self.presence and inside)


Check = Callable[[AnalysisKeys], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of a config whose types are right.

    Attributes
    ----------
    id
        Id of its findings. Several rules may share one, as the parts of one rule of the spec.
    severity
        ``error`` or ``warning``.
    reads
        What the check looks at; it is left out where one of them is wrong in itself.
    check
        The function; its name and first line say the rule.
    """

    id: str
    severity: Severity
    reads: tuple[Read, ...]
    check: Check

    @property
    def sentence(self) -> str:
        """The rule in one sentence."""
        return (self.check.__doc__ or "").strip().splitlines()[0]

    def findings(self, config: AnalysisKeys) -> list[Finding]:
        """Return what this rule finds in a config."""
        return [Finding(self.id, *problem, self.severity) for problem in self.check(config)]


def rule(rule_id: str, *reads: str) -> Callable[[Check], Rule]:
    """Make a function the check of an error rule.

    Parameters
    ----------
    rule_id
        Id of its findings.
    reads
        The keys that it reads (``methods.shap``), with a question mark (``methods.shap?``) where
        it only asks whether the key is there.
    """
    return _maker(rule_id, "error", reads)


def warning(rule_id: str, *reads: str) -> Callable[[Check], Rule]:
    """Make a function the check of a warning; see `rule`."""
    return _maker(rule_id, "warning", reads)


def _maker(rule_id: str, severity: Severity, reads: tuple[str, ...]) -> Callable[[Check], Rule]:
    places = tuple(
        Read(tuple(path.removesuffix("?").split(".")), path.endswith("?")) for path in reads
    )
    return lambda check: Rule(rule_id, severity, places, check)
