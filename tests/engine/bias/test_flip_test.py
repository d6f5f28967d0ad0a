"""FT on neighbours that can be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from clarify_engine.bias.flip_test import flip_test
from clarify_engine.bias.table import MetricError
from support_bias.building import entries, expand, plan, tally, values


def _flip(a: Sequence[tuple[float, int]], d: Sequence[tuple[float, int]]) -> float:
    """Return FT of rows ``(feature, predicted)`` of the rest and of the sensitive group."""
    rows = [*a, *d]
    return flip_test(
        np.array([[x] for x, _ in rows], dtype=np.float64),
        np.array([False] * len(a) + [True] * len(d)),
        np.array([bool(p) for _, p in rows]),
    )


def test_with_nine_rows_in_the_rest_the_one_nearest_row_decides() -> None:
    # d at 0.1 is next to a's 0 (negative): flips up. d at 2.9 is next to a's 3 (positive): flips
    # down. d at 8 is next to a's 8 (positive) and positive itself: no flip.
    a = [(0, 0), (1, 0), (2, 0), (3, 1), (4, 0), (5, 0), (6, 0), (7, 0), (8, 1)]
    assert _flip(a, [(0.1, 1)]) == 1.0
    assert _flip(a, [(2.9, 0)]) == -1.0
    assert _flip(a, [(0.1, 1), (2.9, 0), (8, 1)]) == 0.0
    assert _flip(a, [(0.1, 1), (8, 1)]) == 0.5


def test_with_ten_rows_in_the_rest_the_five_nearest_rows_vote() -> None:
    # Nearest to 2.9 are 3, 2, 4, 1, 5: one positive of five. The row itself is positive: flips up.
    a = [(0, 0), (1, 0), (2, 0), (3, 1), (4, 0), (5, 0), (6, 0), (7, 0), (8, 1), (9, 1)]
    assert _flip(a, [(2.9, 1)]) == 1.0
    # Nearest to 8.1 are 8, 9, 7, 6, 5: two positive of five.
    assert _flip(a, [(8.1, 0)]) == 0.0
    # Nearest to 8.1 are now three positive of five.
    assert _flip([*a[:7], (7, 1), *a[8:]], [(8.1, 0), (2.9, 0), (2.9, 0), (2.9, 0)]) == -0.25


def test_the_sign_is_negative_where_equals_in_the_rest_are_favoured() -> None:
    columns = expand((0, 0, 0, 30), (1, 0, 1, 40), (1, 1, 1, 10))
    result = tally(plan([0], predicted=True, features=("g",)), **columns)
    (entry,) = entries(result.sections(), "post_training")
    assert values(entry)["FT"] == -1.0


def test_distance_is_euclidean_over_all_features() -> None:
    # (3, 3) is 4.24 from the origin, (0, 4) is 4.0: the second is nearer, though its largest
    # difference in one feature is the larger.
    features = np.array([[3.0, 3.0], [0.0, 4.0], [0.0, 0.0]])
    sensitive = np.array([False, False, True])
    assert flip_test(features, sensitive, np.array([True, False, True])) == 1.0
    assert flip_test(features, sensitive, np.array([False, True, True])) == 0.0


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.nan, "Input X contains NaN."),
        (np.inf, "Input X contains infinity or a value too large for dtype('float64')."),
    ],
)
def test_a_feature_without_a_finite_value_is_refused(bad: float, message: str) -> None:
    features = np.array([[0.0], [bad], [1.0]])
    rows = np.array([True, False, False])
    with pytest.raises(MetricError) as error:
        flip_test(features, rows, rows)
    assert str(error.value) == message


def test_without_features_there_are_no_neighbours() -> None:
    rows = np.array([True, False])
    with pytest.raises(MetricError, match="Found array with 0 feature"):
        flip_test(np.empty((2, 0)), rows, rows)


FULL = expand(
    (0, 0, 0, 30), (0, 0, 1, 10), (0, 1, 0, 5), (0, 1, 1, 15),
    (1, 0, 0, 40), (1, 0, 1, 20), (1, 1, 0, 10), (1, 1, 1, 50),
)  # fmt: skip


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        # smclarify 0.5 on the same rows: all neighbours are equal, so ties fall by row order
        (("f", "g"), 0.4166666666666667),
        (("f", "g", "text"), "FlipTest does not support non-numeric columns"),
        (("f", "g", "digits"), "FlipTest does not support non-numeric columns"),
        (("f", "g", "flag"), 0.4166666666666667),
        (("f", "holes"), "Input X contains NaN."),
    ],
)
def test_features_are_numbers_and_the_facet_is_none_of_them(
    features: tuple[str, ...], expected: object
) -> None:
    n = len(FULL["f"])
    extra = {
        "text": ["x"] * n,
        "digits": ["5"] * n,
        "flag": [True] * n,
        "holes": [None, *range(n - 1)],
    }
    columns = {**FULL, **{name: extra[name] for name in features if name in extra}}
    result = tally(plan([0], predicted=True, features=features), **columns)
    (entry,) = entries(result.sections(), "post_training")
    assert values(entry)["FT"] == expected


def test_a_text_facet_is_no_feature_of_its_own_flip_test() -> None:
    columns = {**FULL, "f": ["d" if f == 0 else "a" for f in FULL["f"]]}
    result = tally(plan(["d"], predicted=True, features=("f", "g")), **columns)
    (entry,) = entries(result.sections(), "post_training")
    assert values(entry)["FT"] == 0.4166666666666667


def test_each_value_of_a_facet_gets_a_flip_test_of_its_own() -> None:
    result = tally(
        plan(predicted=True, positive=["yes"], features=("x",), post=("FT",)),
        f=["u", "v"] * 9,
        y=["no", "yes"] * 9,
        p=["yes", "no"] * 9,
        x=[float(i) for i in range(18)],
    )
    groups = entries(result.sections(), "post_training")
    # Every row of u is predicted positive and no row of v is.
    assert [(g["value_or_threshold"], values(g)["FT"]) for g in groups] == [("u", 1.0), ("v", -1.0)]
