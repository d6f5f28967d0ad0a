"""The counts that a report shows, against counting row by row."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clarify_engine.bias.performance import performance
from clarify_engine.bias.statistics import Outcomes
from clarify_engine.bias.table import Confusion
from support_bias.adult import batch
from support_bias.building import plan, tally

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["x", "y", "z", None]), st.sampled_from([0, 1]), st.sampled_from([0, 1])
    ),
    min_size=60,
    max_size=90,
)


def counted(rows: list[tuple[Any, int, int]]) -> Outcomes:
    cells = Counter((label, predicted) for _, label, predicted in rows)
    confusion = Confusion(tp=cells[1, 1], fp=cells[0, 1], fn=cells[1, 0], tn=cells[0, 0])
    return Outcomes(confusion.tp + confusion.fn, confusion.fp + confusion.tn, confusion)


@settings(max_examples=25)
@given(ROWS)
def test_statistics_are_what_counting_the_rows_gives(rows: list[tuple[Any, int, int]]) -> None:
    f, y, p = zip(*rows, strict=True)
    statistics = tally(plan([], predicted=True, post=("DPPL",)), f=f, y=y, p=p).statistics()
    (facet,) = statistics.facets
    assert (statistics.label, statistics.positive, facet.column) == ("y", "1", "f")
    assert statistics.total == counted(rows)
    assert facet.by_value
    assert facet.missing == f.count(None)
    named = [group for group in facet.groups if group.text != "nan"]
    assert [group.text for group in named] == sorted({value for value in f if value is not None})
    for group in named:
        assert group.group == counted([row for row in rows if row[0] == group.text])
        assert group.rest == counted([row for row in rows if row[0] != group.text])


def test_without_predictions_there_are_labels_only() -> None:
    statistics = tally(plan(["a"]), f=["a", "a", "b"] * 20, y=[1, 0, 0] * 20).statistics()
    assert statistics.total == Outcomes(positive=20, negative=40, confusion=None)
    (group,) = statistics.facets[0].groups
    assert (group.group.positive, group.group.rows, group.rest.rows) == (20, 40, 20)


def test_the_real_data_have_the_shares_that_the_real_metrics_tell_of() -> None:
    data = batch()
    columns = {"f": data["Sex"], "y": data["Target"], "p": data["predicted_label"]}
    statistics = tally(plan([0], predicted=True, post=("DPPL",)), **columns).statistics()
    (group,) = statistics.facets[0].groups
    assert statistics.total.rows == 666
    # The service printed DPL and AD for this facet (see test_golden.py).
    q_rest, q_group = (o.positive / o.rows for o in (group.rest, group.group))
    assert q_rest - q_group == pytest.approx(0.2326441102756892, abs=1e-12)
    matrices = [o.confusion for o in (group.rest, group.group) if o.confusion is not None]
    accuracy = [performance(matrix)[0].value for matrix in matrices]
    assert accuracy[0] - accuracy[1] == pytest.approx(-0.15156641604010024, abs=1e-12)


def test_performance_of_a_matrix_worked_by_hand() -> None:
    # 100 rows: 45 positive labels, 40 positive predictions.
    measures = {m.name: m.value for m in performance(Confusion(tp=30, fp=10, fn=15, tn=45))}
    assert measures == pytest.approx(
        {
            "Accuracy": 0.75,
            "Proportion of Positive Predictions in Labels": 0.4,
            "Proportion of Negative Predictions in Labels": 0.6,
            "True Positive Rate / Recall": 30 / 45,
            "True Negative Rate / Specificity": 45 / 55,
            "Acceptance Rate / Precision": 0.75,
            "Rejection Rate": 0.75,
            "Conditional Acceptance": 45 / 40,
            "Conditional Rejection": 55 / 60,
            "F1 Score": 2 * 0.75 * (30 / 45) / (0.75 + 30 / 45),
        },
        rel=1e-15,
    )


def test_performance_divides_by_nothing_as_the_service_does() -> None:
    measures = {m.name: m.value for m in performance(Confusion(tp=0, fp=0, fn=5, tn=0))}
    assert measures["Acceptance Rate / Precision"] == 0
    assert measures["Conditional Acceptance"] == float("inf")
    assert measures["F1 Score"] == 0
