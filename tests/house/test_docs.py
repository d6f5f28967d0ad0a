"""The documentation: its snippets run, and what is generated holds what it should."""

from __future__ import annotations

import io
import json
import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from clarify_contract import METRICS
from clarify_contract.remedies import REMEDIES
from clarify_contract.verdict import verdict_schema
from clarify_lambda.prepare.preflight.estimate import shap_predictions
from clarify_local.explaining.findings import all_findings
from clarify_local.explaining.metrics import formula
from clarify_local.explaining.source_findings import source_findings
from support_docs.commands_page import commands_page
from support_docs.config_page import config_page
from support_docs.constructs_page import rights
from support_docs.examples_page import examples_page
from support_docs.findings_page import findings_page
from support_docs.metric_page import example_values, metric_page
from support_docs.pages import missing_anchors, page
from support_docs.pictures import terminal
from support_docs.results_page import results_page
from support_docs.snippets import blocks, environment, run_snippets

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
# The commands of each page that has some.
COMMANDS = {
    "moving-from-clarify-check-step.md": 1,
    "moving-from-model-monitor.md": 1,
    "reference/rules.md": 2,
    "troubleshooting.md": 2,
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_snippets_of_a_page_run_as_they_stand(name: str, tmp_path: Path) -> None:
    assert run_snippets(DOCS / name, tmp_path, environment()) == COMMANDS[name]


def test_every_snippet_of_a_page_is_run_here_or_by_a_test_that_names_the_page() -> None:
    others = [path for path in (ROOT / "tests").rglob("test_*.py") if path.name != "test_docs.py"]
    tests = "".join(path.read_text("utf-8") for path in others)
    with_snippets = {
        path.relative_to(DOCS).as_posix()
        for path in DOCS.rglob("*.md")
        if any(language != "text" for language, _, _ in blocks(path))
    }
    not_run = {name for name in with_snippets - set(COMMANDS) if f'"{name}"' not in tests}
    # A block that is neither a file nor commands would be shown and not run.
    shown_only = {
        name
        for name in COMMANDS
        for language, file, _ in blocks(DOCS / name)
        if not file and language not in ("console", "text")
    }
    assert not_run | shown_only == set()


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_a_page_asks_only_for_sections_that_the_readme_has(path: Path) -> None:
    shown = page(path.read_text("utf-8"), path.parent, README)
    assert re.search("^<!-- README", shown, re.MULTILINE) is None


def test_the_page_of_the_examples_names_their_folders_and_leads_out_of_the_pages_nowhere() -> None:
    shown = page(examples_page(), DOCS, README)
    folders = [path.name for path in (ROOT / "examples").iterdir() if path.is_dir()]
    assert sorted(re.findall(r"^\| (\w+) \|", shown, re.MULTILINE)[1:]) == sorted(folders)
    assert "](" not in shown


def test_a_section_of_the_readme_takes_its_place_with_the_links_that_lead_somewhere() -> None:
    links = "[it](app.py), [that](https://a.org), [here](docs/cost.md#what-nothing-costs)"
    readme = f"# A\n\n## One\n{links}.\n\n## Two\nno\n"
    shown = page("Before\n<!-- README: One -->\nBehind", DOCS / "reference", readme)
    kept = "it, [that](https://a.org), [here](../cost.md#what-nothing-costs)"
    assert shown == f"Before\n{kept}.\nBehind"
    with pytest.raises(LookupError, match="no section 'Three'"):
        page("<!-- README: Three -->", DOCS, readme)


def test_a_named_block_gets_its_name_as_a_title() -> None:
    assert page("```csv loans.csv\na\n```", DOCS, "") == '```csv title="loans.csv"\na\n```'


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("[rules](reference/rules.md#x)", "[rules](reference/rules.md#x)"),
        ("[app.py](../app.py)", "app.py"),
        ("[how](../tests/conftest.py)", "how (`tests/conftest.py`)"),
        ("[AWS](https://aws.amazon.com)", "[AWS](https://aws.amazon.com)"),
    ],
)
def test_a_link_that_leaves_the_pages_becomes_words(link: str, shown: str) -> None:
    assert page(link, DOCS, "") == shown


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.svg")), ids=lambda path: path.name)
def test_a_drawing_has_a_name_and_loads_nothing(path: Path) -> None:
    text = path.read_text("utf-8")
    drawing = ElementTree.fromstring(text)
    title = drawing.findtext("{http://www.w3.org/2000/svg}title")
    assert drawing.get("role") == "img"
    assert title or drawing.get("aria-label")
    assert re.findall(r"@import|@font-face|href=|url\((?!#)", text) == []


def test_a_page_does_not_wait_for_its_pictures() -> None:
    pictures = [*(DOCS / "pictures").iterdir()]
    assert len(pictures) > 2
    assert {path.name for path in pictures if path.stat().st_size > 200_000} == set()


def test_the_picture_of_a_terminal_has_its_words_a_name_and_no_fonts_from_elsewhere() -> None:
    console = Console(record=True, file=io.StringIO())
    console.print("[bold]PASSED[/]")
    picture = terminal(console)
    assert ElementTree.fromstring(picture).get("aria-label") == (
        "What clarify rehearse prints: phases, metrics by group, SHAP values, and the verdict"
    )
    assert ">PASSED</text>" in picture
    assert "@font-face" not in picture


# By hand, from the counts of the example: a 46 TP, 9 FN, 10 FP, 35 TN; d 10 TP, 10 FN, 4 FP, 26 TN.
BY_HAND = {
    "CI": 50 / 150,
    "DPL": 55 / 100 - 20 / 50,
    "KL": 0.55 * math.log(0.55 / 0.4) + 0.45 * math.log(0.45 / 0.6),
    "JS": (
        0.55 * math.log(0.55 / 0.475)
        + 0.45 * math.log(0.45 / 0.525)
        + 0.4 * math.log(0.4 / 0.475)
        + 0.6 * math.log(0.6 / 0.525)
    )
    / 2,
    "LP": math.sqrt(2) * 0.15,
    "TVD": 0.15,
    "KS": 0.15,
    # By region: 70 rows of the north, 80 of the south; shares of d among refused and granted.
    "CDDL": (70 * (10 / 25 - 10 / 45) + 80 * (20 / 50 - 10 / 30)) / 150,
    "DPPL": 56 / 100 - 14 / 50,
    "DI": (14 / 50) / (56 / 100),
    "DCA": 55 / 56 - 20 / 14,
    "DCR": 30 / 36 - 45 / 44,
    "SD": 26 / 30 - 35 / 45,
    "RD": 46 / 55 - 10 / 20,
    "DAR": 46 / 56 - 10 / 14,
    "DRR": 26 / 36 - 35 / 44,
    "AD": 81 / 100 - 36 / 50,
    "TE": 10 / 4 - 9 / 10,
    "CDDPL": (70 * (12 / 27 - 8 / 43) + 80 * (24 / 53 - 6 / 27)) / 150,
    # One of three is refused though the most similar person of the rest is granted the loan.
    "FT": -1 / 3,
    # 19 rows have benefit 0, 117 have 1 and 14 have 2.
    "GE": ((117 + 14 * 4) / 150 / ((117 + 14 * 2) / 150) ** 2 - 1) / 2,
}


def test_the_examples_of_the_metrics_are_right() -> None:
    assert dict(example_values()) == pytest.approx(BY_HAND)
    assert set(BY_HAND) == set(METRICS)


def test_every_metric_has_a_formula_a_remedy_and_a_place() -> None:
    text = metric_page()
    assert set(REMEDIES) == set(METRICS)
    for code in METRICS:
        assert re.search(rf"^### .*\({code}\) {{#{code}}}$", text, re.MULTILINE)
        assert re.search(r"`.+`", formula(code)), code
    linked = {link for remedy in REMEDIES.values() for link in re.findall(r"\(#(\w+)\)", remedy)}
    assert linked <= set(METRICS)


def test_every_key_of_the_example_has_its_row() -> None:
    pattern = r"^## [^\n]*{#([^}\n]+)}\n(.*?)(?=^## |\Z)"
    sections = dict(re.findall(pattern, config_page(), re.M | re.S))
    example = json.loads((ROOT / "examples/diabetes/analysis_config.json").read_text("utf-8"))

    def look(given: dict[str, object], path: str) -> int:
        looked = 0
        for key, value in given.items():
            assert f"| `{key}`" in sections[path or "top"], (path, key)
            inner = value[0] if isinstance(value, list) and value else value
            if isinstance(inner, dict):
                looked += look(inner, f"{path}.{key}" if path else key)
            looked += 1
        return looked

    assert look(example, "") > 15


def test_every_command_has_its_options() -> None:
    sections = dict(re.findall(r"{#(\w+)}\n(.*?)(?=^## |\Z)", commands_page(), re.M | re.S))
    assert "`--estimator VALUE`" in sections["analyze"]
    assert "Default: `analysis`." in sections["analyze"]
    assert "`--account VALUE` (required)" in sections["policy"]
    assert "| `A` |" in sections["compare"]
    assert "`clarify --install-completion`" in commands_page().partition("## ")[0]


def test_every_member_of_a_verdict_has_its_row() -> None:
    shown = results_page()
    for of in verdict_schema()["oneOf"]:
        for name, member in of["properties"].items():
            assert f"| `{name}` |" in shown
            inner = member.get("items", member).get("properties", {})
            assert [each for each in inner if f"| `{each}` |" not in shown] == []
    assert "Of a run that failed: what differs" in shown


def test_findings_are_read_from_calls_helpers_methods_and_patterns(tmp_path: Path) -> None:
    package = tmp_path / "one"
    package.mkdir(parents=True)
    (package / "helpers.py").write_text(
        "FIX = 'Do ' + 'it.'\n"
        "def warn(name, given, *, fix=FIX):\n"
        "    return Finding(name, 'here', given, 'good', fix, severity='warning')\n",
        encoding="utf-8",
    )
    (package / "users.py").write_text(
        "from one.helpers import warn as tell\n"
        "TABLE = (Finding('at-the-top', '$', 'a', 'b', 'c'),)\n"
        "def roles(role, count):\n"
        "    return tell(f'{role}-absent', f'{count} of {role}')\n"
        "def all_of(count, other):\n"
        "    yield roles('label', count)\n"
        "    yield roles('facet', 3)\n"
        "    yield Finding(other, '$', 'x', 'y', 'z')\n"
        "    yield Finding(f'{count()}-odd', '$', 'x' if count else 'y', 'b', count() or 'c')\n",
        encoding="utf-8",
    )
    found = {(one.id, one.severity, one.given, one.fix) for one in source_findings([package])}
    assert found == {
        ("at-the-top", "error", "a", "c"),
        ("label-absent", "warning", "… of label", "Do it."),
        ("facet-absent", "warning", "3 of facet", "Do it."),
        ("…-odd", "error", "x / y", "… / c"),
    }


def test_every_finding_that_a_test_expects_is_on_the_page() -> None:
    shown = re.findall(r"`([\w:…-]+)` \|", findings_page())
    patterns = [re.compile(re.escape(one).replace("…", ".+")) for one in dict.fromkeys(shown)]
    tests = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")]
    compared = re.compile(r'\bid == "(X\d+|[a-z\d]+(?:-[a-z\d]+)+)"')
    expected = {name for text in tests for name in compared.findall(text)}
    assert len(expected) > 15
    missing = {name for name in expected if not any(one.fullmatch(name) for one in patterns)}
    assert missing == set()


def test_a_helpers_findings_are_told_as_its_callers_word_them(tmp_path: Path) -> None:
    package = tmp_path / "one"
    package.mkdir(parents=True)
    (package / "reading.py").write_text(
        "def wrong(place, allowed):\n"
        "    return Finding('it-is-wrong', place, repr(place), allowed, 'Mend it.')\n"
        "def unused(given):\n"
        "    return Finding('it-is-not-used', '$', given, 'b', 'c')\n"
        "class Reader:\n"
        "    def number(self, place):\n"
        "        return wrong(place, 'a number')\n"
        "    def text(self, place):\n"
        "        return wrong(place, 'a text')\n",
        encoding="utf-8",
    )
    found = {(one.id, one.given, one.allowed) for one in source_findings([package])}
    assert found == {
        ("it-is-wrong", "…", "a number"),
        ("it-is-wrong", "…", "a text"),
        ("it-is-not-used", "…", "b"),
    }


def test_a_rule_on_configs_has_its_id_and_weight_in_a_decorator(tmp_path: Path) -> None:
    package = tmp_path / "one"
    package.mkdir()
    (package / "rules.py").write_text(
        "from clarify_contract.config.rules.rule import Problem\n"
        "def absent(what):\n"
        "    return Problem('$', 'nothing', what, 'Add it.')\n"
        "@rule('no-label', 'label')\n"
        "def label_is_there(config):\n"
        "    yield absent('a label')\n"
        "@warning('odd-label', 'label')\n"
        "def label_is_odd(config):\n"
        "    yield Problem('$.label', 'an odd one', 'an even one', 'Change it.')\n",
        encoding="utf-8",
    )
    found = {(one.id, one.severity, one.allowed, one.fix) for one in source_findings([package])}
    assert found == {
        ("no-label", "error", "a label", "Add it."),
        ("odd-label", "warning", "an even one", "Change it."),
    }


def test_places_that_a_site_does_not_have_are_found(tmp_path: Path) -> None:
    for name in ("reference/findings", "reference/metrics", "troubleshooting"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "index.html").write_text('<p id="DPL">', encoding="utf-8")
    missing = missing_anchors(tmp_path)
    assert {"reference/findings.md#X16", "troubleshooting.md#no-capacity-in"} < missing
    assert "reference/metrics.md#DPL" not in missing


def test_findings_of_every_floor_are_on_the_page() -> None:
    floors = {one.module.partition(".")[0] for one in all_findings()}
    assert floors == {
        *("clarify_cdk", "clarify_contract", "clarify_engine", "clarify_lambda", "clarify_local")
    }


def test_the_messages_of_the_troubleshooting_page_are_those_of_the_code() -> None:
    headings = re.findall(r"^### `(.+)`$", (DOCS / "troubleshooting.md").read_text("utf-8"), re.M)
    sources = "".join(
        path.read_text("utf-8")
        for folder in ("contract", "lambda", "engine", "constructs", "local")
        for path in (ROOT / folder).rglob("*.py")
    )
    # A text may be cut into literals that follow each other.
    joined = re.sub(r'"\s+f?"', "", sources)
    assert len(headings) > 15
    assert [heading for heading in headings if heading not in joined] == []


def test_the_predictions_of_the_cost_page_are_those_that_a_run_counts() -> None:
    counted = shap_predictions(rows=30_000, features=10, baseline_rows=1, samples=1022)
    assert f"{counted:,} predictions" in (DOCS / "cost.md").read_text("utf-8")


def test_rights_are_told_by_action_resource_and_condition() -> None:
    statement = {
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Effect": "Allow",
        "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Data8A1B2C3D", "Arn"]}, "/a/*"]]},
        "Condition": {"StringEquals": {"aws:ResourceAccount": "1"}},
    }
    policy = {"PolicyDocument": {"Statement": [statement]}, "Roles": [{"Ref": "Job"}]}
    resources = {
        "Mine": {"Type": "AWS::IAM::Policy", "Properties": policy},
        "Other": {"Type": "AWS::IAM::Policy", "Properties": {**policy, "Roles": [{"Ref": "No"}]}},
        "Data8A1B2C3D": {"Type": "AWS::S3::Bucket"},
    }
    assert list(rights(resources, "Job")) == [
        ["`s3:GetObject`<br>`s3:ListBucket`", "`{Data}/a/*`", "`aws:ResourceAccount`"]
    ]
