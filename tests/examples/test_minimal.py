"""The smallest app: what its README says is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_examples import Example


def test_its_readme_runs_and_its_metrics_are_those_counted_by_hand(tmp_path: Path) -> None:
    example = Example("minimal", tmp_path)
    assert example.commands == 2

    def right_and_positive(sex: str) -> tuple[float, float]:
        rows = [row for row in example.rows("applicants.csv") if row["sex"] == sex]
        expected = ["yes" if int(row["income"]) >= 40 else "no" for row in rows]
        right = sum(row["repaid"] == said for row, said in zip(rows, expected, strict=True))
        return right / len(rows), expected.count("yes") / len(rows)

    (right_f, positive_f), (right_m, positive_m) = right_and_positive("f"), right_and_positive("m")
    assert example.metrics("post_training_bias_metrics", "sex") == pytest.approx(
        {"AD": right_m - right_f, "DPPL": positive_m - positive_f}
    )
    assert positive_m - positive_f == pytest.approx(1 / 12)
