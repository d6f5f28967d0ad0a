"""Plans, batches and results in a few words."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from clarify_contract import POST_TRAINING, PRE_TRAINING
from clarify_engine.bias import BiasPlan, BiasTally, FacetPlan


def plan(
    facet: list[Any] | None = None,
    *,
    positive: list[Any] | None = None,
    group: str | None = None,
    predicted: bool = False,
    features: tuple[str, ...] = (),
    pre: tuple[str, ...] = PRE_TRAINING,
    post: tuple[str, ...] = POST_TRAINING,
) -> BiasPlan:
    """Plan for facet column ``f``, label ``y`` and predictions ``p``."""
    return BiasPlan(
        label="y",
        positive=tuple([1] if positive is None else positive),
        facets=(FacetPlan("f", tuple(facet or ())),),
        group=group,
        predicted="p" if predicted else None,
        features=features,
        pre_training=tuple(sorted(pre)),
        post_training=tuple(sorted(post)) if predicted else (),
    )


def tally(plan: BiasPlan, **columns: Any) -> BiasTally:
    """Take in columns, each a list or an array, as one batch."""
    result = BiasTally(plan)
    result.update(pa.RecordBatch.from_pydict({k: pa.array(v) for k, v in columns.items()}))
    return result


def entries(
    sections: dict[str, Any], stage: str = "pre_training", facet: str = "f"
) -> list[dict[str, Any]]:
    """Return the groups of a facet."""
    groups: list[dict[str, Any]] = sections[f"{stage}_bias_metrics"]["facets"][facet]
    return groups


def values(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the value of each metric of a group, or its error's text."""
    return {m["name"]: m.get("error", m["value"]) for m in entry["metrics"]}


def expand(*cells: tuple[Any, ...]) -> dict[str, list[Any]]:
    """Return columns from cells ``(f, y, p, count)`` or ``(f, y, p, count, g)``."""
    columns: dict[str, list[Any]] = {"f": [], "y": [], "p": [], "g": []}
    for f, y, p, count, *g in cells:
        for name, value in (("f", f), ("y", y), ("p", p), ("g", g[0] if g else 0)):
            columns[name] += [value] * count
    return columns
