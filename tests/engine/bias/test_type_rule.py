"""When a column is categorical and when continuous, and the texts that results show for either.

Expected values are those of smclarify 0.5, which was run on such columns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from clarify_engine.bias import BiasTally, FacetPlan
from clarify_engine.bias.counts import MAX_GROUPS
from clarify_engine.errors import AnalysisError
from support_bias.building import entries, plan, tally, values

FACET_EMPTY = "CI: facet set is empty. Check that x[facet] has non-zero length."


def facet(cells: list[Any], given: list[Any]) -> tuple[str, Any]:
    """Return the text of a facet's group, and its CI."""
    labels = [index // 2 % 2 for index in range(len(cells))]
    (entry,) = entries(tally(plan(given), f=cells, y=[str(y) + "." for y in labels]).sections())
    return entry["value_or_threshold"], values(entry)["CI"]


def label_text(cells: list[Any], given: list[Any]) -> str:
    facets = ["a", "b"] * (len(cells) // 2)
    sections = tally(plan(["a"], positive=given), f=facets, y=cells).sections()
    text: str = sections["pre_training_bias_metrics"]["label_value_or_threshold"]
    return text


@pytest.mark.parametrize("rows", [8, 38, 40])
def test_two_integers_are_continuous_up_to_forty_rows(rows: int) -> None:
    assert facet([0, 1] * (rows // 2), [0]) == ("(0, 1]", 0.0)


def test_two_integers_are_categorical_from_forty_two_rows() -> None:
    assert facet([0, 1] * 21, [0]) == ("0", 0.0)


def test_a_group_given_on_few_rows_is_the_other_group() -> None:
    # 5 of 8 rows are 0. Read as a threshold, [0] means the 3 others: CI changes its sign.
    cells = [0, 0, 0, 0, 0, 1, 1, 1]
    assert facet(cells, [0]) == ("(0, 1]", 0.25)
    assert facet(cells * 6, [0]) == ("0", -0.25)


@pytest.mark.parametrize(
    ("cells", "given", "text"),
    [
        ([0.0, 1.0] * 500, [0], "(0.0, 1.0]"),
        ([0.0, 1.0] * 500, [1], ""),
        ([0.0, 1.0] * 500, [7], "(1.0, 7.0]"),
        ([0.0, 1.0] * 500, [0, 1], "0,1"),
        ([0, 1] * 500, [1], "1"),
        ([0, 1] * 500, [1.0], "1.0"),
        ([0, 1] * 500, [0.5], "0.5"),
        ([0, 1] * 500, ["1"], "1"),
        (list(range(100)), [40], "(40, 99]"),
        (list(range(100)), [40.5], "(40.5, 99.0]"),
        (list(range(100)), ["40"], "(40.0, 99.0]"),
        (list(range(100)), [200], "(99, 200]"),
        (list(range(100)), [99], ""),
        (list(range(100)), [1, 2], "1,2"),
        ([True, False] * 50, [1], "1"),
        (["a", "b"] * 50, ["a", "b"], "a,b"),
        (["0", "1"] * 50, [1], "1"),
        (["0", "1"] * 20, ["0"], "(0.0, 1.0]"),
        (["0", "1"] * 20, [0], "(0, 1]"),
        (["0", "1"] * 21, ["0"], "0"),
    ],
)
def test_the_label_is_shown_as_values_or_as_an_interval(
    cells: list[Any], given: list[Any], text: str
) -> None:
    assert label_text(cells, given) == text


@pytest.mark.parametrize(
    ("cells", "given", "expected"),
    [
        # texts of digits that rarely repeat are continuous, however they are written
        ([str(100 + i) for i in range(100)], [150], ("(150, 199]", 0.02)),
        ([str(100 + i) for i in range(100)], ["150"], ("(150.0, 199.0]", 0.02)),
        ([f" {100 + i} " for i in range(100)], ["150"], ("(150.0, 199.0]", 0.02)),
        ([f"+{100 + i}" for i in range(100)], ["150"], ("(150.0, 199.0]", 0.02)),
        ([f"00{100 + i}" for i in range(100)], ["150"], ("(150.0, 199.0]", 0.02)),
        # one text that is no integer, or one missing cell, makes them categories
        ([f"{100 + i}.5" for i in range(100)], ["150"], ("150", FACET_EMPTY)),
        ([None, *[str(100 + i) for i in range(99)]], ["150"], ("150", 0.98)),
        ([*[str(100 + i) for i in range(99)], "x"], ["150"], ("150", 0.98)),
        ([*range(-200, -100)], [-150], ("(-150, -101]", 0.02)),
        (
            [i * 10**15 for i in range(100)],
            [10**16],
            ("(10000000000000000, 99000000000000000]", -0.78),
        ),
        # an int column with a missing cell is a float one, as pandas has it
        ([None, *range(99)], [40], ("(40.0, 98.0]", -0.16)),
        ([None, *[0, 1] * 500], [0], ("(0.0, 1.0]", pytest.approx(1 / 1001))),
        ([*[0.0, 1.0] * 50], ["inf"], ("(1.0, inf]", FACET_EMPTY)),
    ],
)
def test_facets_of_numbers_and_of_texts_that_are_numbers(
    cells: list[Any], given: list[Any], expected: tuple[str, Any]
) -> None:
    assert facet(cells, given) == expected


@pytest.mark.parametrize(
    ("cells", "given", "message"),
    [
        ([0.0, 1.0] * 5, [], "Threshold values must be provided for continuous features"),
        ([*range(100)], [], "Threshold values must be provided for continuous features"),
        ([None, *[0, 1] * 50], [], "Threshold values must be provided for continuous features"),
        (
            [0.0, 1.0] * 5,
            ["zz"],
            "Facet/label value provided must be a single numeric threshold for continuous data",
        ),
        (
            [*range(100)],
            [""],
            "Facet/label value provided must be a single numeric threshold for continuous data",
        ),
        ([0, 1] * 50, ["zz"], "Could not convert string to float."),
        ([f"1_{i}" for i in range(100, 200)], ["150"], "Could not convert string to float."),
        ([None] * 50, [1], "missing values must be missing in the same location"),
    ],
)
def test_values_that_do_not_fit_the_column_fail_the_analysis(
    cells: list[Any], given: list[Any], message: str
) -> None:
    with pytest.raises(AnalysisError, match=message.replace("(", r"\(")):
        facet(cells, given)


def test_each_value_of_a_categorical_facet_is_a_group_in_order() -> None:
    cells = {"f": [3, 1, 10, 1] * 25, "y": ["n", "p"] * 50}
    groups = entries(tally(plan(positive=["p"]), **cells).sections())
    assert [(g["value_or_threshold"], values(g)["CI"]) for g in groups] == [
        ("1", 0.0), ("3", 0.5), ("10", 0.5),
    ]  # fmt: skip
    flags = {"f": [True, False] * 50, "y": ["n", "p"] * 50}
    groups = entries(tally(plan(positive=["p"]), **flags).sections())
    assert [g["value_or_threshold"] for g in groups] == ["False", "True"]


def test_several_values_are_one_group() -> None:
    assert facet([3, 1, 10, 1] * 25, [3, 10]) == ("3,10", 0.0)


def test_several_facets_are_judged_side_by_side() -> None:
    several = replace(
        plan(), facets=(FacetPlan("f", (0,)), FacetPlan("age", (40,)), FacetPlan("f", (1,)))
    )
    batch = {"f": [0, 1] * 50, "age": [float(i) for i in range(100)], "y": ["n", "p"] * 50}
    facets = tally(several, **batch).sections()["pre_training_bias_metrics"]["facets"]
    assert {name: [g["value_or_threshold"] for g in groups] for name, groups in facets.items()} == {
        "f": ["0", "1"],
        "age": ["(40.0, 99.0]"],
    }


def test_a_type_that_only_the_last_batch_settles_is_settled() -> None:
    first = pa.RecordBatch.from_pydict({"f": ["1", "2"] * 10, "y": ["n", "p"] * 10})
    last = pa.RecordBatch.from_pydict({"f": ["1", "x"], "y": ["n", "p"]})
    result = BiasTally(plan(["1"]))
    result.update(first)
    (entry,) = entries(result.sections())
    assert entry["value_or_threshold"] == "(1.0, 2.0]"
    result.update(last)
    (entry,) = entries(result.sections())
    assert (entry["value_or_threshold"], values(entry)["CI"]) == ("1", 0.0)


def test_integers_beyond_the_precision_of_floats_are_told_apart() -> None:
    cells = [2**53 + i for i in range(100)]
    assert facet(cells, [2**53 + 50]) == (f"({2**53 + 50}, {2**53 + 99}]", 0.02)


def test_a_facet_of_too_many_groups_is_refused_with_the_way_out() -> None:
    columns = {"f": [f"id {i % (MAX_GROUPS + 1)}" for i in range(MAX_GROUPS + 1)]}
    columns["y"] = ["n", "p"] * (MAX_GROUPS // 2) + ["p"]
    with pytest.raises(AnalysisError, match=r"more than 10000 values\. List the values"):
        tally(plan(positive=["p"]), **columns).sections()


def test_dictionary_encoded_and_narrow_columns_count_as_what_they_hold() -> None:
    columns = {
        "f": pa.array(["a", "b"] * 50).dictionary_encode(),
        "y": pa.array([0, 1] * 50, pa.int8()),
    }
    (entry,) = entries(tally(plan(["a"]), **columns).sections())
    assert values(entry)["DPL"] == 1.0


def test_a_column_of_another_kind_is_named() -> None:
    with pytest.raises(TypeError, match="type list<item: int64>"):
        tally(plan(["a"]), f=["a"], y=[[1]])
