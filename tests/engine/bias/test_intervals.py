"""What the intervals of a group's metrics are, and which metrics have one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import beta

from clarify_engine.bias.intervals.document import MOST_FACET_GROUPS
from clarify_engine.bias.intervals.formulas import FORMULAS
from clarify_engine.bias.intervals.group import group_intervals
from clarify_engine.bias.intervals.resampling import counts_of
from clarify_engine.bias.post_training import POST_TRAINING_FUNCTIONS
from clarify_engine.bias.pre_training import PRE_TRAINING_FUNCTIONS
from clarify_engine.bias.table import Table
from support_bias.building import expand, plan, tally
from support_bias.populations import as_table

FUNCTIONS = {**PRE_TRAINING_FUNCTIONS, **POST_TRAINING_FUNCTIONS}
DISTANCES = ("TVD", "KS", "LP", "KL", "JS")


def table(tn_a: int, fp_a: int, fn_a: int, tp_a: int, *d: int) -> Table:
    """Return a table of one value of the group variable."""
    tn_d, fp_d, fn_d, tp_d = d
    return as_table(np.array([[[[tn_a, fp_a], [fn_a, tp_a]], [[tn_d, fp_d], [fn_d, tp_d]]]]))


def tables(least: int, most: int) -> st.SearchStrategy[Table]:
    shapes = st.integers(1, 3).map(lambda groups: (groups, 2, 2, 2))
    counts = shapes.flatmap(
        lambda shape: arrays(np.int64, shape, elements=st.integers(least, most))
    )
    return counts.map(as_table)


@given(tables(1, 60))
def test_formulas_of_many_tables_give_what_those_of_one_give(counted: Table) -> None:
    assert set(FORMULAS) == set(FUNCTIONS)
    for code, formula in FORMULAS.items():
        counts = counts_of(counted, formula.source).astype(np.float64)
        # Twice, the second time as shares: only proportions matter.
        found = formula.function(np.stack([counts, counts / counts.sum()], axis=-1))
        values = found if formula.power is None else np.abs(found) ** formula.power
        assert values == pytest.approx(FUNCTIONS[code](counted), rel=1e-9, abs=1e-9), code


@given(tables(13, 60))
@settings(max_examples=15)
def test_intervals_contain_the_value_and_distances_begin_at_0_where_dpl_may_be_0(
    counted: Table,
) -> None:
    intervals = group_intervals(counted, FORMULAS)
    assert set(intervals) == set(FORMULAS)
    for code, interval in intervals.items():
        value = FUNCTIONS[code](counted)
        assert interval.low - 1e-9 <= value <= interval.high + 1e-9, code
    fair = intervals["DPL"].low <= 0 <= intervals["DPL"].high
    for code in DISTANCES:
        assert (intervals[code].low == 0) == fair, code


def test_the_interval_of_ci_is_jeffreys_interval_of_a_share() -> None:
    interval = group_intervals(table(100, 50, 40, 60, 30, 20, 15, 35), ["CI"])["CI"]
    low, high = beta.ppf([0.025, 0.975], 250.5, 100.5)
    assert (interval.low, interval.high) == pytest.approx((2 * low - 1, 2 * high - 1), abs=0.005)


def test_the_interval_of_dpl_is_close_to_newcombes() -> None:
    # Newcombe (1998), example (a): 56/70 and 48/80; his method 10 gives 0.0524 to 0.3339.
    interval = group_intervals(table(14, 0, 56, 0, 32, 0, 48, 0), ["DPL"])["DPL"]
    assert (interval.low, interval.high) == pytest.approx((0.0524, 0.3339), abs=0.006)


def test_a_ratio_by_zero_has_no_upper_end() -> None:
    nobody_accepted = table(60, 0, 60, 0, 60, 20, 20, 60)
    interval = group_intervals(nobody_accepted, ["DI"])["DI"]
    assert interval.high == math.inf
    assert interval.low > 1


def test_a_distance_without_one_of_the_outcomes_has_no_interval() -> None:
    nobody_positive = table(100, 100, 0, 0, 60, 20, 20, 60)
    assert set(group_intervals(nobody_positive, PRE_TRAINING_FUNCTIONS)) == {"CI", "DPL"}


def test_a_group_of_fewer_than_50_rows_has_no_intervals() -> None:
    assert group_intervals(table(500, 500, 500, 500, 12, 12, 12, 13), FORMULAS) == {}
    assert group_intervals(table(12, 12, 12, 13, 500, 500, 500, 500), FORMULAS) == {}
    assert set(group_intervals(table(50, 50, 50, 50, 12, 12, 13, 13), FORMULAS)) == set(FORMULAS)


def test_conditional_metrics_have_no_interval_for_few_outcomes_or_very_many_groups() -> None:
    counts = np.full((2, 2, 2, 2), 20)
    both = {"CDDL", "CDDPL"}
    assert set(group_intervals(as_table(counts), both)) == both
    counts[0, :, 1, :] = 1  # 2 positive labels on either side; predictions enough
    assert set(group_intervals(as_table(counts), both)) == {"CDDPL"}
    assert group_intervals(as_table(np.full((51, 2, 2, 2), 20)), both) == {}
    assert group_intervals(Table(np.zeros((0, 2, 2, 2), int), counts[1]), both) == {}
    mixed = Table(np.full((2, 2, 2, 2), 20), counts[1], "groups of no use")
    assert group_intervals(mixed, both) == {}


def test_an_interval_is_the_same_whichever_others_are_asked_for() -> None:
    counted = table(100, 50, 40, 60, 30, 20, 15, 35)
    everything = group_intervals(counted, FORMULAS)
    assert {code: group_intervals(counted, [code])[code] for code in FORMULAS} == everything


def cells(value: Any, count: int) -> list[tuple[Any, ...]]:
    return [(value, y, p, count) for y in (0, 1) for p in (0, 1)]


def test_the_document_has_the_groups_of_the_results_in_their_order() -> None:
    columns = expand(*cells("b", 20), *cells("a", 5), *cells("c", 40))
    counted = tally(plan([], group="g", predicted=True), **columns)
    document = counted.intervals()
    assert (document["version"], document["level"]) == ("1.0", 0.95)
    assert (document["resamples"], document["seed"]) == (10_000, 0)
    for stage, has_none in (("pre_training", set()), ("post_training", {"FT"})):
        key = f"{stage}_bias_metrics"
        shown = counted.sections()[key]["facets"]
        assert list(document[key]["facets"]) == list(shown) == ["f"]
        for group, beside in zip(document[key]["facets"]["f"], shown["f"], strict=True):
            assert group["value_or_threshold"] == beside["value_or_threshold"]
            asked = {metric["name"] for metric in beside["metrics"]}
            rows = {"a": 20, "b": 80, "c": 160}[group["value_or_threshold"]]
            assert (group["rows"], group["rest_rows"]) == (rows, 260 - rows)
            few = rows < 50
            assert set(group["intervals"]) == (set() if few else asked - has_none)


def test_infinite_ends_are_texts() -> None:
    columns = expand(("a", 0, 0, 60), ("a", 1, 0, 60), *cells("d", 20))
    counted = tally(plan(["d"], predicted=True, pre=(), post=("DI",)), **columns)
    (group,) = counted.intervals()["post_training_bias_metrics"]["facets"]["f"]
    assert group["intervals"]["DI"]["high"] == "Infinity"


def test_a_facet_of_very_many_groups_has_no_intervals() -> None:
    few = [cell for value in range(MOST_FACET_GROUPS) for cell in cells(f"v{value}", 15)]
    asked = plan([], pre=("CI",))
    for columns, length in (
        (expand(*few), 1),
        (expand(*few, *cells("one more", 15)), 0),
    ):
        document = tally(asked, f=columns["f"], y=columns["y"]).intervals()
        groups = document["pre_training_bias_metrics"]["facets"]["f"]
        assert {len(group["intervals"]) for group in groups} == {length}
