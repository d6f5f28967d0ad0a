"""The recipe of the engine's image, carried out without Docker: its pins, its files, its program.

In a fresh environment of the Python that runs this test, which need not be the base image's; the
lock is one for all of them. What stays undone is what apt-get installs, for report.pdf alone.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import venv
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

from clarify_cdk.engine_context import write_engine_context
from clarify_contract.container import CONFIG_DIR, CONFIG_NAME, DATA_DIR, MESSAGE_FILE, OUTPUT_DIR
from clarify_local.emulator.recipe import Recipe, read_recipe, under

pytestmark = pytest.mark.registry

CONFIG = {
    "dataset_type": "text/csv",
    "headers": ["group", "income", "approved"],
    "label": "approved",
    "label_values_or_threshold": ["yes"],
    "facet": [{"name_or_index": "group", "value_or_threshold": ["d"]}],
    "methods": {
        "pre_training_bias": {"methods": ["CI", "DPL"]},
        "report": {"name": "report"},
    },
}
#: Of group d: 3 rows, 1 approved. Of group a: 5 rows, 4 approved.
ROWS = "d,10,yes\nd,20,no\nd,30,no\na,10,yes\na,20,yes\na,30,yes\na,40,yes\na,50,no\n"
EXPECTED = {"CI": (5 - 3) / 8, "DPL": 4 / 5 - 1 / 3}
NO_NETWORK = """
import sys

def _watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise OSError("the image fetches something when it runs")

sys.addaudithook(_watch)
"""


@dataclass(frozen=True)
class Built:
    """What `docker build` would leave: a file system below a folder, and a Python."""

    root: Path
    python: Path
    recipe: Recipe

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the entry point with the image's variables and with nothing of this machine's."""
        assert self.recipe.entrypoint[0] == "python"
        return subprocess.run(
            [str(self.python), *self.recipe.entrypoint[1:], *arguments],
            cwd=self.root,
            env={"PATH": os.defpath, **self.recipe.environment_under(self.root)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("image")
    context, root = folder / "context", folder / "root"
    write_engine_context(context)
    recipe = read_recipe(context)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    recipe.lay_out(context, root)
    left_out = [text for name, text in recipe.steps if name == "RUN" and not here(text)]
    assert [text.split()[0] for text in left_out] == ["apt-get"]
    for name, text in recipe.steps:
        if name == "RUN" and here(text):
            subprocess.run([str(python), *words(text, root)[1:]], check=True)
    (packages,) = (folder / "venv").glob("lib/python*/site-packages")
    (packages / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return Built(root, python, recipe)


def here(command: str) -> bool:
    return command.startswith("python ")


def words(command: str, root: Path) -> list[str]:
    """Return a command's words, with absolute paths of the image below a folder."""
    return [re.sub(r"(^|=)(/opt/)", rf"\1{root}\2", word) for word in shlex.split(command)]


def test_its_entry_point_analyses_a_job_and_fetches_nothing(built: Built) -> None:
    for path, text in (
        (f"{CONFIG_DIR}/{CONFIG_NAME}", json.dumps(CONFIG)),
        (f"{DATA_DIR}/rows.csv", ROWS),
    ):
        file = under(built.root, path)
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")

    ended = built.run("--root", str(built.root))

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert not under(built.root, MESSAGE_FILE).exists()
    output = under(built.root, OUTPUT_DIR)
    analysis = json.loads((output / "analysis.json").read_text("utf-8"))
    (group,) = analysis["pre_training_bias_metrics"]["facets"]["group"]
    found = {metric["name"]: metric["value"] for metric in group["metrics"]}
    assert found == pytest.approx(EXPECTED, abs=1e-12)
    assert "approved" in (output / "report.html").read_text("utf-8")


def test_every_module_of_the_image_can_be_imported_and_it_knows_its_version(built: Built) -> None:
    code = (
        "import importlib, pkgutil, clarify_engine, clarify_contract\n"
        "for package in (clarify_contract, clarify_engine):\n"
        "    for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if not found.name.endswith('__main__'):\n"
        "            importlib.import_module(found.name)\n"
        "from clarify_contract.version import __version__\n"
        "print(clarify_engine.__file__, __version__)"
    )
    ended = subprocess.run(
        [str(built.python), "-P", "-c", code],
        env={"PATH": os.defpath, **built.recipe.environment_under(built.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    file, installed = ended.stdout.split()
    assert Path(file).is_relative_to(built.root)
    assert installed == version("clarify-cdk")
