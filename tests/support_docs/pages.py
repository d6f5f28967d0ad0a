"""What is done to the documentation when its site is built, without the tool that builds it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from clarify_contract import METRICS
from clarify_contract.config.catalogue import catalogue
from clarify_local.explaining.explanation import explain
from clarify_local.explaining.findings import all_findings
from clarify_local.explaining.troubleshooting import sections
from support_docs.commands_page import commands_page
from support_docs.config_page import config_page
from support_docs.constructs_page import constructs_page
from support_docs.examples_page import examples_page
from support_docs.findings_page import ROOT, findings_page
from support_docs.metric_page import metric_page
from support_docs.results_page import results_page

#: Pages that are written when the site is built, by their address.
GENERATED: Final[Mapping[str, Callable[[], str]]] = {
    "examples.md": examples_page,
    "reference/analysis-config.md": config_page,
    "reference/commands.md": commands_page,
    "reference/constructs.md": constructs_page,
    "reference/findings.md": findings_page,
    "reference/metrics.md": metric_page,
    "reference/results.md": results_page,
}
_README: Final = re.compile(r"^<!-- README: (.+) -->$", re.MULTILINE)
_NAMED_BLOCK: Final = re.compile(r"^```(\w+) ([^\s{}=]+)$", re.MULTILINE)
_LINK: Final = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")


def page(text: str, folder: Path, readme: str) -> str:
    """Return a page as the site shows it.

    Parameters
    ----------
    text
        As it stands in the repository. A line ``<!-- README: Title -->`` stands for the section of
        that title; a block of code may have a file name behind its language.
    folder
        Where the page lies.
    readme
        The text of README.md.

    Raises
    ------
    LookupError
        README.md has no section of a title that the page asks for.
    """
    text = _README.sub(lambda found: section(readme, found[1], folder), text)
    text = _NAMED_BLOCK.sub(r'```\1 title="\2"', text)
    return _LINK.sub(partial(_kept_inside, folder), text)


def missing_anchors(site: Path) -> set[str]:
    """Return the places that `clarify explain` names and a built site does not have."""
    topics = [*METRICS, *(entry.id for entry in catalogue()), *(one.id for one in all_findings())]
    topics += [each.anchor for each in sections()]
    named = {explanation.page for topic in topics for explanation in explain(topic)}
    places = [(name, *name.split("#")) for name in named]
    built = {page: _html(site, page) for _, page, _ in places}
    return {name for name, page, anchor in places if f'id="{anchor}"' not in built[page]}


def section(document: str, title: str, folder: Path) -> str:
    """Return what stands below a heading of README.md, with links that lead from ``folder``."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", document, re.M | re.S)
    if found is None:
        raise LookupError(f"README.md has no section '{title}', which the documentation shows")
    return _LINK.sub(partial(_from_readme, folder), found[1].strip())


def _html(site: Path, page: str) -> str:
    return (site / page.removesuffix(".md") / "index.html").read_text(encoding="utf-8")


def _from_readme(folder: Path, link: re.Match[str]) -> str:
    """Return a link to another page, or to elsewhere; of one into the repository its words."""
    words, target, place = link[1], link[2], link[3] or ""
    if ":" in target:
        return link[0]
    if not target.startswith("docs/"):
        return words
    return f"[{words}]({os.path.relpath(ROOT / target, folder)}{place})"


def _kept_inside(folder: Path, link: re.Match[str]) -> str:
    """Return a link; of one that leaves the documentation only its words, and what they are of."""
    words, target = link[1], link[2]
    if ":" in target:
        return link[0]
    there = (folder / target).resolve()
    if there.is_relative_to(ROOT / "docs") or not there.is_relative_to(ROOT):
        return link[0]
    place = there.relative_to(ROOT).as_posix()
    return words if words.strip("`") in place else f"{words} (`{place}`)"
