"""The findings of all packages, by where they are met."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from clarify_local.explaining.source_findings import SourceFinding, source_findings

PACKAGES: Final = (
    "clarify_contract",
    "clarify_lambda",
    "clarify_engine",
    "clarify_cdk",
    "clarify_local",
)
#: What stands before the ids of warnings at synthesis, for those who acknowledge them.
_ACKNOWLEDGED: Final = "clarify-cdk:"


@dataclass(frozen=True)
class Place:
    """Where findings are met.

    Attributes
    ----------
    title, anchor
        Of its part of the reference.
    modules
        What the names of the modules begin with that make these findings.
    """

    title: str
    anchor: str
    modules: str


IN_A_CONFIG: Final = Place("In a config", "in-a-config", "clarify_contract.config.")
PLACES: Final = (
    IN_A_CONFIG,
    Place("In rules and results", "in-rules-and-results", "clarify_contract."),
    Place("Before a run starts: the Prepare function", "before-a-run", "clarify_lambda."),
    Place("During an analysis: the open engine", "during-an-analysis", "clarify_engine."),
    Place("At synthesis: the constructs", "at-synthesis", "clarify_cdk."),
    Place("On this machine: the command clarify", "on-this-machine", "clarify_local."),
)


@cache
def all_findings() -> tuple[SourceFinding, ...]:
    """Return what the sources of the packages can find, as they are installed here."""
    return source_findings([*_folders()])


def by_place(findings: Sequence[SourceFinding]) -> Mapping[Place, Sequence[SourceFinding]]:
    """Return findings by where they are met, and each text once, by id."""
    sorted_out: dict[Place, list[SourceFinding]] = {place: [] for place in PLACES}
    for finding in sorted(findings, key=lambda one: one.id):
        sorted_out[_place(finding)].append(finding)
    return {place: [*_each_once(here)] for place, here in sorted_out.items()}


def found_as(name: str) -> dict[Place, Sequence[SourceFinding]]:
    """Return what is found under an id, by place; it may stand as it is acknowledged at synthesis.

    Where the sources make ids of what only a run knows, the patterns stand for them.
    """
    wanted = name.removeprefix(_ACKNOWLEDGED)
    all_of_them = _all_by_place()
    ids = {one.id for here in all_of_them.values() for one in here}
    exact = {known for known in ids if known.removeprefix(_ACKNOWLEDGED) == wanted}
    patterns = {known for known in ids if "…" in known and _fits(wanted, known)}
    meant = exact or patterns
    chosen = {
        place: [one for one in here if one.id in meant] for place, here in all_of_them.items()
    }
    return {place: here for place, here in chosen.items() if here}


@cache
def _all_by_place() -> Mapping[Place, Sequence[SourceFinding]]:
    return by_place(all_findings())


def _folders() -> Iterator[Path]:
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin).parent


def _place(finding: SourceFinding) -> Place:
    return next(place for place in PLACES if finding.module.startswith(place.modules))


def _each_once(here: Sequence[SourceFinding]) -> Iterator[SourceFinding]:
    said = {
        (one.id, one.severity, one.given, one.allowed, one.fix): one
        for one in here
        if not _is_told_better(one, here)
    }
    yield from said.values()


def _is_told_better(finding: SourceFinding, others: Sequence[SourceFinding]) -> bool:
    """Return whether another one says what this one leaves open."""
    if "…" in finding.id:
        alike = [one for one in others if replace(one, id=finding.id) == finding]
        return any("…" not in one.id and _fits(one.id, finding.id) for one in alike)
    if {finding.given, finding.allowed, finding.fix} == {"…"}:
        return any(one.id == finding.id and one.fix != "…" for one in others)
    return False


def _fits(name: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace("…", ".+"), name) is not None
