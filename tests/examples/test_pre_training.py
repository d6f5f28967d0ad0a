"""Data alone: what a group variable explains, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from support_examples import Example


def test_its_readme_runs_and_departments_explain_one_of_two_equal_gaps(tmp_path: Path) -> None:
    example = Example("pre_training", tmp_path)
    assert example.commands == 2
    rows = pq.read_table(example.folder / "applications.parquet").to_pylist()
    assert len(rows) == 160

    def count(**of: str) -> int:
        return sum(row.items() >= of.items() for row in rows)

    for facet, group, rest in (("sex", "f", "m"), ("career_break", "yes", "no")):
        offers = {value: count(**{facet: value}, offer="yes") for value in (group, rest)}
        assert offers == {group: 32, rest: 48}
        assert count(**{facet: group}) == count(**{facet: rest}) == 80
        disparity = {}
        for department in ("engineering", "support"):
            here = {"department": department}
            rejected = count(**here, **{facet: group}, offer="no") / count(**here, offer="no")
            accepted = count(**here, **{facet: group}, offer="yes") / count(**here, offer="yes")
            disparity[department] = rejected - accepted
        expected = {"CI": 0, "DPL": 0.2, "CDDL": sum(disparity.values()) / 2}
        assert example.metrics("pre_training_bias_metrics", facet) == pytest.approx(expected)
        assert disparity["engineering"] == pytest.approx(disparity["support"])
        assert expected["CDDL"] == pytest.approx(0 if facet == "sex" else 4 / 15)
    (finding,) = example.result("verdict.json")["preflight"]
    assert finding["id"] == "dataset-not-checked"
