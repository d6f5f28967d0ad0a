"""What a person sees of explanations on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from clarify_local.show_explanations import show_explanations, show_report


def shown(analysis: dict[str, Any]) -> list[str]:
    console = Console(width=80, record=True, force_terminal=False, quiet=False)
    with console.capture() as capture:
        show_explanations(console, analysis)
    return capture.get().splitlines()


def shap(values: dict[str, float]) -> dict[str, Any]:
    body = {"global_shap_values": values, "expected_value": 0.25}
    return {"explanations": {"kernel_shap": {"label0": body}}}


def test_nothing_is_said_where_there_are_no_explanations() -> None:
    assert shown({"version": "1.0"}) == []


def test_features_are_listed_by_size_with_bars_in_proportion() -> None:
    lines = shown(shap({"age": 0.1, "sex": -0.4, "bmi": 0.2}))
    rows = [line.split("│")[1:4] for line in lines if line.startswith("│")]
    assert [row[0].strip() for row in rows] == ["sex", "bmi", "age"]
    assert [row[1].strip() for row in rows] == ["-0.4", "0.2", "0.1"]
    assert [row[2].count("━") for row in rows] == [24, 12, 6]


def test_a_feature_of_rounding_is_shown_as_nothing_beside_the_others() -> None:
    lines = shown(shap({"s5": 0.18, "s4": 5.1e-17, "s6": 1e-6}))
    rows = [line.split("│")[1:3] for line in lines if line.startswith("│")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["s5", "0.18"],
        ["s6", "1e-06"],
        ["s4", "0"],
    ]


def test_more_features_than_fit_are_counted() -> None:
    lines = shown(shap({f"f{i}": 1.0 / (i + 1) for i in range(14)}))
    assert sum(line.startswith("│") for line in lines) == 10
    assert "expected value 0.25; 4 more in analysis.json" in "\n".join(lines)


@pytest.mark.parametrize("rounding", [0.0, 3e-17])
def test_a_model_that_depends_on_nothing_has_no_bars(rounding: float) -> None:
    [row] = [line for line in shown(shap({"a": rounding})) if line.startswith("│")]
    assert "━" not in row
    assert row.split("│")[2].strip() == "0"


def test_curves_and_forecasts_are_named() -> None:
    explanations = {
        "pdp": [{"feature_name": "[bold]age"}, {"feature_name": "note", "error": "no"}],
        "asymmetric_shapley_value": {"explanation_results_path": "s3://bucket/x/out.jsonl"},
    }
    assert shown({"explanations": explanations}) == [
        "partial dependence: [bold]age, note (no curve)",
        "asymmetric Shapley values: s3://bucket/x/out.jsonl",
    ]


def test_the_report_s_page_is_named_if_there_is_one(tmp_path: Path) -> None:
    console = Console(width=200)
    with console.capture() as capture:
        show_report(console, tmp_path)
        (tmp_path / "loans.html").touch()
        show_report(console, tmp_path)
    assert capture.get().splitlines() == [f"report: {tmp_path / 'loans.html'}"]
