"""What is legal in a forecasting dataset but misleads whoever reads the results."""

from __future__ import annotations

from collections.abc import Sequence

from clarify_contract.config import AsymmetricShapley
from clarify_contract.findings import Finding
from clarify_engine.forecast.request import ForecastRequest
from clarify_engine.forecast.series import Series, goes_back, has_gaps


def warnings_about(
    series: Sequence[Series], method: AsymmetricShapley, request: ForecastRequest
) -> tuple[Finding, ...]:
    """Return one warning for each thing that misleads."""
    found = [
        _times(sum(goes_back(item.times) for item in series), len(series)),
        _gaps(sum(map(has_gaps, series)), len(series)),
        _static(bool(series[0].static), method, request),
        _not_sent("related_time_series", bool(series[0].related), request),
        _not_sent("static_covariates", bool(series[0].static), request),
    ]
    return tuple(finding for finding in found if finding is not None)


def _times(count: int, items: int) -> Finding | None:
    if not count:
        return None
    return Finding(
        "forecast-times-order",
        "$.time_series_data_config.timestamp",
        f"{count} of {items} items whose times are not ascending",
        "the rows of an item in the order of time, since they are taken in the order of the data",
        "Sort the dataset by time.",
        "warning",
    )


def _gaps(count: int, items: int) -> Finding | None:
    if not count:
        return None
    return Finding(
        "forecast-missing-values",
        "dataset",
        f"{count} of {items} items with missing values inside a series",
        "a value for each time; nulls are sent to the model as null, and count as information",
        "Fill the gaps as they were filled for training the model.",
        "warning",
    )


def _static(given: bool, method: AsymmetricShapley, request: ForecastRequest) -> Finding | None:
    if not given or method.granularity != "timewise" or not request.carries("static_covariates"):
        return None
    return Finding(
        "forecast-static-kept",
        "$.methods.asymmetric_shapley_value.granularity",
        "timewise, with static covariates in the request",
        "scores of time steps only: static covariates keep their values, also in the offset, and "
        "a baseline of theirs is not used",
        "Take fine_grained to explain static covariates.",
        "warning",
    )


def _not_sent(word: str, given: bool, request: ForecastRequest) -> Finding | None:
    if not given or request.carries(word):
        return None
    return Finding(
        "forecast-not-sent",
        "$.predictor.record_template",
        f"no ${word}, which time_series_data_config has",
        f"${word}, or a dataset without it: the model does not see it",
        f"Add ${word} to record_template, or take {word} out of time_series_data_config.",
        "warning",
    )
