"""One product of matrices for all rows and classes."""

from __future__ import annotations

from typing import Final

import numpy as np

from clarify_engine.shap.design import Floats

#: Rows of each product. All products of a design have the same shape, the last rows filled up: so a
#: row's values do not depend on the rows it is explained with, to the last digit.
_TILE: Final = 64


def project(values: Floats, projection: Floats) -> Floats:
    """Return the features' values from those of coalitions.

    Parameters
    ----------
    values
        Shape ``(rows, coalitions, classes)``.
    projection
        Shape ``(coalitions, features)``.

    Returns
    -------
    array
        Shape ``(rows, features, classes)``.
    """
    rows, coalitions, classes = values.shape
    flat = values.transpose(0, 2, 1).reshape(rows * classes, coalitions)
    whole = len(flat) // _TILE * _TILE
    products = np.empty((len(flat), projection.shape[1]))
    for at in range(0, whole, _TILE):
        np.matmul(flat[at : at + _TILE], projection, out=products[at : at + _TILE])
    if whole < len(flat):
        last = np.zeros((_TILE, coalitions))
        last[: len(flat) - whole] = flat[whole:]
        products[whole:] = (last @ projection)[: len(flat) - whole]
    return products.reshape(rows, classes, -1).transpose(0, 2, 1)
