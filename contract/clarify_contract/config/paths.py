"""JSON paths: how a place in a config is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

#: A place: keys and list positions from the top.
Place = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

#: Below these places stand cells of somebody's data: findings name the place, and types and counts.
DATA_PLACES: tuple[Place, ...] = (
    ("methods", "shap", "baseline"),
    ("methods", "asymmetric_shapley_value", "baseline", "static_covariates"),
)


def json_path(place: Iterable[str | int], root: str = "$") -> str:
    """Return ``$.facet[0].name_or_index`` for ``("facet", 0, "name_or_index")``."""
    text = root
    for step in place:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            text += f".{step}"
        else:
            text += f"[{json.dumps(step, ensure_ascii=False)}]"
    return text


def data_place(place: Place) -> Place | None:
    """Return the data place at or above ``place``, if there is one."""
    for data in DATA_PLACES:
        if place[: len(data)] == data:
            return data
    return None


def may_hold_data(place: Place) -> bool:
    """Return whether a value there may be cells of data, for places that start at any model."""
    return any(step in ("baseline", "static_covariates") for step in place)


def overlaps(one: Place, other: Place) -> bool:
    """Return whether one place is the other, or holds it."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
