"""The edge cases of the service, one by one.

Expected values are those of smclarify 0.5, which was run on the same rows, or are computed by hand.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from clarify_engine.bias.post_training import POST_TRAINING_FUNCTIONS, ge
from clarify_engine.bias.pre_training import PRE_TRAINING_FUNCTIONS
from clarify_engine.bias.table import MetricError, Table
from clarify_engine.errors import AnalysisError
from support_bias.building import entries, expand, plan, tally, values

FULL = (
    (0, 0, 0, 30), (0, 0, 1, 10), (0, 1, 0, 5), (0, 1, 1, 15),
    (1, 0, 0, 40), (1, 0, 1, 20), (1, 1, 0, 10), (1, 1, 1, 50),
)  # fmt: skip
#: FULL without predicted positives in d (facet 0), in a (facet 1).
NONE_IN_D = (
    (0, 0, 0, 30),
    (0, 1, 0, 5),
    (1, 0, 0, 40),
    (1, 0, 1, 20),
    (1, 1, 0, 10),
    (1, 1, 1, 50),
)
NONE_IN_A = (
    (0, 0, 0, 30),
    (0, 0, 1, 10),
    (0, 1, 0, 5),
    (0, 1, 1, 15),
    (1, 0, 0, 40),
    (1, 1, 0, 10),
)


def pre(*cells: tuple[Any, ...], facet: list[Any] | None = None, **given: Any) -> dict[str, Any]:
    (entry,) = entries(tally(plan(facet or [0], **given), **expand(*cells)).sections())
    return values(entry)


def post(*cells: tuple[Any, ...], facet: list[Any] | None = None, **given: Any) -> dict[str, Any]:
    result = tally(plan(facet or [0], predicted=True, **given), **expand(*cells))
    (entry,) = entries(result.sections(), "post_training")
    return values(entry)


def test_a_quotient_by_zero_is_an_infinity_as_text() -> None:
    assert post(*NONE_IN_D)["DCA"] == "-Infinity"
    assert post(*NONE_IN_D)["TE"] == "Infinity"
    assert post(*NONE_IN_A)["DI"] == "Infinity"
    assert post(*NONE_IN_A)["DCA"] == "Infinity"
    assert post(*NONE_IN_A)["TE"] == "-Infinity"


def test_zero_by_zero_is_zero() -> None:
    all_predicted_positive = ((0, 0, 1, 30), (0, 1, 1, 5), (1, 0, 1, 40), (1, 1, 1, 10))
    metrics = post(*all_predicted_positive)
    # d and a have neither true negatives nor false negatives: DRR is 0/0 - 0/0, TE 0/30 - 0/40
    assert (metrics["DRR"], metrics["TE"], metrics["RD"], metrics["SD"]) == (0.0, 0.0, 0.0, 0.0)
    assert metrics["DPPL"] == 0.0
    assert metrics["DI"] == 1.0


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        # both groups: false negatives, no false positive, so that TE is inf - inf
        ("TE", ((0, 1, 0, 5), (0, 1, 1, 5), (1, 1, 0, 3), (1, 1, 1, 5))),
        # both groups: observed negatives, none predicted, so that DCR is inf - inf
        ("DCR", ((0, 0, 1, 5), (0, 1, 1, 5), (1, 0, 1, 3), (1, 1, 1, 5))),
    ],
)
def test_infinity_minus_infinity_is_zero(code: str, cells: tuple[tuple[int, ...], ...]) -> None:
    many = tuple((f, y, p, n * 10) for f, y, p, n in cells)
    assert post(*many)[code] == 0.0


def test_conditional_acceptance_of_two_groups_never_predicted_positive_is_zero() -> None:
    # Unreachable through an analysis, which fails without a positive prediction: the formula alone.
    counts = np.zeros((2, 2, 2), dtype=np.int64)
    counts[:, 1, 0] = 7
    table = Table(np.zeros((0, 2, 2, 2), dtype=np.int64), counts)
    assert POST_TRAINING_FUNCTIONS["DCA"](table) == 0.0


DISTANCES = ("JS", "KL", "KS", "LP", "TVD")


@pytest.mark.parametrize("positive", [[7], [1]])
def test_one_class_of_labels_gives_zeros_and_no_error(positive: list[int]) -> None:
    metrics = pre((0, 1, 0, 30), (1, 1, 0, 40), positive=positive)
    assert {code: metrics[code] for code in ("DPL", *DISTANCES)} == dict.fromkeys(
        ("DPL", *DISTANCES), 0.0
    )


def test_a_positive_value_that_no_label_has_gives_zeros_and_no_error() -> None:
    metrics = pre(*FULL, positive=[7])
    assert {code: metrics[code] for code in ("DPL", *DISTANCES)} == dict.fromkeys(
        ("DPL", *DISTANCES), 0.0
    )


@pytest.mark.parametrize(
    ("labels", "positive", "dpl"),
    [
        (("no", "yes"), [1], 0.0),
        (("no", "yes"), ["yes"], 1 / 6),
        (("0", "1"), [1], 1 / 6),
        (("0", "1"), [1, 7], 1 / 6),
        (("0", "1"), ["x", 1], 0.0),  # the first is a text: no number becomes one
        ((False, True), [1], 1 / 6),
        ((0, 1), ["1"], 1 / 6),
        ((0, 1), ["1.0"], 1 / 6),
        ((0, 1), [0.5], -1 / 6),  # becomes 0
        ((0, 1), ["0.5"], 0.0),  # does not
        ((0, 1), [7, 1.9], 1 / 6),  # no label is 7 or 1.9: 1.9 becomes 1
        ((0, 1), [0.5, 1], 1 / 6),  # a label is 1, so that 0.5 does not become 0
        ((False, True), ["False"], 1 / 6),  # a text is true
        ((0.0, 1.0), [0], 1 / 6),  # above 0
        ((0.0, 1.0), [0.5], 1 / 6),
        ((0.0, 1.0), [1], 0.0),  # above 1
        ((0.0, 1.0), [2], 0.0),
        ((0.0, 1.0), [1, 2], 1 / 6),  # two values: categories
    ],
)
def test_positive_values_are_converted_as_the_service_does(
    labels: tuple[Any, Any], positive: list[Any], dpl: float
) -> None:
    columns = expand(*FULL)
    columns["y"] = [labels[y] for y in columns["y"]]
    (entry,) = entries(tally(plan([0], positive=positive), **columns).sections())
    assert values(entry)["DPL"] == pytest.approx(dpl, abs=1e-15)


@pytest.mark.parametrize(
    ("predictions", "dppl"), [(("0", "1"), 1 / 6), ((False, True), 1 / 6), ((0, 1), 1 / 6)]
)
def test_predictions_may_be_of_another_type_than_the_labels(
    predictions: tuple[Any, Any], dppl: float
) -> None:
    columns = expand(*FULL)
    columns["p"] = [predictions[p] for p in columns["p"]]
    result = tally(plan([0], predicted=True), **columns)
    (entry,) = entries(result.sections(), "post_training")
    assert values(entry)["DPPL"] == pytest.approx(dppl, abs=1e-15)


def test_without_a_positive_prediction_the_analysis_fails() -> None:
    with pytest.raises(AnalysisError) as error:
        post((0, 0, 0, 30), (0, 1, 0, 5), (1, 0, 0, 40), (1, 1, 0, 10))
    assert str(error.value) == (
        "No Label values are present in the predicted Label Column,"
        "Positive Predicted Index Series contains all False values"
    )


@pytest.mark.parametrize("which", ["y", "p"])
def test_labels_and_predictions_of_different_classes_of_type_fail_the_analysis(which: str) -> None:
    columns = expand(*FULL)
    columns[which] = [float(value) for value in columns[which]]
    with pytest.raises(AnalysisError) as error:
        tally(plan([0], predicted=True), **columns).sections()
    assert str(error.value) == (
        "Predicted Label Column series datatype is not the same as Label Column series"
    )


PRE_EMPTY = {
    "CI": "CI: facet set is empty. Check that x[facet] has non-zero length.",
    "DPL": "Facet set is empty.",
    **dict.fromkeys(DISTANCES, "No instance of common facet found, dataset may be too small"),
    "CDDL": 0.0,
}
POST_EMPTY = {
    "AD": "Facet set is empty",
    "CDDPL": 0.0,
    "DAR": "DLR: Facet set is empty",
    "DCA": "DCO: Facet set is empty",
    "DCR": "DCO: Facet set is empty",
    "DI": "Facet set is empty",
    "DPPL": "Facet set is empty.",
    "DRR": "DLR: Facet set is empty",
    "FT": "Facet set is empty",
    "GE": pytest.approx(0.10355029585798824, abs=1e-15),
    "RD": "DLA: Facet set is empty",
    "SD": "DLA: Facet set is empty",
    "TE": "Facet set is empty",
}


def test_a_facet_value_that_no_row_has_is_an_error_of_each_metric() -> None:
    assert pre(*FULL, facet=[9], group="g") == PRE_EMPTY
    assert post(*FULL, facet=[9], group="g", features=("g",)) == POST_EMPTY


def test_facet_values_that_cover_all_rows_are_an_error_of_each_metric() -> None:
    assert pre(*FULL, facet=[0, 1], group="g") == {
        **PRE_EMPTY,
        "CI": "CI: negated facet set is empty. Check that x[~facet] has non-zero length.",
        "DPL": "Negative facet set is empty.",
    }
    negated = {
        code: error.replace("Facet", "Negated Facet") if isinstance(error, str) else error
        for code, error in POST_EMPTY.items()
    }
    negated |= {"DI": "Negated facet set is empty", "DPPL": "Negative facet set is empty."}
    assert post(*FULL, facet=[0, 1], group="g", features=("g",)) == negated


def test_an_empty_facet_is_said_before_a_text_among_the_features() -> None:
    columns = {**expand(*FULL), "text": ["x"] * 180}
    result = tally(plan([9], predicted=True, features=("text",)), **columns)
    (entry,) = entries(result.sections(), "post_training")
    assert values(entry)["FT"] == "Facet set is empty"


def test_missing_facet_values_are_a_group_named_nan_with_errors() -> None:
    columns = {"f": [None, *["a", "b"] * 49, "a"], "y": [0, 1] * 50}
    groups = entries(tally(plan(), **columns).sections())
    assert [group["value_or_threshold"] for group in groups] == ["a", "b", "nan"]
    a, b, nan = map(values, groups)
    assert (a["CI"], b["CI"]) == (
        0.0,
        pytest.approx(0.02),
    )  # the rest holds the row without a value
    assert nan == {**PRE_EMPTY, "CDDL": "Group variable is empty or not provided"}


def test_without_a_group_variable_only_the_conditional_metrics_fail() -> None:
    message = "Group variable is empty or not provided"
    assert pre(*FULL)["CDDL"] == message
    assert post(*FULL)["CDDPL"] == message
    assert sum(isinstance(value, str) for value in pre(*FULL).values()) == 1


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (((0, 1, 0, 30), (1, 1, 0, 40)), "No negative labels in set"),
        (((0, 0, 0, 30), (1, 0, 0, 40)), "No positive labels in set"),
    ],
)
def test_conditional_disparity_needs_both_outcomes(
    cells: tuple[tuple[int, ...], ...], message: str
) -> None:
    assert pre(*cells, group="g")["CDDL"] == message


GROUPED = (
    (0, 0, 0, 30, 0), (0, 0, 1, 10, 1), (0, 1, 0, 5, 1), (0, 1, 1, 15, 2),
    (1, 0, 0, 40, 2), (1, 0, 1, 20, 3), (1, 1, 0, 10, 3), (1, 1, 1, 50, 4),
)  # fmt: skip


def test_conditional_disparity_is_weighted_by_group_size() -> None:
    # DD by group 0..4: 1, 0 (10/10 - 5/5), -1 (0/40 - 15/15), 0, 0; sizes 30, 15, 55, 30, 50
    assert pre(*GROUPED, group="g")["CDDL"] == pytest.approx((30 - 55) / 180)


def test_rows_without_a_group_are_left_out_of_conditional_disparity() -> None:
    cells = tuple((*cell[:4], None if cell[4] == 2 else cell[4]) for cell in GROUPED)
    # group 2 is gone, from the sum and from the number of rows
    assert pre(*cells, group="g")["CDDL"] == pytest.approx(30 / (180 - 55))


def test_a_group_variable_of_texts_with_missing_cells_fails_as_in_the_service() -> None:
    cells = tuple((*cell[:4], None if cell[4] == 2 else str(cell[4])) for cell in GROUPED)
    assert pre(*cells, group="g")["CDDL"] == (
        "'<' not supported between instances of 'float' and 'str'"
    )


def test_a_facet_column_that_is_absent_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks columns of the plan: f"):
        tally(plan([0]), y=[0, 1])


def test_groups_without_a_common_outcome_have_no_distances() -> None:
    metrics = pre((0, 0, 0, 30), (1, 1, 0, 40))
    assert metrics["DPL"] == 1.0
    assert {metrics[code] for code in DISTANCES} == {PRE_EMPTY["KL"]}


def test_outcomes_of_one_group_only_are_left_out_of_the_distances() -> None:
    # d: half positive; a: all positive. Only the positive outcome is common.
    metrics = pre((0, 0, 0, 30), (0, 1, 0, 30), (1, 1, 0, 40))
    assert metrics["DPL"] == 0.5
    assert metrics["TVD"] == 0.25  # half of |1 - 1/2|, where DPL is 1/2
    assert metrics["LP"] == 0.5
    assert metrics["KL"] == pytest.approx(math.log(2))
    # a: 40 of 50 positive, d: all positive: the sum has one negative term
    metrics = pre((0, 1, 0, 30), (1, 1, 0, 40), (1, 0, 0, 10))
    assert metrics["KL"] == pytest.approx(0.8 * math.log(0.8))
    assert metrics["KL"] < 0


def test_generalized_entropy_may_exceed_a_half() -> None:
    # 70 false negatives (0), one false positive (2): mean 2/71, mean of squares 4/71
    metrics = post((0, 1, 0, 30), (1, 1, 0, 40), (1, 0, 1, 1))
    assert metrics["GE"] == pytest.approx(((4 / 71) / (2 / 71) ** 2 - 1) / 2)
    assert metrics["GE"] == pytest.approx(35.0)  # smclarify prints 35.0


def test_generalized_entropy_of_false_negatives_only_is_an_error() -> None:
    counts = np.zeros((2, 2, 2), dtype=np.int64)
    counts[:, 1, 0] = 3
    with pytest.raises(
        MetricError, match=r"All predicted labels are false negatives\. There should"
    ):
        ge(Table(np.zeros((0, 2, 2, 2), dtype=np.int64), counts))


def test_generalized_entropy_is_the_same_for_every_facet() -> None:
    result = tally(plan(predicted=True), **expand(*FULL))
    groups = entries(result.sections(), "post_training")
    assert len({values(group)["GE"] for group in groups}) == 1


def test_missing_labels_count_as_not_positive() -> None:
    columns = {"f": ["d"] * 10 + ["a"] * 10, "y": [1.0] * 5 + [None] * 5 + [1.0] * 10}
    (entry,) = entries(tally(plan(["d"], positive=[0]), **columns).sections())
    assert values(entry)["DPL"] == 0.5


def test_data_without_rows_are_refused() -> None:
    with pytest.raises(AnalysisError, match="no rows"):
        tally(plan([0]), f=[], y=[]).sections()


def test_metrics_are_sorted_by_name_whatever_order_is_asked() -> None:
    result = tally(plan([0], predicted=True, post=("TE", "AD", "DI")), **expand(*FULL))
    (entry,) = entries(result.sections(), "post_training")
    assert [metric["name"] for metric in entry["metrics"]] == ["AD", "DI", "TE"]


#: smclarify 0.5 on FULL, with the one group of all rows
WHOLE = {
    "CDDL": 0.15000000000000002, "CI": 0.3333333333333333, "DPL": 0.16666666666666669,
    "JS": 0.014362591564146779, "KL": 0.05889151782819174, "KS": 0.16666666666666669,
    "LP": 0.23570226039551584, "TVD": 0.16666666666666666,
    "AD": 0.0, "CDDPL": 0.14860681114551083, "DAR": 0.11428571428571432,
    "DCA": 0.05714285714285705, "DCR": -0.05714285714285716, "DI": 0.7142857142857143,
    "DPPL": 0.16666666666666669, "DRR": 0.05714285714285705, "GE": 0.10355029585798824,
    "RD": 0.08333333333333337, "SD": 0.08333333333333337, "TE": 0.0,
}  # fmt: skip


def test_all_metrics_of_a_plain_case_equal_smclarify() -> None:
    assert set(WHOLE) == {*PRE_TRAINING_FUNCTIONS, *POST_TRAINING_FUNCTIONS}
    metrics = {**pre(*FULL, group="g"), **post(*FULL, group="g")}
    for code, expected in WHOLE.items():
        assert metrics[code] == pytest.approx(expected, rel=0, abs=1e-15), code
