"""What can be wrong with a dataset, in the service's words and with what to do about it.

Nothing here takes a cell of the data: names, counts and types only. A name is the config's or a
header's.
"""

from __future__ import annotations

from clarify_contract.findings import Finding
from clarify_engine.errors import AnalysisError

HEADERS_MISMATCH = "Headers in config do not match with the number of columns in the dataset."
NO_LABEL = "Headers must contain label."
NO_FACET = "Unable to locate the facet."
NO_GROUP = "Unable to locate the group variable."
NO_JOIN = "Unable to locate the join column."
NO_NAMES = "Feature names not found."
NO_FEATURES = "Data must contain features."
NO_DATA = "Failed to download data"


def problem(
    message: str, id_: str, path: str, *, given: str, allowed: str, fix: str
) -> AnalysisError:
    """Return the error that ends the analysis: the service's message and one finding."""
    return AnalysisError(message, [Finding(id_, path, given, allowed, fix)])


def unreadable(path: str, format_: str, given: str, fix: str) -> AnalysisError:
    """Return the error for a file that is not what `dataset_type` says, or is damaged."""
    return problem(
        f"Unable to load the dataset as {format_}.",
        "dataset-unreadable",
        path,
        given=given,
        allowed=f"a whole {format_} file",
        fix=fix,
    )


def not_utf8(path: str) -> AnalysisError:
    """Return the error for a text file in another encoding."""
    return problem(
        "Unable to decode the dataset as UTF-8.",
        "dataset-not-utf8",
        path,
        given="bytes that are not UTF-8",
        allowed="text in UTF-8",
        fix="Write the file as UTF-8.",
    )


def headers_mismatch(path: str, columns: int, headers: int, what: str = "columns") -> AnalysisError:
    """Return the error for a file with another number of columns than there are names."""
    return problem(
        HEADERS_MISMATCH,
        "headers-count",
        path,
        given=f"{columns} {what}",
        allowed=f"{headers}, one for each header",
        fix="Give one header for each column, in the order of the columns.",
    )
