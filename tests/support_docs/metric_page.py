"""The reference of the bias metrics: catalogue, formulas, and an example that is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import numpy as np

from clarify_contract import METRICS, Metric
from clarify_contract.meanings import group_name, meaning
from clarify_contract.remedies import REMEDIES
from clarify_engine.bias.flip_test import flip_test
from clarify_engine.bias.table import Table, confusions
from clarify_local.explaining.markdown import plain
from clarify_local.explaining.metrics import FUNCTIONS, facts, formula
from support_docs.markdown import table

#: By value of the group variable: TN, FP, FN, TP of the rest *a*, then of the group *d*.
EXAMPLE: Final = {"north": ((10, 5, 5, 30), (8, 2, 4, 6)), "south": ((25, 5, 4, 16), (18, 2, 6, 4))}
#: Income and prediction of each row of the rest *a*, then of the group *d*: for the flip test.
PEOPLE: Final = (
    ((30, 0), (35, 0), (50, 1), (60, 1)),
    ((31, 0), (52, 0), (58, 1)),
)
_GROUP: Final = group_name("sex", "f")
_STAGES: Final = {
    "pre_training_bias": "Before training: the labels",
    "post_training_bias": "After training: the predictions",
}
_INTRODUCTION: Final = """\
# Bias metrics

The 21 metrics of SageMaker Clarify, as the service computes them, which is what the open engine
computes too. Two groups are compared: the facet's sensitive group *d*, here `sex = f`, and the rest
*a*. `n` counts rows, `q` is the share of positive labels, and a prime marks predicted labels:
`n'_d(1)` counts the rows of *d* that are predicted positive.

"Worse" takes it that a positive outcome is good for whoever gets it. Infinite is what a ratio
becomes when nothing is in its denominator; 0/0 counts as 0, as the service has it. Limits on these
metrics are [rules](rules.md).

## The example

Loans are granted or not, in two regions, which are the group variable. Every number below is
computed from these counts by the engine's own functions.
"""


def metric_page() -> str:
    """Return the page."""
    lines = [_INTRODUCTION, *_counts()]
    for stage, title in _STAGES.items():
        lines += [f"## {title}", ""]
        for metric in METRICS.values():
            if metric.stage == stage:
                lines += _section(metric)
    return "\n".join(lines)


@cache
def example_values() -> Mapping[str, float]:
    """Return the value of every metric in the example."""
    counts = example_table()
    values = {code: function(counts) for code, function in FUNCTIONS.items()}
    rows = [(income, who, granted) for who in (0, 1) for income, granted in PEOPLE[who]]
    values["FT"] = flip_test(
        np.array([[income] for income, _, _ in rows], dtype=np.float64),
        np.array([who == 1 for _, who, _ in rows]),
        np.array([granted == 1 for _, _, granted in rows]),
    )
    return values


def example_table() -> Table:
    """Return the example as the engine counts it."""
    groups = [[[[tn, fp], [fn, tp]] for tn, fp, fn, tp in both] for both in EXAMPLE.values()]
    return Table(np.array(groups, dtype=np.int64), np.zeros((2, 2, 2), dtype=np.int64))


def _counts() -> Iterator[str]:
    yield from table(
        ["", "labels", "predictions", "TP", "FN", "FP", "TN"],
        (
            [
                f"{'d' if who else 'a'}, {region}",
                f"{tp + fn} of {tp + fn + fp + tn} positive",
                f"{tp + fp} positive",
                *map(str, (tp, fn, fp, tn)),
            ]
            for region, both in EXAMPLE.items()
            for who, (tn, fp, fn, tp) in enumerate(both)
        ),
    )
    yield from table(
        ["both regions", "rows", "q", "q'", "TP", "FN", "FP", "TN"],
        (
            [
                name,
                str(c.size),
                f"{(c.tp + c.fn) / c.size:g}",
                f"{(c.tp + c.fp) / c.size:g}",
                *map(str, (c.tp, c.fn, c.fp, c.tn)),
            ]
            for name, c in zip("ad", confusions(example_table()), strict=True)
        ),
    )


def _section(metric: Metric) -> Iterator[str]:
    value = example_values()[metric.code]
    yield f"### {metric.description} {{#{metric.code}}}"
    yield ""
    yield formula(metric.code)
    yield ""
    told = facts(metric)
    yield from table([*told], [[*told.values()]])
    if metric.code == "FT":
        yield from _people()
    yield f"**Example:** {value:.4g}. {plain(str(meaning(metric.code, value, _GROUP)))}"
    yield ""
    yield f"**What to do:** {REMEDIES[metric.code]}"
    yield ""


def _people() -> Iterator[str]:
    words = ("refused", "granted")
    rest, group = (
        ", ".join(f"{income} {words[granted]}" for income, granted in people) for people in PEOPLE
    )
    yield f"The example's people, by income, for this metric: of *a* {rest}; of *d* {group}."
    yield ""
