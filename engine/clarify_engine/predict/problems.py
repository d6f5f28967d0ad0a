"""What can be wrong between config and model, and what to do about it.

Nothing here takes a text that a model sent, nor a cell of the data: names, counts and types only.
"""

from __future__ import annotations

from clarify_contract.findings import Finding
from clarify_engine.errors import AnalysisError

UNREADABLE = "Unable to read the model's response."
NOT_A_NUMBER = "Could not convert string to float."
NO_NAMES = "Feature names not found."


def problem(
    message: str, id_: str, path: str, *, given: str, allowed: str, fix: str
) -> AnalysisError:
    """Return the error that ends the analysis: a message and one finding about `predictor.path`."""
    return AnalysisError(message, [Finding(id_, f"$.predictor.{path}", given, allowed, fix)])


def unreadable(id_: str, path: str, given: str, allowed: str, fix: str) -> AnalysisError:
    """Return the error for a response that is not what the config says about it."""
    return problem(UNREADABLE, id_, path, given=given, allowed=allowed, fix=fix)
