"""What a bias metric is, and what to do about it."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Mapping
from typing import Final

from clarify_contract import Metric
from clarify_contract.remedies import REMEDIES
from clarify_engine.bias.flip_test import flip_test
from clarify_engine.bias.post_training import POST_TRAINING_FUNCTIONS
from clarify_engine.bias.pre_training import PRE_TRAINING_FUNCTIONS
from clarify_local.explaining.markdown import prose

#: What computes each metric but FT from counts.
FUNCTIONS: Final = {**PRE_TRAINING_FUNCTIONS, **POST_TRAINING_FUNCTIONS}
_NEEDS: Final[Mapping[str, str]] = {
    "label": "labels",
    "predictions": "predictions",
    "group_variable": "`group_variable`",
    "numeric_features": "features that are numbers",
}


def formula(code: str) -> str:
    """Return what the docstring of the function that computes a metric says of it."""
    text = inspect.getdoc(FUNCTIONS.get(code, flip_test)) or ""
    return prose(text.partition("\n\nParameters\n")[0]).removeprefix("Return ")


def facts(metric: Metric) -> Mapping[str, str]:
    """Return in words which values there are, which are worse, and what they are computed from."""
    return {
        "range": f"{_end(metric.minimum)} to {_end(metric.maximum)}",
        "neutral": f"{metric.neutral:g}",
        "worse": "higher" if metric.worse == "higher" else "away from neutral, either way",
        "computed from": ", ".join(words for need, words in _NEEDS.items() if need in metric.needs)
        or "the facet alone",
    }


def explained(metric: Metric) -> str:
    """Return what a metric is and what to do about it, as Markdown."""
    told = facts(metric)
    values = (
        f"Of the two groups *d* is the facet's, and *a* all other rows. Values: {told['range']};"
        f" neutral: {told['neutral']}; worse: {told['worse']}. Computed from"
        f" {told['computed from']}."
    )
    # Links lead from one metric to another on a page that is not here.
    remedy = re.sub(r"\[(\w+)\]\(#\w+\)", r"\1", REMEDIES[metric.code])
    return f"{formula(metric.code)}\n\n{values}\n\n{remedy}"


def _end(number: float) -> str:
    return f"{number:.4g}" if math.isfinite(number) else ("∞" if number > 0 else "-∞")
