"""The page of acknowledged findings.

Write it: PYTHONPATH=tests python -m support_constructs.findings_page
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from clarify_local.node import bundled_node

# Before jsii is loaded, as for the tests.
if (node := bundled_node()) is not None:
    os.environ.setdefault("JSII_NODE", str(node))
os.environ.setdefault("CDK_VALIDATION", "false")

from clarify_cdk.wildcards import FORCED_WILDCARDS
from support_constructs.acknowledged import ACKNOWLEDGED, OVERRULED, Acknowledged
from support_constructs.configs import ROOT
from support_constructs.nag import Found, findings
from support_constructs.reviewed import PACKS, STACKS, reviewed

PAGE = ROOT / "docs" / "acknowledged-findings.md"
COMMAND = "PYTHONPATH=tests python -m support_constructs.findings_page"


def page(found: Sequence[Found]) -> str:
    """Return the page for these findings."""
    return "\n".join(_lines(found))


def _lines(found: Sequence[Found]) -> Iterator[str]:
    packs = [*PACKS.values()]
    yield f"<!-- Generated: {COMMAND} -->"
    yield "# What cdk-nag finds, and why it stays"
    yield ""
    yield f"The packs {', '.join(packs[:-1])} and {packs[-1]} of"
    yield "[cdk-nag](https://github.com/cdklabs/cdk-nag) look at these stacks in every test run."
    yield "What they find and is not below fails the run; so does what is below and found no more."
    yield ""
    yield from _table(
        ("stack", "what it is"), ((f"`{name}`", what) for name, what in STACKS.items())
    )
    for part, entries in ACKNOWLEDGED.items():
        yield f"## {part}"
        yield ""
        yield from _table(
            ("finding", "packs", "at", "why its risk does not arise", "answered by"),
            (_row(entry, found) for entry in entries),
        )
    yield "## Actions on every resource"
    yield ""
    yield "An action stands in a policy with the resource `*` for one of these reasons."
    yield ""
    yield from _table(("reason", "actions"), _reasons())
    yield "## What parliament says"
    yield ""
    yield "[parliament](https://github.com/duo-labs/parliament) reads every policy of these stacks,"
    yield "apart from policies of trust, which it does not know. It finds nothing else."
    yield ""
    rows = ((f"`{each.issue}`", each.shown, each.because) for each in OVERRULED)
    yield from _table(("issue", "of", "why it is otherwise"), rows)


def _row(entry: Acknowledged, found: Sequence[Found]) -> tuple[str, ...]:
    packs = {each.pack for each in found if entry.answers(each)}
    named = ", ".join(name for pack, name in PACKS.items() if pack in packs)
    rules = ", ".join(f"`{rule}`" for rule in entry.rules)
    what = f"{rules}: {entry.shown}" if entry.shown else rules
    return what, named, entry.at, entry.because, entry.setting


def _reasons() -> Iterator[tuple[str, str]]:
    for reason in dict.fromkeys(FORCED_WILDCARDS.values()):
        actions = (name for name, because in FORCED_WILDCARDS.items() if because == reason)
        yield reason, ", ".join(f"`{name}`" for name in actions)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _cells(heads)
    yield "|" + "---|" * len(heads)
    yield from map(_cells, rows)
    yield ""


def _cells(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(findings(reviewed())), encoding="utf-8")
