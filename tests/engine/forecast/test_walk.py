"""What each player adds: games worked by hand, and every order counted out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_engine.forecast.walk import Player, Walk

Game = Callable[[frozenset[int]], float]


def walk(*sizes: int, num_samples: int = 1000, seed: int = 0) -> Walk:
    """A walk through stages of so many players, each with one cell."""
    cells = iter(range(sum(sizes)))
    stages = [[Player(cell, np.array([cell])) for cell in islice(cells, n)] for n in sizes]
    return Walk(stages, sum(sizes), num_samples=num_samples, seed=seed)


def play(walk: Walk, game: Game) -> list[float]:
    values = [game(frozenset(np.flatnonzero(cells).tolist())) for cells in walk.coalitions()]
    return walk.scores(np.array(values).reshape(-1, 1))[:, 0].tolist()


def by_counting(sizes: list[int], game: Game) -> list[float]:
    """Means over all orders of each stage, one by one."""
    scores = [0.0] * sum(sizes)
    before: frozenset[int] = frozenset()
    for size in sizes:
        players = range(len(before), len(before) + size)
        orders = list(permutations(players))
        for order in orders:
            joined = before
            for player in order:
                scores[player] += (game(joined | {player}) - game(joined)) / len(orders)
                joined |= {player}
        before |= frozenset(players)
    return scores


def table(values: list[float]) -> Game:
    """A game with any value for any coalition."""
    return lambda coalition: values[sum(1 << player for player in coalition)]


def test_one_player_after_the_other_gets_the_difference_it_makes() -> None:
    game = table([1.0, 4.0, 100.0, 9.0])  # {} 1, {0} 4, {1} never asked, {0, 1} 9

    assert play(walk(1, 1), game) == [3.0, 5.0]


def test_only_coalitions_of_the_order_are_asked_about() -> None:
    assert [cells.tolist() for cells in walk(1, 1, 1).coalitions()] == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_players_of_one_stage_share_what_only_both_of_them_make() -> None:
    assert play(walk(2), lambda coalition: float(len(coalition) == 2)) == [0.5, 0.5]


def test_a_later_stage_gets_nothing_of_what_an_earlier_one_makes_alone() -> None:
    """Symmetric Shapley values would give each of the three a third."""
    assert play(walk(2, 1), lambda coalition: float(len(coalition) >= 1)) == [0.5, 0.5, 0.0]


@given(
    st.sampled_from([[3], [1, 3], [2, 2], [4], [1, 1, 2]]).flatmap(
        lambda sizes: st.tuples(
            st.just(sizes),
            st.lists(st.floats(-1e3, 1e3), min_size=2 ** sum(sizes), max_size=2 ** sum(sizes)),
        )
    )
)
def test_enumerated_stages_are_the_mean_over_all_orders(
    case: tuple[list[int], list[float]],
) -> None:
    sizes, values = case
    game = table(values)

    assert play(walk(*sizes), game) == pytest.approx(by_counting(sizes, game), abs=1e-9)


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=3),
    st.integers(1, 40),
    st.integers(0, 2**32),
    st.integers(0, 2**32),
)
def test_scores_add_up_to_prediction_minus_offset_sampled_or_not(
    sizes: list[int], num_samples: int, seed: int, game_seed: int
) -> None:
    made = walk(*sizes, num_samples=num_samples, seed=seed)
    coalitions = list(made.coalitions())
    forecasts = np.random.default_rng(game_seed).normal(size=(len(coalitions), 3))
    scores = made.scores(forecasts)

    assert scores.shape == (sum(sizes), 3)
    np.testing.assert_allclose(scores.sum(axis=0), forecasts[-1] - forecasts[0], atol=1e-12)


@pytest.mark.parametrize("players", [2, 3, 4])
def test_as_many_samples_as_orders_give_exact_values(players: int) -> None:
    orders = len(list(permutations(range(players))))
    values = np.random.default_rng(7).normal(size=2**players).tolist()
    found = play(walk(players, num_samples=orders), table(values))

    assert found == pytest.approx(by_counting([players], table(values)), abs=1e-12)


def test_a_sample_asks_for_no_more_predictions_than_its_orders_have_steps() -> None:
    made = walk(6, 6, num_samples=4)

    assert len(list(made.coalitions())) <= 3 + 2 * 4 * 5


def test_the_seed_decides_the_sample() -> None:
    game = table(np.random.default_rng(1).normal(size=2**8).tolist())
    first, again, other = (play(walk(8, num_samples=3, seed=seed), game) for seed in (5, 5, 6))

    assert first == again
    assert first != other


def test_samples_come_close_to_exact_values() -> None:
    game = table(np.random.default_rng(2).normal(size=2**8).tolist())
    exact = play(walk(8, num_samples=10**6), game)
    sampled = play(walk(8, num_samples=36), game)  # 2 ** 8 - 2 = 254 > 36 * 7 = 252

    assert sampled != exact
    # A score is the mean of 36 differences of two independent standard normal values.
    assert np.abs(np.subtract(sampled, exact)).max() < 4 * np.sqrt(2 / 36)


def test_pairs_of_orders_are_exact_where_no_more_than_two_players_act_together() -> None:
    weights = np.random.default_rng(3).normal(size=(9, 9))

    def game(coalition: frozenset[int]) -> float:
        return float(sum(weights[a, b] for a in coalition for b in coalition))

    shared = (weights + weights.T) / 2
    assert play(walk(9, num_samples=2), game) == pytest.approx(shared.sum(axis=1), abs=1e-12)


def test_a_player_may_reveal_several_cells() -> None:
    made = Walk(
        [[Player(1, np.array([0, 2]))], [Player(0, np.array([1]))]], 3, num_samples=1, seed=0
    )

    assert [cells.tolist() for cells in made.coalitions()][1] == [True, False, True]
    assert made.scores(np.array([[0.0], [3.0], [10.0]])).tolist() == [[7.0], [3.0]]
