"""Hadamard matrices: square, of 1 and -1, with orthogonal columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.int8]


def is_order(order: int) -> bool:
    """Return whether a Hadamard matrix of this order is built here.

    Paley's first construction, from a prime that is 3 modulo 4, and Sylvester's doubling give most
    multiples of 4 below 100: 4, 8, 12, 16, 20, 24, 32, 40, 44, 48, 60, 64, 68, 72, 80, 84, 88, 96.
    """
    if order <= 2 or (order % 4 == 0 and _is_prime(order - 1)):
        return order > 0
    return order % 2 == 0 and is_order(order // 2)


def hadamard(order: int) -> Signs:
    """Return the Hadamard matrix of an order that `is_order` knows."""
    if order <= 2:
        return np.array([[1, 1], [1, -1]], dtype=np.int8)[:order, :order]
    if order % 4 == 0 and _is_prime(order - 1):
        return _paley(order - 1)
    half = hadamard(order // 2)
    return np.block([[half, half], [half, -half]])


def _paley(prime: int) -> Signs:
    squares = np.full(prime, -1, dtype=np.int8)
    squares[np.arange(1, prime) ** 2 % prime] = 1
    squares[0] = 0
    each = np.arange(prime)
    matrix = np.ones((prime + 1, prime + 1), dtype=np.int8)
    matrix[1:, 0] = -1
    matrix[1:, 1:] = squares[(each - each[:, None]) % prime] + np.eye(prime, dtype=np.int8)
    return matrix


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))
