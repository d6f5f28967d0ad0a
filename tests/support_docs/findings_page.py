"""The reference of findings: those on a config from its catalogue, all others from the sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from clarify_contract.config.catalogue import catalogue
from support_docs.markdown import anchor, plain, prose, table
from support_docs.source_findings import SourceFinding, source_findings

ROOT: Final = Path(__file__).resolve().parents[2]
_INTRODUCTION: Final = """\
# Findings

Whatever is wrong, or misleads, is told in one form, everywhere: on the command line, when a stack
is synthesised, in an execution's history, in `verdict.json` and in the report.

```text
[label-float-threshold] $.label_values_or_threshold: got the single value 1.0; expected a lower
bound, if the column holds floats: 1.0 itself is not above it. Write [0.5] to mean 1.0 and above, …
```

First its id, which does not change between releases and stands on this page; then where, what was
given, what is expected, and what to do. An *error* ends what was asked for; a *warning* does not.
No finding holds a cell of anybody's data. In the tables … is what only a run knows.

## In a config {#in-a-config}

What must hold; the finding tells where it does not. `clarify validate` finds all of these but those
on the job: its instances and its dataset, of which the constructs know.
"""
#: Where other findings come from: what their modules' names begin with, by title and anchor.
_PLACES: Final = (
    ("In rules and results", "in-rules-and-results", "clarify_contract."),
    ("Before a run starts: the Prepare function", "before-a-run", "clarify_lambda."),
    ("During an analysis: the open engine", "during-an-analysis", "clarify_engine."),
    ("At synthesis: the constructs", "at-synthesis", "clarify_cdk."),
    ("On this machine: the command clarify", "on-this-machine", "clarify_local."),
)
#: These are in the catalogue.
_OF_THE_CONFIG: Final = "clarify_contract.config."


def findings_page() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *_config(), *_others(all_source_findings())])


@cache
def all_source_findings() -> tuple[SourceFinding, ...]:
    """Return what the sources of this repository can find."""
    return source_findings(ROOT)


def _config() -> Iterator[str]:
    seen: set[str] = set()
    yield from table(
        ["id", "", "what holds"],
        (
            [_id(entry.id, seen), _weight(entry.severity), prose(entry.sentence)]
            for entry in catalogue()
        ),
    )


def _others(findings: Sequence[SourceFinding]) -> Iterator[str]:
    seen = {entry.id for entry in catalogue()}
    for title, name, prefix in _PLACES:
        here = [
            one
            for one in findings
            if one.module.startswith(prefix) and not one.module.startswith(_OF_THE_CONFIG)
        ]
        rows = {
            (one.id, one.severity, one.given, one.allowed, one.fix): None
            for one in sorted(here, key=lambda one: one.id)
            if not _is_told_better(one, here)
        }
        yield f"## {title} {{#{name}}}"
        yield ""
        yield from table(
            ["id", "", "found", "expected", "what to do"],
            (
                [_id(row[0], seen), _weight(row[1]), *(plain(prose(text)) for text in row[2:])]
                for row in rows
            ),
        )


def _is_told_better(finding: SourceFinding, others: Sequence[SourceFinding]) -> bool:
    """Return whether another one says what this one leaves open."""
    if "…" in finding.id:
        pattern = re.escape(finding.id).replace("…", "[^…]+")
        alike = [one for one in others if replace(one, id=finding.id) == finding]
        return any(re.fullmatch(pattern, one.id) for one in alike)
    if {finding.given, finding.allowed, finding.fix} == {"…"}:
        return any(one.id == finding.id and one.fix != "…" for one in others)
    return False


def _id(name: str, seen: set[str]) -> str:
    """Return an id, with an anchor where it stands first."""
    first = name not in seen and "…" not in name
    seen.add(name)
    return (anchor(name) if first else "") + f"`{name}`"


def _weight(severity: str) -> str:
    return "" if severity == "error" else severity
