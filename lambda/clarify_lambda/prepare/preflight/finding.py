"""One thing that preflight has found; its shape is that of the contract's findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from clarify_lambda.prepare.refusal import problem

#: How many findings travel in an execution's state, which has room for 256 KB in all.
MOST = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake, which stops the run, or a warning, which travels with it.

    It holds names of the config, counts and types, and no cell of the data. A name that only the
    data has may be a cell too, where a first row is taken for a header row: there is none of those.

    Attributes
    ----------
    id, path, given, allowed, fix, severity
        As in `clarify_contract.Finding`; the same mistake has the same id.
    """

    id: str
    path: str
    given: str
    allowed: str
    fix: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Return one line: id, place, given, allowed, fix."""
        return problem(self.id, self.path, self.given, self.allowed, self.fix)


class Stopped(Exception):  # noqa: N818 - it reads as what happened
    """Nothing more can be seen in the data, and `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


def warning(id_: str, path: str, given: str, allowed: str, fix: str) -> Finding:
    """Return a finding that does not stop the run."""
    return Finding(id_, path, given, allowed, fix, severity="warning")


def limited(findings: Sequence[Finding]) -> list[Finding]:
    """Return what travels in an execution's state: at most 50; where it is cut, the last says so.

    Mistakes come first.
    """
    shown = sorted(findings, key=lambda finding: finding.severity != "error")
    if len(shown) > MOST:
        shown[MOST - 1 :] = [
            warning(
                "preflight-more",
                "preflight",
                f"{len(findings)} findings",
                f"at most {MOST} in an execution's state",
                "Read all of them in the run's verdict.json.",
            )
        ]
    return shown


def as_json(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Return findings as plain JSON."""
    return [asdict(finding) for finding in findings]
