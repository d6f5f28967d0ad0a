"""The coalitions of kernel SHAP under a budget: outer sizes complete, inner ones sampled."""

from __future__ import annotations

import math

import numpy as np

from clarify_engine.shap.design import Bools, Floats, Ints

#: Subsets are numbered as long as their numbers fit int64; there are far too many others to meet
#: one twice.
_NUMBERED = 2**62


def sampled_coalitions(
    size: int, samples: int, random: np.random.Generator
) -> tuple[Bools, Floats]:
    """Choose coalitions, and weigh them as the Shapley kernel does.

    Coalitions come in pairs: one, and all features that are not in it. The sizes next to the empty
    and the whole coalition weigh most (Lundberg and Lee 2017, theorem 2) and are the fewest, so
    they are taken completely, from the outside in, as long as sampling by weight would draw at
    least as many as there are. The rest of the budget is spread over the sizes left in proportion
    to their weight, and drawn within a size without repetition.

    Parameters
    ----------
    size
        How many features vary, at least 2.
    samples
        The budget: how many coalitions at most. An odd one leaves one unused, but at least one pair
        is chosen.
    random
        Draws.

    Returns
    -------
    tuple of arrays
        The members, shape ``(coalitions, size)``, and the weights, shape ``(coalitions,)``, which
        sum to 1.
    """
    sizes = range(1, size // 2 + 1)
    pairs = [pairs_of(size, k) for k in sizes]
    mass = np.array([_pair_mass(size, k) for k in sizes])
    mass /= mass.sum()
    left = max(samples // 2, 1)
    chosen: list[Bools] = []
    weights: list[Floats] = []
    complete = 0
    for k, count, share in zip(sizes, pairs, mass, strict=True):
        if count > left or left * share < count * mass[complete:].sum() * (1 - 1e-9):
            break
        chosen.append(_one_of_each(size, k, np.arange(count)))
        weights.append(np.full(count, share / count))
        left -= count
        complete += 1
    if complete < len(pairs) and left > 0:
        drawn = [
            drawn_pairs(size, k, count, random)
            for k, count in zip(
                sizes[complete:], _shares(mass[complete:], left, random), strict=True
            )
        ]
        chosen += drawn
        weights.append(np.full(left, mass[complete:].sum() / left))
    one = np.concatenate(chosen)
    members = np.stack([one, ~one], axis=1).reshape(-1, size)
    weight = np.repeat(np.concatenate(weights), 2)
    return members, weight / weight.sum()


def pairs_of(size: int, k: int) -> int:
    """Return how many pairs have a coalition of k features; half the size pairs with itself."""
    return math.comb(size, k) if 2 * k < size else math.comb(size - 1, k - 1)


def _pair_mass(size: int, k: int) -> float:
    """Return the Shapley kernel's weight of these pairs: (M - 1) / (k (M - k)) for each size."""
    return (size - 1) / (k * (size - k)) * (2 if 2 * k < size else 1)


def _shares(mass: Floats, count: int, random: np.random.Generator) -> list[int]:
    """Split a number in proportion to mass, each share rounded up or down at random."""
    ends = np.floor(np.cumsum(mass / mass.sum()) * count + random.random())
    ends[-1] = count
    return [int(share) for share in np.diff(np.minimum(ends, count), prepend=0)]


def drawn_pairs(size: int, k: int, count: int, random: np.random.Generator) -> Bools:
    """Draw different pairs that have a coalition of k features, given by one coalition of each."""
    pairs = pairs_of(size, k)
    if pairs < _NUMBERED:
        return _one_of_each(size, k, random.choice(pairs, count, replace=False))
    order = np.argsort(random.random((count, size)), axis=1)
    members = np.zeros((count, size), dtype=np.bool_)
    np.put_along_axis(members, order[:, :k], values=True, axis=1)
    return members


def _one_of_each(size: int, k: int, numbers: Ints) -> Bools:
    """Return one coalition of each pair; of pairs within half the size, the one with the last."""
    if 2 * k < size:
        return _subsets(size, k, numbers)
    others = _subsets(size - 1, k - 1, numbers)
    return np.column_stack([others, np.ones(len(numbers), dtype=np.bool_)])


def _subsets(size: int, k: int, numbers: Ints) -> Bools:
    """Return the subsets of k features with these numbers, in the combinatorial number system."""
    members = np.zeros((len(numbers), size), dtype=np.bool_)
    left = numbers.astype(np.int64)
    wanted = np.full(len(numbers), k)
    for feature in range(size - 1, -1, -1):
        before = np.array([math.comb(feature, j) for j in range(k + 1)], dtype=np.int64)[wanted]
        taken = (wanted > 0) & (left >= before)
        members[:, feature] = taken
        left -= np.where(taken, before, 0)
        wanted -= taken
    return members
