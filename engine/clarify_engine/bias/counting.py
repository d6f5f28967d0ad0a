"""Counting how often keys come together, in one block of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from clarify_engine.bias.blocks import plain
from clarify_engine.bias.datatype import Kind

#: A value of a column, or None for a missing one.
Key = bool | int | float | str | None

#: Range of integers up to which the distance from the least one serves as their code.
_NARROW: Final = 1 << 12


@dataclass(frozen=True)
class Codes:
    """The keys of rows, as positions in a list of keys.

    Attributes
    ----------
    positions
        Shape ``(n,)``: integers below ``len(keys)``.
    keys
        Every key of the rows, each once, and possibly more.
    """

    positions: NDArray[Any]
    keys: Sequence[Key]


def encode(array: pa.Array, kind: Kind) -> Codes:
    """Return the values of a column as codes."""
    cells = plain(array, kind)
    if kind == "int" and cells.null_count == 0 and len(cells):
        values = cells.to_numpy()
        low, high = int(values.min()), int(values.max())
        if high - low < _NARROW:
            return Codes((values - low).astype(np.uint16), range(low, high + 1))
    if kind == "double":
        cells = pc.if_else(pc.is_nan(cells), None, cells)
    encoded = pc.dictionary_encode(cells, null_encoding="encode")
    return Codes(encoded.indices.to_numpy(), encoded.dictionary.to_pylist())


def count_together(parts: Sequence[Codes]) -> Iterator[tuple[tuple[Key, ...], int]]:
    """Yield each combination of keys that a row has, and the number of rows that have it."""
    sizes = [len(part.keys) for part in parts]
    space = int(np.prod(sizes, dtype=np.float64))
    rows = len(parts[0].positions)
    code = np.dtype(np.uint16 if space <= 1 << 16 else np.int64)
    combined: NDArray[Any] = np.zeros(rows, dtype=code)
    for part, size in zip(parts, sizes, strict=True):
        combined = combined * code.type(size) + part.positions.astype(code)
    if space <= max(1 << 16, 4 * rows):
        counts = np.bincount(combined)
        found = np.flatnonzero(counts)
        counts = counts[found]
    else:
        found, counts = np.unique(combined, return_counts=True)
    positions = np.unravel_index(found, sizes)
    names = [
        [part.keys[position] for position in index.tolist()]
        for part, index in zip(parts, positions, strict=True)
    ]
    return zip(zip(*names, strict=True), counts.tolist(), strict=True)
