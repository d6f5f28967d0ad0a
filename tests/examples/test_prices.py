"""A regression: label and predictions are what they are compared with a threshold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support_examples import Example

Row = dict[str, str]


def test_its_readme_runs_and_finds_old_houses_estimated_too_low(tmp_path: Path) -> None:
    example = Example("prices", tmp_path)
    assert example.commands == 1
    rows = example.rows("houses.csv")

    def sold(row: Row) -> bool:
        return float(row["price"]) > 350

    def estimated(row: Row) -> bool:
        return float(row["estimate"]) > 350

    def gap(outcome: Callable[[Row], bool], group: Callable[[Row], bool]) -> float:
        of_group = [outcome(row) for row in rows if group(row)]
        of_rest = [outcome(row) for row in rows if not group(row)]
        return sum(of_rest) / len(of_rest) - sum(of_group) / len(of_group)

    def expected(group: Callable[[Row], bool]) -> dict[str, float]:
        return {
            "AD": gap(lambda row: sold(row) == estimated(row), group),
            "DPPL": gap(estimated, group),
        }

    def old(row: Row) -> bool:
        return int(row["age"]) > 50

    def harbour(row: Row) -> bool:
        return row["district"] == "harbour"

    measured = "post_training_bias_metrics"
    assert example.metrics(measured, "age") == pytest.approx(expected(old))
    assert example.metrics(measured, "district") == pytest.approx(expected(harbour))
    for facet, group in (("age", old), ("district", harbour)):
        found = example.metrics("pre_training_bias_metrics", facet)
        assert found == pytest.approx({"DPL": gap(sold, group)})

    # What the README says of them, and of the data.
    assert expected(old) == pytest.approx({"AD": 2 / 12, "DPPL": 3 / 12})
    assert expected(harbour) == pytest.approx({"AD": 0, "DPPL": 1 / 12})
    assert gap(sold, old) == gap(sold, harbour) == pytest.approx(1 / 12)
    result = example.result("output/analysis.json")[measured]
    assert result["label_value_or_threshold"] == "(350.0, 460.0]"
    assert result["facets"]["age"][0]["value_or_threshold"] == "(50, 120]"
    wrong = [row["area"] for row in rows if sold(row) != estimated(row)]
    assert wrong == ["90", "95"]
    for row in rows:
        assert float(row["price"]) == 4 * float(row["area"])
        assert float(row["estimate"]) == pytest.approx(
            float(row["price"]) * (0.9 if old(row) else 1)
        )
