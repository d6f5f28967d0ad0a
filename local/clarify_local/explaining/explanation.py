"""What is explained: ids of findings, codes of metrics, and messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from clarify_contract import METRICS
from clarify_contract.config.catalogue import Entry, catalogue
from clarify_local.explaining.findings import Place, found_as
from clarify_local.explaining.markdown import plain, prose
from clarify_local.explaining.source_findings import SourceFinding
from clarify_local.explaining.topics import topics_of
from clarify_local.explaining.troubleshooting import PAGE, sections

_ID: Final = re.compile(r"[\w:-]+")
_FINDINGS: Final = "reference/findings.md"
_METRICS: Final = "reference/metrics.md"


@dataclass(frozen=True)
class Explanation:
    """One answer.

    Attributes
    ----------
    title
        What is explained.
    text
        Markdown.
    page
        Where it stands in the documentation, with its anchor.
    """

    title: str
    text: str
    page: str


def explain(topic: str) -> tuple[Explanation, ...]:
    """Return what is known about an id, a metric, a section's anchor or a whole message.

    Returns
    -------
    tuple of Explanation
        Empty where nothing is known.
    """
    # Last: the sources of the packages are read for a finding, which takes a second or two.
    for look in (_metric, _section, _finding):
        if found := tuple(look(topic)):
            return found
    return tuple(each for name in topics_of(topic) for each in (*_section(name), *_finding(name)))


def _finding(name: str) -> Iterator[Explanation]:
    if _ID.fullmatch(name) is None:
        return
    holds = [entry for entry in catalogue() if entry.id == name]
    found = found_as(name)
    lines = ["What must hold:", "", *(f"- {prose(entry.sentence)}" for entry in holds)]
    lines = lines if holds else []
    said: set[str] = set()
    for place, here in found.items():
        texts = [text for text in map(_told, here) if text not in said]
        if texts:
            lines += ["", f"{place.title}:", "", *(f"- {text}" for text in texts)]
        said.update(texts)
    weights: set[str] = {entry.severity for entry in holds}
    weights |= {one.severity for here in found.values() for one in here}
    if weights:
        title = f"{name} ({' or '.join(sorted(weights))})"
        yield Explanation(title, "\n".join(lines), f"{_FINDINGS}#{_anchor(name, holds, found)}")


def _anchor(
    name: str, holds: Sequence[Entry], found: Mapping[Place, Sequence[SourceFinding]]
) -> str:
    """Return the anchor of an id; ids of a pattern have none, but their part of the page has."""
    if holds:
        return name
    place, here = next(iter(found.items()))
    return place.anchor if "…" in here[0].id else here[0].id


def _told(finding: SourceFinding) -> str:
    """Return one finding in a sentence or two; … is what only a run knows."""
    texts = (finding.given, finding.allowed, finding.fix)
    given, allowed, fix = (plain(prose(text)) for text in texts)
    return fix if given == allowed == "…" else f"Got {given}; expected {allowed}. {fix}"


def _metric(name: str) -> Iterator[Explanation]:
    metric = METRICS.get(name.upper())
    if metric is not None:
        # Loaded late: the engine brings numpy.
        from clarify_local.explaining.metrics import explained

        yield Explanation(metric.description, explained(metric), f"{_METRICS}#{metric.code}")


def _section(name: str) -> Iterator[Explanation]:
    for section in sections():
        if section.anchor == name:
            yield Explanation(section.title, section.text, f"{PAGE}#{section.anchor}")
