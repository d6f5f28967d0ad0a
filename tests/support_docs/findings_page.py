"""The reference of findings: those on a config from its catalogue, all others from the sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from clarify_contract.config.catalogue import catalogue
from clarify_local.explaining.findings import IN_A_CONFIG, Place, all_findings, by_place
from clarify_local.explaining.markdown import plain, prose
from support_docs.markdown import anchor, table

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
"""
_RULES_OF_A_CONFIG: Final = """\
What must hold; the finding tells where it does not. `clarify validate` finds all of these but those
on the job: its instances and its dataset, of which the constructs know.
"""


def findings_page() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *_config(), *_others()])


def _config() -> Iterator[str]:
    seen: set[str] = set()
    yield from (_heading(IN_A_CONFIG), "", _RULES_OF_A_CONFIG)
    yield from table(
        ["id", "", "what holds"],
        (
            [_id(entry.id, seen), _weight(entry.severity), prose(entry.sentence)]
            for entry in catalogue()
        ),
    )


def _others() -> Iterator[str]:
    seen = {entry.id for entry in catalogue()}
    for place, here in by_place(all_findings()).items():
        # Those are in the catalogue.
        if place != IN_A_CONFIG:
            yield from (_heading(place), "")
            yield from table(
                ["id", "", "found", "expected", "what to do"],
                (
                    [
                        _id(one.id, seen),
                        _weight(one.severity),
                        *(plain(prose(text)) for text in (one.given, one.allowed, one.fix)),
                    ]
                    for one in here
                ),
            )


def _heading(place: Place) -> str:
    return f"## {place.title} {{#{place.anchor}}}"


def _id(name: str, seen: set[str]) -> str:
    """Return an id, with an anchor where it stands first."""
    first = name not in seen and "…" not in name
    seen.add(name)
    return (anchor(name) if first else "") + f"`{name}`"


def _weight(severity: str) -> str:
    return "" if severity == "error" else severity
