"""CloudWatch metrics of a judged run, as lines of a log: the embedded metric format.

CloudWatch makes metrics of such lines in a function's log by itself; nobody needs a right for it.
In the namespace ``Clarify`` there are, for each run that was judged:

- ``Passed`` and ``Rejected``, 1 or 0, by ``Pipeline``;
- each bias metric under its code (``DPL``), by ``Pipeline``, ``Facet`` and ``Group``: the facet's
  name, and the position of the group in the analysis, as ``verdict.json`` names it, since the
  group's text may be data.

What is not there as a finite number is left out, and so is a facet that the config does not name
where it names all. A run that failed was not judged: Step Functions counts it. CloudWatch charges
for each metric by the hour in which it got a value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clarify_lambda.check.document import Unreadable, read
from clarify_lambda.check.evidence import Missing, facets_of, groups_of, number_of
from clarify_lambda.check.rules import BIAS_SECTIONS, faults

NAMESPACE = "Clarify"
PASSED, REJECTED = "Passed", "Rejected"
# CloudWatch takes values from -2^360 to 2^360, and 1024 characters of a dimension.
_GREATEST = 2.0**360
_LONGEST = 1024


def lines(
    pipeline: str, verdict: str, analysis: bytes | None, rules: Any, *, milliseconds: int
) -> Iterator[str]:
    """Yield a line for the verdict, and one for each section, facet and group of the analysis.

    Parameters
    ----------
    pipeline
        Its name.
    verdict
        ``passed`` or ``rejected``.
    analysis
        The bytes of analysis.json; None where there is none.
    rules
        What the run was judged by: its metrics and facets are those that are told.
    milliseconds
        The time of the run, since 1970.
    """
    counts = {PASSED: float(verdict == "passed"), REJECTED: float(verdict != "passed")}
    yield _line(verdict_dimensions(pipeline), counts, milliseconds)
    for facet, group, values in _measured(analysis, rules):
        yield _line(bias_dimensions(pipeline, facet, group), values, milliseconds)


def verdict_dimensions(pipeline: str) -> dict[str, str]:
    """Return the dimensions of ``Passed`` and ``Rejected``."""
    return {"Pipeline": _dimension(pipeline)}


def bias_dimensions(pipeline: str, facet: str, group: int) -> dict[str, str]:
    """Return the dimensions of the bias metrics of one group."""
    return {**verdict_dimensions(pipeline), "Facet": _dimension(facet), "Group": str(group)}


def _measured(analysis: bytes | None, rules: Any) -> Iterator[tuple[str, int, Mapping[str, float]]]:
    """Yield facet, position of the group and values; nothing of what cannot be read."""
    if analysis is None or any(faults(rules)):
        return
    try:
        document = read(analysis)
    except Unreadable:
        return
    for rule in rules["complete"]:
        if rule["section"] in BIAS_SECTIONS:
            yield from _section(document, rule)


def _section(
    document: dict[str, Any], rule: Mapping[str, Any]
) -> Iterator[tuple[str, int, Mapping[str, float]]]:
    try:
        facets = facets_of(document, rule["section"])
    except Missing:
        return
    named = [facet["name"] for facet in rule["facets"]]
    for name, entries in facets.items():
        if None not in named and name not in named:
            continue
        try:
            groups = groups_of(entries, name)
        except Missing:
            continue
        for index, group in enumerate(groups):
            codes = [metric["name"] for metric in rule["metrics"]]
            found = {code: number_of(group, code)[0] for code in codes}
            values = {
                code: value
                for code, value in found.items()
                if value is not None and abs(value) <= _GREATEST
            }
            if values:
                yield name, index, values


def _line(dimensions: Mapping[str, str], values: Mapping[str, float], milliseconds: int) -> str:
    # A section has at most 13 metrics; a document may have 100.
    directive: dict[str, Sequence[object]] = {
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": name} for name in values],
    }
    about = {
        "Timestamp": milliseconds,
        "CloudWatchMetrics": [{"Namespace": NAMESPACE, **directive}],
    }
    return json.dumps({"_aws": about, **dimensions, **values}, allow_nan=False)


def _dimension(text: str) -> str:
    """Return a text as CloudWatch takes it: printable ASCII that begins with no space or colon."""
    plain = text.encode("unicode_escape").decode("ascii")
    if plain.startswith((" ", ":")):
        plain = f"\\x{ord(plain[0]):02x}{plain[1:]}"
    return plain[:_LONGEST]
