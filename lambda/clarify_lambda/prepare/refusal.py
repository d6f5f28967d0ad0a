"""A run that will not be started, with every reason at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

#: What the last line of a refusal by preflight begins with; the URI of the verdict follows.
ALL_FINDINGS = "All findings: "


class RunRefused(Exception):  # noqa: N818 - its name is what the execution's history shows
    """The run was refused before anything was written; the message holds one line per reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def problem(identifier: str, path: str, given: str, allowed: str, fix: str) -> str:
    """Return one reason, worded as a finding of the contract: place, given, allowed, fix."""
    return f"[{identifier}] {path}: got {given}; expected {allowed}. {fix}"


def shown(value: object, length: int = 120) -> str:
    """Return a value for a message: quoted, and cut where it is long."""
    text = repr(value)
    return text if len(text) <= length else text[:length] + "…"


def not_allowed(path: str, value: str, allowed: Collection[str], setting: str) -> str:
    """Return the reason for a value that the pipeline's list does not hold."""
    return problem(
        "override-not-allowed",
        path,
        shown(value),
        "the deployed value or what it allows: " + (", ".join(allowed) or "nothing else"),
        f"Deploy the pipeline with it in {setting}.",
    )
