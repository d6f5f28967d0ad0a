"""What can be wrong with a forecasting dataset or its baseline, and what to do about it.

Nothing here takes a cell of the data, nor an item's id: names, positions, counts and types only.
"""

from __future__ import annotations

from typing import Final

from clarify_engine.data.problems import problem
from clarify_engine.errors import AnalysisError

BASELINE: Final = "$.methods.asymmetric_shapley_value.baseline"


def unreadable(id_: str, path: str, given: str, allowed: str, fix: str) -> AnalysisError:
    """Return the error for data that are no time series as the config describes them."""
    message = "Unable to load the dataset as time series."
    return problem(message, id_, path, given=given, allowed=allowed, fix=fix)


def no_baseline(id_: str, path: str, given: str, allowed: str, fix: str) -> AnalysisError:
    """Return the error for a baseline that cannot be used; `path` begins below the baseline."""
    message = "Unable to use the baseline."
    return problem(message, id_, BASELINE + path, given=given, allowed=allowed, fix=fix)
