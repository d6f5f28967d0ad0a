"""The files of a report, and the command that writes them again."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from clarify_engine.report import write_report
from clarify_engine.report.document import build
from clarify_engine.report.notebook import escaped, notebook
from clarify_local.commands import app
from support_report import HOSTILE, Results, diabetes, hard


@pytest.fixture(autouse=True)
def no_weasyprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no WeasyPrint, installed or not: it takes seconds, and has tests of its own."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)


def test_without_weasyprint_there_are_page_and_notebook_and_a_warning(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"of a former report")
    (finding,) = write_report(tmp_path, *diabetes())
    assert (finding.id, finding.severity) == ("report-no-pdf", "warning")
    assert "weasyprint" in finding.given
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.ipynb"]


def test_without_pango_there_is_a_warning_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unloadable(types.ModuleType):
        def __getattr__(self, name: str) -> object:
            raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setitem(sys.modules, "weasyprint", Unloadable("weasyprint"))
    (finding,) = write_report(tmp_path, *diabetes())
    assert "Pango" in finding.given


def test_a_pdf_that_cannot_be_made_costs_no_more_than_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def __init__(self, **_: object) -> None: ...

        def write_pdf(self, **_: object) -> bytes:
            raise ZeroDivisionError("a value of the data")

    weasyprint, urls = types.ModuleType("weasyprint"), types.ModuleType("weasyprint.urls")
    weasyprint.HTML = Failing  # type: ignore[attr-defined]
    urls.URLFetcher = Failing  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "weasyprint", weasyprint)
    monkeypatch.setitem(sys.modules, "weasyprint.urls", urls)
    (finding,) = write_report(tmp_path, *diabetes())
    assert "ZeroDivisionError" in finding.given
    assert "a value of the data" not in str(finding)
    assert (tmp_path / "report.html").exists()


def test_the_name_of_the_report_is_the_name_of_its_files(tmp_path: Path) -> None:
    write_report(tmp_path, *hard())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hard.html", "hard.ipynb"]


@pytest.mark.parametrize("results", [diabetes, hard])
def test_the_notebook_is_one_and_has_nothing_to_run(results: Callable[[], Results]) -> None:
    text = notebook(build(*results()))
    loaded = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.validate(loaded)
    assert {cell["cell_type"] for cell in loaded.cells} == {"markdown"}
    assert "<" not in "".join(
        cell["source"] for cell in loaded.cells if "Config" not in cell["source"]
    )


def test_the_notebook_says_what_the_page_says() -> None:
    text = "".join(cell["source"] for cell in nbformat.reads(notebook(build(*diabetes())), 4).cells)
    for title in ("Summary", "Model performance", "Post\\-training bias metrics", "SHAP values"):
        assert f"## {title}\n" in text
    assert "| DPPL: Difference in Positive Proportions in Predicted Labels |" in text
    assert "| F1 Score: harmonic mean of precision and recall |" in text


def test_names_are_no_markdown() -> None:
    assert escaped("a|b *c* [d](e) `f`\n# g") == r"a\|b \*c\* \[d\]\(e\) \`f\` \# g"
    assert "<" not in escaped(HOSTILE)


def saved(folder: Path) -> Path:
    analysis, data, provenance, intervals = diabetes()
    for name, document in (
        ("analysis.json", analysis),
        ("report_data.json", data.to_dict()),
        ("provenance.json", provenance),
        ("intervals.json", intervals),
    ):
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_the_command_writes_the_same_report_again(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    write_report(tmp_path / "first", *diabetes())
    (tmp_path / "again").mkdir()
    place = saved(tmp_path / "again") / "provenance.json"
    # The list of files is complete after the report was written, and not before.
    provenance = {**json.loads(place.read_text(encoding="utf-8")), "files": ["report.html"]}
    place.write_text(json.dumps(provenance), encoding="utf-8")
    answer = CliRunner().invoke(app, ["report", str(tmp_path / "again")])
    assert answer.exit_code == 0, answer.output
    assert "report-no-pdf" in answer.stderr
    assert str(tmp_path / "again" / "report.html") in answer.stdout
    for name in ("report.html", "report.ipynb"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "first" / name).read_bytes()


@pytest.mark.parametrize("name", ["analysis.json", "report_data.json"])
def test_the_command_says_which_file_is_missing(tmp_path: Path, name: str) -> None:
    (saved(tmp_path) / name).unlink()
    answer = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert answer.exit_code == 2
    assert f"there is no {name}" in answer.stderr


def test_the_command_needs_no_provenance(tmp_path: Path) -> None:
    (saved(tmp_path) / "provenance.json").unlink()
    assert CliRunner().invoke(app, ["report", str(tmp_path)]).exit_code == 0
    assert "Provenance" not in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "\x00"])
def test_the_command_refuses_a_file_that_is_no_object(tmp_path: Path, text: str) -> None:
    (saved(tmp_path) / "report_data.json").write_text(text, encoding="utf-8")
    answer = CliRunner().invoke(app, ["report", str(tmp_path)])
    assert answer.exit_code == 2
    assert "report_data.json" in answer.stderr
