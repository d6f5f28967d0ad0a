"""What can be wrong with a given baseline; names, numbers of rows and types, never a cell."""

from __future__ import annotations

from typing import Final

from clarify_engine.data.problems import problem
from clarify_engine.errors import AnalysisError

#: Where the config has the baseline.
PATH: Final = "$.methods.shap.baseline"
#: Our words: the service's are unknown.
_MESSAGE: Final = "Unable to load the baseline."


def wrong_width(place: str, given: int, features: int) -> AnalysisError:
    """Return the error for a row with more or fewer cells than there are features."""
    return problem(
        _MESSAGE,
        "baseline-width",
        place,
        given=f"{given} values",
        allowed=f"{features} values, one for each column that is sent to the model",
        fix="Leave out label, predicted label, join column and excluded columns.",
    )


def wrong_type(place: str, column: str, given: str, allowed: str) -> AnalysisError:
    """Return the error for a cell that the dataset's column could not hold."""
    return problem(
        _MESSAGE,
        "baseline-type",
        f"{place}, column {column!r}",
        given=given,
        allowed=f"{allowed}, as in the dataset",
        fix="Write the row as the dataset's rows are, in the order of the columns.",
    )


def wrong_columns(place: str) -> AnalysisError:
    """Return the error for a Parquet file with other columns than the features."""
    return problem(
        _MESSAGE,
        "baseline-columns",
        place,
        given="columns with other names than the features have",
        allowed="the columns that are sent to the model",
        fix="Write the file with the dataset's column names, features only.",
    )


def no_rows(place: str) -> AnalysisError:
    """Return the error for a baseline without rows."""
    return problem(
        _MESSAGE,
        "baseline-empty",
        place,
        given="no row",
        allowed="one row or more",
        fix="Add a row, or leave the key out to have a baseline computed.",
    )


def not_csv(place: str) -> AnalysisError:
    """Return the error for text that Python's csv module does not read."""
    return problem(
        _MESSAGE,
        "baseline-unreadable",
        place,
        given="a row that is no CSV row",
        allowed="rows in the dialect csv.excel",
        fix="Check the delimiter (a comma) and the quotes.",
    )


def not_text(place: str, column: str) -> AnalysisError:
    """Return the error for half of a surrogate pair, which JSON can write and UTF-8 cannot."""
    return wrong_type(place, column, "text that UTF-8 cannot hold", "text")
