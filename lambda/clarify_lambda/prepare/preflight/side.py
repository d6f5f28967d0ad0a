"""Data beside the dataset: which there are, and facets or predicted labels in files of their own.

What their first rows show is held to the rules for the dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from clarify_lambda.prepare.preflight.columns import (
    Config,
    headers_mismatch,
    missing_facets,
    missing_group,
    missing_predicted_label,
    predicted_label,
)
from clarify_lambda.prepare.preflight.csv_head import read_csv
from clarify_lambda.prepare.preflight.dataset import Dataset, other_format, presence
from clarify_lambda.prepare.preflight.finding import Finding, Stopped

FACETS: Final = "facet_dataset_uri"
PREDICTED: Final = "predicted_label_dataset_uri"
BASELINE: Final = "baseline"
_HEADERS = {FACETS: "facet_headers", PREDICTED: "predicted_label_headers"}


def side_uris(config: Config) -> dict[str, str]:
    """Return the URIs that the container reads besides the dataset's, by what they hold."""
    methods = config["methods"]
    named = {key: config.get(key) for key in (FACETS, PREDICTED)}
    for method in ("shap", "asymmetric_shapley_value"):
        if method in methods:
            named[BASELINE] = methods[method].get("baseline")
    return {name: uri for name, uri in named.items() if isinstance(uri, str)}


def side_findings(
    config: Config, side: Dataset, columns: Sequence[str] | None
) -> Iterator[Finding]:
    """Yield what is wrong with a dataset of facets or of predicted labels.

    Parameters
    ----------
    config
        A valid config, which names it.
    side
        What was seen of it.
    columns
        The dataset's own columns; None if they are not known.
    """
    if side.head is None:
        yield from presence(side)
        return
    if wrong := list(other_format(side.head, "text/csv")):
        yield from wrong
        return
    key = _HEADERS[side.name]
    headers = config.get(key)
    try:
        found, wrong = read_csv(side.head, headers, _named(config, side.name))
    except Stopped as stopped:
        yield stopped.finding
        return
    yield from wrong
    if headers is not None:  # facets and labels were held against them before
        yield from headers_mismatch(headers, found.width, f"$.{key}")
    elif side.name == FACETS:
        yield from missing_facets(config, found.columns)
    else:
        yield from missing_predicted_label(config, found.columns)
    if side.name == FACETS and columns is not None:
        yield from missing_group(config, columns, found.columns)


def _named(config: Config, side: str) -> set[str]:
    """Return its columns that the config addresses by name."""
    columns: list[object] = [config.get("joinsource_name_or_index")]
    if side == FACETS:
        columns += [facet["name_or_index"] for facet in config.get("facet") or ()]
    else:
        columns.append(predicted_label(config))
    return {column for column in columns if isinstance(column, str)}
