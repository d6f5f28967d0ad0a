"""An example, run as its README says, in a copy of its folder."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

from support_docs.snippets import environment, run_snippets

EXAMPLES = Path(__file__).parents[2] / "examples"


class Example:
    """A copy of one example's folder, in which every command of its README has been run.

    Parameters
    ----------
    name, parent
        Which example, and the folder of the copy.
    variables
        Of the commands' environment, beside this process' own.
    """

    def __init__(self, name: str, parent: Path, **variables: str) -> None:
        self.folder = parent / name
        shutil.copytree(EXAMPLES / name, self.folder)
        readme = self.folder / "README.md"
        self.commands = run_snippets(readme, self.folder, environment(**variables))

    def rows(self, name: str) -> list[dict[str, str]]:
        """Return the rows of a CSV file of the example."""
        with (self.folder / name).open(newline="") as file:
            return list(csv.DictReader(file))

    def result(self, name: str) -> Any:
        """Return a JSON file of its only run, such as ``output/analysis.json``."""
        (run,) = (self.folder / "rehearsal").iterdir()
        return json.loads((run / name).read_text(encoding="utf-8"))

    def metrics(self, part: str, facet: str, group: int = 0) -> dict[str, float]:
        """Return the metrics' values of a facet's group, by code."""
        found = self.result("output/analysis.json")[part]["facets"][facet][group]["metrics"]
        return {metric["name"]: metric["value"] for metric in found}
