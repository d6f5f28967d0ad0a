"""What misleads in results that follow the service's rules is said, without a cell of data."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_contract import Finding
from support_bias.building import expand, plan, tally

#: A plain case: nothing misleads.
PLAIN = expand(
    *((f, y, p, 30, g) for f in ("a", "b") for y in (0, 1) for p in (0, 1) for g in (1, 2))
)


def warnings(facet: list[Any] | None = None, **changed: Any) -> dict[str, Finding]:
    names = ("positive", "group", "predicted", "features", "pre", "post")
    given = {name: changed.pop(name) for name in names if name in changed}
    result = tally(plan(["a"] if facet is None else facet, **given), **{**PLAIN, **changed})
    result.sections()
    found = result.warnings()
    assert len({finding.id for finding in found}) == len(found)
    assert all(finding.severity == "warning" for finding in found)
    return {finding.id: finding for finding in found}


def each(column: str, mapping: dict[Any, Any]) -> list[Any]:
    return [mapping.get(cell, cell) for cell in PLAIN[column]]


def first(column: str, count: int, value: Any = None) -> list[Any]:
    return [value] * count + PLAIN[column][count:]


def test_a_plain_case_has_no_warning() -> None:
    assert warnings() == {}
    assert warnings([]) == {}
    assert warnings(group="g", predicted=True, post=("AD", "DI")) == {}


FLOATS = {0: 0.0, 1: 1.0}
NO_NEGATIVE_IN_A = [1 if f == "a" else y for f, y in zip(PLAIN["f"], PLAIN["y"], strict=True)]


@pytest.mark.parametrize(
    ("facet", "changed", "expected"),
    [
        (["a"], {"y": each("y", FLOATS), "positive": [1]}, {"label-empty-interval"}),
        (["a"], {"y": each("y", FLOATS), "positive": [2]}, {"label-threshold-above-maximum"}),
        (["a"], {"y": each("y", {0: "no", 1: "yes"})}, {"label-value-absent"}),
        (["a"], {"positive": [7]}, {"label-value-absent"}),
    ],
)
def test_a_label_that_is_never_positive_is_one_class_and_the_reason_is_said(
    facet: list[Any], changed: dict[str, Any], expected: set[str]
) -> None:
    assert set(warnings(facet, **changed)) == {*expected, "label-one-class"}


@pytest.mark.parametrize(
    ("facet", "changed", "expected"),
    [
        (["a"], {"y": each("y", FLOATS), "positive": [0]}, "label-read-as-threshold"),
        (["a"], {"positive": [0.5]}, "label-value-converted"),
        (["a"], {"y": each("y", {0: False, 1: True}), "positive": ["no"]}, "label-value-converted"),
        (["a"], {"positive": [0, 1]}, "label-one-class"),
        (["a"], {"y": first("y", 10), "positive": [0.5]}, "label-missing-values"),
        ([0], {"f": each("f", {"a": 0.0, "b": 1.0})}, "facet-read-as-threshold"),
        ([1], {"f": each("f", {"a": 0.0, "b": 1.0})}, "facet-empty-interval"),
        ([5], {"f": each("f", {"a": 0.0, "b": 1.0})}, "facet-threshold-above-maximum"),
        ([0.5], {"f": each("f", {"a": 0, "b": 1})}, "facet-value-converted"),
        (["False"], {"f": each("f", {"a": True, "b": False})}, "facet-value-converted"),
        (["A"], {}, "facet-value-absent"),
        (["a", "b"], {}, "facet-covers-all-rows"),
        (["a"], {"f": first("f", 10)}, "facet-missing-values"),
        ([], {"f": first("f", 10)}, "facet-missing-values"),
        (["a"], {"y": NO_NEGATIVE_IN_A}, "distances-partial-outcomes"),
    ],
)
def test_what_misleads_is_said(facet: list[Any], changed: dict[str, Any], expected: str) -> None:
    assert set(warnings(facet, **changed)) == {expected}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"p": [1] * 480}, "prediction-one-class"),
        (
            {
                "p": [None, *each("p", FLOATS)[1:]],
                "y": each("y", FLOATS),
                "positive": [0.5],
            },
            "prediction-missing-values",
        ),
        ({"g": first("g", 5), "group": "g"}, "group-variable-missing-values"),
        ({"g": first("g", 5), "group": "g", "pre": ("CDDL",)}, "group-variable-missing-values"),
    ],
)
def test_what_misleads_in_predictions_and_groups_is_said(
    changed: dict[str, Any], expected: str
) -> None:
    assert set(warnings(predicted=True, **{"post": ("AD",), **changed})) == {expected}


def test_predictions_that_change_sides_without_their_fraction_are_counted() -> None:
    columns = {"f": ["a", "b"] * 50, "y": list(range(100)), "p": [y + 0.7 for y in range(100)]}
    wanted = plan(["a"], positive=[30], predicted=True, post=("AD",))
    (found,) = tally(wanted, **columns).warnings()
    assert found.id == "prediction-fraction-cut-off"
    assert found.given.startswith("1 rows of column p")


def test_warnings_say_where_and_count_rows() -> None:
    found = warnings(f=first("f", 10))["facet-missing-values"]
    assert found.given == "10 rows without a value of column f"
    found = warnings(["A"])["facet-value-absent"]
    assert found.path == "$.facet[0].value_or_threshold"
    assert found.given == "values that no row of column f has"


def test_no_warning_or_error_holds_a_cell_of_the_data() -> None:
    canary = 918273645
    cells = [float(canary), *[float(i % 7) for i in range(99)]]
    labels = [0.0, 1.0] * 50
    texts = [f"canary {canary}"] * 50 + ["other"] * 50
    for columns, facet, positive in (
        ({"f": cells, "y": labels}, [0], [1]),
        ({"f": cells, "y": labels}, [canary * 2], [1]),
        ({"f": texts, "y": cells}, ["zz"], [canary * 2]),
        ({"f": [None, *texts[1:]], "y": cells}, ["other"], [0]),
    ):
        found = tally(plan(facet, positive=positive), **columns).warnings()
        assert found
        assert str(canary) not in " ".join(map(str, found))
