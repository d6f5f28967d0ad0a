"""Baselines in files of their own: rows as wide as the model's input, or values for time series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from clarify_lambda.prepare.preflight.columns import Config, baseline_rows
from clarify_lambda.prepare.preflight.csv_head import csv_rows, same_names
from clarify_lambda.prepare.preflight.dataset import (
    Dataset,
    Head,
    not_checked,
    other_format,
    presence,
)
from clarify_lambda.prepare.preflight.finding import Finding, Stopped
from clarify_lambda.prepare.preflight.json_head import parsed, read_records
from clarify_lambda.prepare.preflight.table import about_rows

_UNKNOWN = "rows whose width cannot be told, as the columns of the dataset are not known"


def baseline_findings(
    config: Config, baseline: Dataset, features: Sequence[str] | None
) -> Iterator[Finding]:
    """Yield what is wrong with the rows below `methods.shap.baseline`.

    Parameters
    ----------
    config
        A valid config, which names them by URI.
    baseline
        What was seen of them.
    features
        The columns that are sent to the model; None if they are not known.
    """
    try:
        rows = _rows(config, baseline, features)
    except Stopped as stopped:
        yield stopped.finding
        return
    if not rows:
        yield Finding(
            "baseline-empty",
            baseline.name,
            "no row",
            "one row or more",
            "Add a row, or leave the key out to have a baseline computed.",
        )
    elif features is None:
        yield not_checked(baseline.name, _UNKNOWN, "Correct what is said of the dataset first.")
    elif wrong := [len(row) for row in rows if len(row) not in _widths(config, features)]:
        yield Finding(
            "baseline-width",
            baseline.name,
            f"{len(wrong)} of the first {len(rows)} rows with another number of values, "
            f"such as {wrong[0]}",
            f"{len(features)} values, one for each column that is sent to the model",
            "Leave out label, predicted label, join column and excluded columns.",
        )


def number_of_baseline_rows(config: Config, baseline: Dataset | None) -> int:
    """Return about how many rows the baseline has; 1, the fewest, where that is not known.

    Parameters
    ----------
    config
        A valid config.
    baseline
        What was seen of the one that it names by URI.
    """
    shap = config["methods"].get("shap") or {}
    if baseline is not None:
        try:
            return max(about_rows(baseline, len(_rows(config, baseline, None))), 1)
        except Stopped:  # which was found already
            return 1
    return shap.get("num_clusters") or len(baseline_rows(config)) or 1


def forecast_baseline_findings(config: Config, baseline: Dataset) -> Iterator[Finding]:
    """Yield what is wrong with the object below `methods.asymmetric_shapley_value.baseline`."""
    try:
        given = parsed(_head(baseline, "application/json"))
    except Stopped as stopped:
        yield stopped.finding
        return
    if not isinstance(given, dict):
        yield Finding(
            "forecast-baseline",
            baseline.name,
            "a file that is no JSON object",
            "one JSON object, as it would stand in the config",
            "Write target_time_series, related_time_series and static_covariates into one object.",
        )
        return
    covariates = len(config["time_series_data_config"].get("static_covariates") or ())
    static = given.get("static_covariates") or {}
    rows = list(static.values()) if isinstance(static, dict) else [static]
    if wrong := sum(not isinstance(row, list) or len(row) != covariates for row in rows):
        yield Finding(
            "static-baseline",
            f"static_covariates in {baseline.name}",
            f"{wrong} of {len(rows)} items with another number of values",
            f"{covariates} for each item, as time_series_data_config.static_covariates names",
            "Give each item one value for each static covariate.",
        )


def _widths(config: Config, features: Sequence[str]) -> set[int]:
    """Return how many values a row may have: a JSON record may have excluded columns too."""
    widths = {len(features)}
    if config["dataset_type"] != "text/csv":
        widths.add(len(features) + len(config.get("excluded_columns") or ()))
    return widths


def _rows(
    config: Config, baseline: Dataset, features: Sequence[str] | None
) -> Sequence[Sequence[Any]]:
    kind = config["dataset_type"]
    head = _head(baseline, kind)
    if kind == "text/csv":
        rows = csv_rows(head)
        named = features is not None and same_names(features, rows[0])
        return rows[1:] if named else rows
    if kind in ("application/json", "application/jsonlines"):
        return read_records(head, {"dataset_type": kind, "features": config["features"]})
    raise Stopped(
        not_checked(head.name, "a baseline of which only the format was seen", "See the job's log.")
    )


def _head(baseline: Dataset, kind: str) -> Head:
    """Return the first bytes of a baseline.

    Raises
    ------
    Stopped
        There are none, or they are of another format.
    """
    if baseline.head is None:
        raise Stopped(next(presence(baseline)))
    for wrong in other_format(baseline.head, kind):
        raise Stopped(wrong)
    return baseline.head
