"""Continuous labels that are whole numbers: predictions are converted to their type first."""

from __future__ import annotations

import math
from typing import Any

import pytest

from clarify_engine.errors import AnalysisError
from support_bias.building import entries, plan, tally, values

WHOLE_LABELS = {"f": ["d"] * 40 + ["a"] * 60, "y": list(range(100))}
NOT_FINITE = "Cannot convert non-finite values (NA or inf) to integer"


@pytest.mark.parametrize(
    ("labels", "threshold", "dppl"),
    [
        # 30.7 becomes 30, which is not above 30 (smclarify: 0.775)
        (range(100), 30, 1 - 9 / 40),
        ([str(y) for y in range(100)], 30, 1 - 9 / 40),
        (range(100), 30.5, 1 - 9 / 40),
        # beside float labels 30.7 is above 30 (smclarify: 0.75)
        ([float(y) for y in range(100)], 30, 1 - 10 / 40),
    ],
)
def test_predictions_beside_whole_continuous_labels_lose_their_fraction(
    labels: Any, threshold: float, dppl: float
) -> None:
    columns = {**WHOLE_LABELS, "y": list(labels), "p": [y + 0.7 for y in range(100)]}
    result = tally(plan(["d"], positive=[threshold], predicted=True), **columns)
    (entry,) = entries(result.sections(), "post_training")
    assert values(entry)["DPPL"] == pytest.approx(dppl)


def test_the_fraction_is_cut_towards_zero() -> None:
    # -29.7 - x for x in 0..99 becomes -29 - x: above -30 is only the first row (smclarify: -0.025)
    columns = {
        "f": WHOLE_LABELS["f"],
        "y": [-y for y in range(100)],
        "p": [-29.7 - y for y in range(100)],
    }
    result = tally(plan(["d"], positive=[-30], predicted=True), **columns)
    (entry,) = entries(result.sections(), "post_training")
    assert values(entry)["DPPL"] == pytest.approx(-1 / 40)


@pytest.mark.parametrize("first", [None, math.inf])
def test_predictions_that_cannot_be_whole_fail_beside_whole_labels(first: float | None) -> None:
    columns = {**WHOLE_LABELS, "p": [first, *[float(y) for y in range(99)]]}
    with pytest.raises(AnalysisError) as error:
        tally(plan(["d"], positive=[30], predicted=True), **columns).sections()
    assert str(error.value) == NOT_FINITE


def test_whole_predictions_with_a_missing_cell_fail_beside_whole_labels() -> None:
    columns = {**WHOLE_LABELS, "p": [None, *range(99)]}
    with pytest.raises(AnalysisError) as error:
        tally(plan(["d"], positive=[30], predicted=True), **columns).sections()
    assert str(error.value) == NOT_FINITE
