"""The bias sections of ``analysis.json``."""

from __future__ import annotations

import math
from typing import Any, Final

from clarify_contract import METRICS
from clarify_engine.bias.counts import BiasCounts, FacetCounts
from clarify_engine.bias.folding import Group, groups_of
from clarify_engine.bias.plan import BiasPlan
from clarify_engine.bias.post_training import POST_TRAINING_FUNCTIONS
from clarify_engine.bias.pre_training import PRE_TRAINING_FUNCTIONS
from clarify_engine.bias.table import MetricError, require_both
from clarify_engine.errors import AnalysisError

TYPES_DIFFER: Final = (
    "Predicted Label Column series datatype is not the same as Label Column series"
)
NO_POSITIVE_PREDICTION: Final = (
    "No Label values are present in the predicted Label Column,"
    "Positive Predicted Index Series contains all False values"
)

Section = dict[str, Any]

_FUNCTIONS: Final = {**PRE_TRAINING_FUNCTIONS, **POST_TRAINING_FUNCTIONS}


def bias_sections(counts: BiasCounts) -> dict[str, Section]:
    """Return the sections that a plan asks for, by key.

    Raises
    ------
    AnalysisError
        The analysis as a whole fails, in the service's words.
    """
    if counts.rows == 0:
        raise AnalysisError("The dataset has no rows.")
    plan = counts.plan
    label_text = counts.label.text()
    if plan.post_training:
        check_predictions(counts)
    sections: dict[str, Section] = {
        stage: {"label": plan.label, "facets": {}, "label_value_or_threshold": label_text}
        for stage, codes in stages(plan)
        if codes
    }
    for facet in counts.facets:
        for group in groups_of(counts, facet):
            for stage, codes in stages(plan):
                if codes:
                    metrics = [_metric(counts, facet, group, code) for code in codes]
                    entry = {"value_or_threshold": group.text, "metrics": metrics}
                    sections[stage]["facets"].setdefault(facet.plan.column, []).append(entry)
    return sections


def check_predictions(counts: BiasCounts) -> None:
    """Refuse predictions that are read in another way than the labels, or never positive."""
    predicted = counts.predicted
    if predicted is None:
        return
    if predicted.is_continuous != counts.label.is_continuous:
        raise AnalysisError(TYPES_DIFFER)
    if predicted.hits_of(counts.positive_prediction(predicted)) == 0:
        raise AnalysisError(NO_POSITIVE_PREDICTION)


def stages(plan: BiasPlan) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the sections' keys, and the metrics that are asked for in each."""
    return (
        ("pre_training_bias_metrics", plan.pre_training),
        ("post_training_bias_metrics", plan.post_training),
    )


def _metric(counts: BiasCounts, facet: FacetCounts, group: Group, code: str) -> dict[str, Any]:
    named: dict[str, Any] = {"name": code, "description": METRICS[code].description}
    try:
        value = _flip(counts, facet, group) if code == "FT" else _FUNCTIONS[code](group.table)
    except MetricError as error:
        return {**named, "value": None, "error": str(error)}
    return {**named, "value": printed(value)}


def _flip(counts: BiasCounts, facet: FacetCounts, group: Group) -> float:
    predicted = counts.predicted
    if predicted is None:
        raise ValueError("the flip test needs predictions")
    require_both(
        *group.table.labels.sum(axis=1).tolist(),
        empty="Facet set is empty",
        covers_all="Negated Facet set is empty",
    )
    reading = counts.positive_prediction(predicted)
    return counts.flip_rows.test(
        facet.plan.column, group.sensitive, lambda array: predicted.answers(array, reading)
    )


def printed(value: float) -> float | str:
    """Return a value as JSON can hold it: infinities are texts, as the service writes them."""
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value
