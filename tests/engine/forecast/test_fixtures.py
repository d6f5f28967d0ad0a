"""Forecasts worked by hand: f = x1 * x2, linear f, both granularities, all directions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_forecast.cases import config, explained, fine_grained, rows_of, write
from support_forecast.models import FakeModel, linear, product

DIRECTIONS = ("chronological", "anti_chronological", "bidirectional")


def scores(line: dict[str, Any]) -> list[Any]:
    return [entry["scores"] for entry in line["explanations"]]


@pytest.fixture
def x(tmp_path: Path) -> Path:
    """x1 = 3, x2 = 5: with baseline mean b1 = b2 = 4."""
    return write(tmp_path, rows_of([3, 5]))


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        # f(x1, b2) - f(b1, b2) = 12 - 16, f(x1, x2) - f(x1, b2) = 15 - 12
        ("chronological", [[-4.0], [3.0]]),
        # f(x1, x2) - f(b1, x2) = 15 - 20, f(b1, x2) - f(b1, b2) = 20 - 16
        ("anti_chronological", [[-5.0], [4.0]]),
        ("bidirectional", [[-4.5], [3.5]]),
    ],
)
def test_a_product_in_each_direction(x: Path, direction: str, expected: list[list[float]]) -> None:
    method = {"direction": direction, "baseline": {"target_time_series": "mean"}}
    (line,), _ = explained(config(method=method), x, FakeModel(product))

    assert line["offset"] == [16.0]
    assert scores(line) == expected
    assert [entry["timestamp"] for entry in line["explanations"]] == [0, 1]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_linear_model_gets_its_weights_times_the_differences_in_every_direction(
    tmp_path: Path, direction: str
) -> None:
    rows = rows_of([2.0, 5.0, 11.0], price=[1.0, 0.0, 2.0])
    method = {"direction": direction, "baseline": {"target_time_series": "mean"}}
    settings_ = config(related=["price"], method=method)
    (line,), _ = explained(settings_, write(tmp_path, rows), FakeModel(linear))

    # Target: weights 1, 2, 3 and mean 6. Price: weights 10, 20, 30 and zero.
    steps = [1 * (2 - 6) + 10 * 1, 2 * (5 - 6) + 20 * 0, 3 * (11 - 6) + 30 * 2]
    assert line["offset"] == [6 * 6, 2 * 6 * 6 + 1]
    assert scores(line) == [[pytest.approx(step), pytest.approx(2 * step)] for step in steps]


def test_a_fine_grained_linear_model_gets_its_weights_times_the_differences(
    tmp_path: Path,
) -> None:
    rows = [
        {**row, "store": 3, "size": 4}
        for row in rows_of([2.0, 5.0], price=[1.0, 7.0], promotion=[0.0, 1.0])
    ]
    method = fine_grained(
        2, target_time_series="mean", related_time_series="mean", static_covariates={"a": [1, 0]}
    )
    settings_ = config(related=["price", "promotion"], static=["store", "size"], method=method)
    (line,), _ = explained(settings_, write(tmp_path, rows), FakeModel(linear))

    expected = {
        ("sales", 0): 1 * (2 - 3.5),
        ("sales", 1): 2 * (5 - 3.5),
        ("price", 0): 10 * (1 - 4),
        ("price", 1): 20 * (7 - 4),
        ("promotion", 0): 100 * (0 - 0.5),
        ("promotion", 1): 200 * (1 - 0.5),
        ("store", None): 1000 * (3 - 1),
        ("size", None): 2000 * (4 - 0),
    }
    found = {
        (entry["feature_name"], entry.get("timestamp")): entry["scores"][0]
        for entry in line["explanations"]
    }
    assert list(found) == list(expected)
    assert found == pytest.approx(expected)


def test_fine_grained_shares_within_a_time_step_and_never_across(tmp_path: Path) -> None:
    """f = x1 * z1 + z1 * x2: the first product is shared, the second one belongs to x2."""

    def model(record: dict[str, Any]) -> list[float]:
        (x1, x2), ((z1, _),) = record["target"], record["related"]
        return [x1 * z1 + z1 * x2]

    data = write(tmp_path, rows_of([2.0, 3.0], price=[5.0, 1.0]))
    settings_ = config(related=["price"], method=fine_grained(2))
    (line,), _ = explained(settings_, data, FakeModel(model))

    assert scores(line) == [[5.0], [15.0], [5.0], [0.0]]  # x1, x2, z1, z2


def test_fine_grained_lets_static_covariates_join_before_the_first_step(tmp_path: Path) -> None:
    """f = u * x1 belongs to x1 alone: without x1 the covariate adds nothing."""
    rows = [{**row, "store": 3} for row in rows_of([2.0])]
    settings_ = config(static=["store"], method=fine_grained(1, static_covariates={"a": [1]}))
    model = FakeModel(lambda record: [record["static"][0] * record["target"][0]])
    (line,), _ = explained(settings_, write(tmp_path, rows), model)

    assert line["explanations"] == [
        {"feature_name": "sales", "timestamp": 0, "scores": [6.0]},
        {"feature_name": "store", "scores": [0.0]},
    ]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_timewise_leaves_static_covariates_as_they_are(tmp_path: Path, direction: str) -> None:
    rows = [{**row, "store": 3} for row in rows_of([2.0, 4.0])]
    settings_ = config(static=["store"], method={"direction": direction})
    (line,), found = explained(settings_, write(tmp_path, rows), FakeModel(linear))

    assert line["offset"][0] == 3000.0
    assert [step[0] for step in scores(line)] == [2.0, 8.0]
    assert [warning.id for warning in found.warnings] == ["forecast-static-kept"]


def test_a_time_after_the_target_explains_what_is_known_of_the_future(tmp_path: Path) -> None:
    rows = rows_of([2.0, None, None], price=[1.0, 3.0, 4.0])
    (line,), _ = explained(config(related=["price"]), write(tmp_path, rows), FakeModel(linear))

    assert [(e["timestamp"], e["scores"][0]) for e in line["explanations"]] == [
        (0, 12.0),
        (1, 60.0),
        (2, 120.0),
    ]


def _wild(record: dict[str, Any]) -> list[float]:
    """Three steps with interactions of everything."""
    values = [*record["target"], *[v for s in record["related"] for v in s], *record["static"]]
    total = 1.0
    for place, value in enumerate(values, 1):
        total += (value + place) * (1 + abs(total)) ** 0.5
    return [total, -total / 3, total**2 % 7]


@settings(max_examples=30)
@given(data=st.data())
def test_scores_add_up_to_prediction_minus_offset(
    data: st.DataObject, tmp_path_factory: Any
) -> None:
    number = st.floats(-10, 10) | st.integers(-10, 10)
    steps = data.draw(st.integers(1, 4))
    known = data.draw(st.integers(1, steps))
    column = st.lists(number, min_size=steps, max_size=steps)
    rows = rows_of(
        [value if t < known else None for t, value in enumerate(data.draw(column))],
        price=data.draw(column),
        promotion=data.draw(column),
    )
    rows = [{**row, "store": 2} for row in rows]
    baseline = {
        "target_time_series": data.draw(st.sampled_from(["zero", "mean"])),
        "related_time_series": data.draw(st.sampled_from(["zero", "mean"])),
    }
    method = data.draw(
        st.sampled_from([{"direction": d, "baseline": baseline} for d in DIRECTIONS])
        | st.integers(1, 9).map(lambda n: fine_grained(n, **baseline, static_covariates={"a": [1]}))
    )
    settings_ = config(related=["price", "promotion"], static=["store"], method=method)
    file = write(tmp_path_factory.mktemp("case"), rows)
    (line,), _ = explained(settings_, file, FakeModel(_wild), seed=data.draw(st.integers(0, 99)))
    prediction = _wild(
        {
            "target": [row["sales"] for row in rows[:known]],
            "related": [[row[name] for row in rows] for name in ("price", "promotion")],
            "static": [2],
        }
    )

    assert all(len(step) == 3 for step in scores(line))
    for k in range(3):
        total = line["offset"][k] + sum(step[k] for step in scores(line))
        assert total == pytest.approx(prediction[k], rel=1e-9, abs=1e-6)
