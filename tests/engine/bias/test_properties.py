"""The metrics beside a plain computation, row by row, from the developer guide's formulas."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_engine.bias import BiasTally
from clarify_engine.errors import AnalysisError
from support_bias.building import entries, plan, tally, values


@dataclass(frozen=True)
class Row:
    in_d: bool
    label: bool
    predicted: bool
    group: int


ROWS = st.lists(
    st.builds(Row, st.booleans(), st.booleans(), st.booleans(), st.integers(0, 4)),
    min_size=1,
    max_size=60,
)


def columns(rows: list[Row]) -> dict[str, list[Any]]:
    """Texts, so that the type rule has no part in this."""
    return {
        "f": ["d" if row.in_d else "a" for row in rows],
        "y": ["yes" if row.label else "no" for row in rows],
        "p": ["yes" if row.predicted else "no" for row in rows],
        "g": [row.group for row in rows],
    }


def count(rows: Iterable[Row], test: Callable[[Row], bool]) -> int:
    return sum(1 for row in rows if test(row))


def ratio(left: float, right: float) -> float:
    if right == 0:
        return 0.0 if left == 0 else math.inf
    return left / right


def minus(left: float, right: float) -> float:
    return 0.0 if math.isinf(left) and math.isinf(right) else left - right


def expected_pre(rows: list[Row]) -> dict[str, float]:
    a = [row for row in rows if not row.in_d]
    d = [row for row in rows if row.in_d]
    q_a, q_d = (count(side, lambda r: r.label) / len(side) for side in (a, d))
    p_a, p_d = ({True: q, False: 1 - q} for q in (q_a, q_d))
    common = [outcome for outcome in (True, False) if p_a[outcome] > 0 and p_d[outcome] > 0]
    result = {"CI": (len(a) - len(d)) / len(rows), "DPL": q_a - q_d}
    if common:
        mid = {o: (p_a[o] + p_d[o]) / 2 for o in common}
        result["KL"] = sum(p_a[o] * math.log(p_a[o] / p_d[o]) for o in common)
        result["JS"] = 0.5 * sum(p[o] * math.log(p[o] / mid[o]) for p in (p_a, p_d) for o in common)
        result["LP"] = math.sqrt(sum((p_a[o] - p_d[o]) ** 2 for o in common))
        result["TVD"] = 0.5 * sum(abs(p_a[o] - p_d[o]) for o in common)
        result["KS"] = max(abs(p_a[o] - p_d[o]) for o in common)
    return result | expected_disparity("CDDL", rows, lambda row: row.label)


def expected_disparity(
    code: str, rows: list[Row], outcome: Callable[[Row], bool]
) -> dict[str, float]:
    if len({outcome(row) for row in rows}) < 2:
        return {}
    total = 0.0
    for group in {row.group for row in rows}:
        members = [row for row in rows if row.group == group]
        rejected = [row for row in members if not outcome(row)]
        accepted = [row for row in members if outcome(row)]
        total += len(members) * (
            ratio(count(rejected, lambda r: r.in_d), len(rejected))
            - ratio(count(accepted, lambda r: r.in_d), len(accepted))
        )
    return {code: total / len(rows)}


def expected_post(rows: list[Row]) -> dict[str, float]:
    a = [row for row in rows if not row.in_d]
    d = [row for row in rows if row.in_d]

    def n(side: list[Row], label: bool | None = None, predicted: bool | None = None) -> int:
        return count(
            side,
            lambda r: label in (None, r.label) and predicted in (None, r.predicted),
        )

    benefits = [int(row.predicted) - int(row.label) + 1 for row in rows]
    mean = sum(benefits) / len(rows)
    result = {
        "DPPL": n(a, None, True) / len(a) - n(d, None, True) / len(d),
        "DI": ratio(n(d, None, True) / len(d), n(a, None, True) / len(a)),
        "DCA": minus(ratio(n(a, True), n(a, None, True)), ratio(n(d, True), n(d, None, True))),
        "DCR": minus(ratio(n(d, False), n(d, None, False)), ratio(n(a, False), n(a, None, False))),
        "SD": ratio(n(d, False, False), n(d, False)) - ratio(n(a, False, False), n(a, False)),
        "RD": ratio(n(a, True, True), n(a, True)) - ratio(n(d, True, True), n(d, True)),
        "DAR": ratio(n(a, True, True), n(a, None, True))
        - ratio(n(d, True, True), n(d, None, True)),
        "DRR": ratio(n(d, False, False), n(d, None, False))
        - ratio(n(a, False, False), n(a, None, False)),
        "AD": count(a, lambda r: r.label == r.predicted) / len(a)
        - count(d, lambda r: r.label == r.predicted) / len(d),
        "TE": minus(
            ratio(n(d, True, False), n(d, False, True)), ratio(n(a, True, False), n(a, False, True))
        ),
        "GE": sum((b / mean) ** 2 - 1 for b in benefits) / (2 * len(rows)),
    }
    return result | expected_disparity("CDDPL", rows, lambda row: row.predicted)


def check(entry: dict[str, Any], expected: dict[str, float]) -> None:
    for name, value in values(entry).items():
        if name in expected:
            printed = {"Infinity": math.inf, "-Infinity": -math.inf}.get(value, value)
            assert printed == pytest.approx(expected[name], rel=1e-12, abs=1e-12), name
        else:
            assert isinstance(value, str), f"{name} should have been an error"
            assert not value.endswith("Infinity")


def has_both_groups(rows: list[Row]) -> bool:
    return len({row.in_d for row in rows}) == 2


@given(ROWS.filter(has_both_groups))
def test_pre_training_metrics_equal_a_computation_row_by_row(rows: list[Row]) -> None:
    result = tally(plan(["d"], positive=["yes"], group="g"), **columns(rows))
    (entry,) = entries(result.sections())
    check(entry, expected_pre(rows))


@given(ROWS.filter(has_both_groups))
def test_post_training_metrics_equal_a_computation_row_by_row(rows: list[Row]) -> None:
    asked = tuple(code for code in expected_post(rows_with_all()) if code != "FT")
    result = tally(
        plan(["d"], positive=["yes"], group="g", predicted=True, post=asked), **columns(rows)
    )
    if not any(row.predicted for row in rows):
        with pytest.raises(AnalysisError):
            result.sections()
        return
    (entry,) = entries(result.sections(), "post_training")
    check(entry, expected_post(rows))


def rows_with_all() -> list[Row]:
    """Rows for which every metric has a value."""
    flags = (False, True)
    return [Row(d, y, p, 0) for d in flags for y in flags for p in flags]


@given(ROWS, st.data())
def test_any_split_merged_in_any_order_gives_the_same_sections(
    rows: list[Row], data: st.DataObject
) -> None:
    if not any(row.predicted for row in rows):
        rows = [*rows, Row(True, True, True, 0)]
    by_value = data.draw(st.booleans())
    asked = tuple(code for code in expected_post(rows_with_all()) if code != "FT")
    wanted = plan(
        [] if by_value else ["d"], positive=["yes"], group="g", predicted=True, post=asked
    )
    batch = pa.RecordBatch.from_pydict(columns(rows))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    parts = [
        batch.slice(start, end - start)
        for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)
    ]
    whole = BiasTally(wanted)
    whole.update(batch)
    streamed = BiasTally(wanted)
    for part in parts:
        streamed.update(part)
    merged = BiasTally(wanted)
    for part in data.draw(st.permutations(parts)):
        shard = BiasTally(wanted)
        shard.update(part)
        merged.merge(shard)
    assert streamed.sections() == whole.sections()
    assert merged.sections() == whole.sections()
    assert merged.warnings() == whole.warnings()


NUMBERS = st.lists(st.integers(0, 3) | st.none(), min_size=2, max_size=50)


@given(NUMBERS, st.sampled_from([[1], [0], [0.5], [1, 2], ["1"]]), st.integers(0, 50))
def test_the_type_rule_does_not_depend_on_the_split(
    cells: list[int | None], given_values: list[Any], cut: int
) -> None:
    batch = pa.RecordBatch.from_pydict(
        {
            "f": pa.array(cells, pa.int64()),
            "y": ["n", "p"] * (len(cells) // 2) + ["n"] * (len(cells) % 2),
        }
    )
    wanted = plan(given_values, positive=["p"])

    def outcome(*parts: pa.RecordBatch) -> Any:
        result = BiasTally(wanted)
        for part in parts:
            shard = BiasTally(wanted)
            shard.update(part)
            result.merge(shard)
        try:
            return result.sections()
        except AnalysisError as error:
            return str(error)

    assert outcome(batch.slice(cut), batch.slice(0, cut)) == outcome(batch)


def test_the_flip_test_is_the_same_in_batches_merged_in_row_order() -> None:
    rows: dict[str, list[Any]] = {
        "f": ["d", "a", "a"] * 20,
        "y": ["yes", "no"] * 30,
        "p": ["yes", "yes", "no", "no"] * 15,
        "x": [float(i * i % 61) for i in range(60)],
    }
    wanted = plan(["d"], positive=["yes"], predicted=True, features=("x",), post=("FT",))
    whole = tally(wanted, **rows)
    merged = BiasTally(wanted)
    for start in range(0, 60, 7):
        merged.merge(tally(wanted, **{k: v[start : start + 7] for k, v in rows.items()}))
    assert merged.sections() == whole.sections()


def test_tallies_of_different_plans_or_types_are_not_merged() -> None:
    with pytest.raises(ValueError, match="same plan"):
        BiasTally(plan([1])).merge(BiasTally(plan([2])))
    numbers = tally(plan([1]), f=[1, 2], y=[0, 1])
    with pytest.raises(ValueError, match="column 'f' is int here and text there"):
        numbers.merge(tally(plan([1]), f=["1", "2"], y=[0, 1]))
