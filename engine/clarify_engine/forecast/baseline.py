"""What the parts of an item are set to where they are obfuscated.

The developer guide ("Analysis Configuration Files", `asymmetric_shapley_value`): `zero` is 0.0 and
`mean` the average of a time series; static covariates have a value for every item. `zero` where a
config does not say is the default of the SDK's schema.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import fsum
from pathlib import Path

from clarify_contract.config import AsymmetricShapley, ForecastBaseline
from clarify_contract.config.asymmetric import Fill
from clarify_contract.findings import Refused
from clarify_engine.data.files import data_files
from clarify_engine.data.json_values import parse
from clarify_engine.errors import AnalysisError
from clarify_engine.forecast.problems import BASELINE, no_baseline
from clarify_engine.forecast.series import Number, Scalar, Series

Fetch = Callable[[str], Path]


@dataclass(frozen=True, slots=True)
class Obfuscated:
    """What an item's values are replaced with; None where there is nothing to replace.

    Attributes
    ----------
    target
        For each value of the target.
    related
        For each value of each related series.
    static
        For each static covariate.
    """

    target: Number | None
    related: Sequence[Number | None]
    static: Sequence[Scalar]


def open_baseline(method: AsymmetricShapley, covariates: int, fetch: Fetch) -> ForecastBaseline:
    """Return the config's baseline, from where it is.

    Parameters
    ----------
    method
        The config's method.
    covariates
        Number of static covariates, which is how many values each item must have.
    fetch
        Gives a local path for an S3 URI.

    Raises
    ------
    AnalysisError
        The URI holds something else than one baseline in JSON, or an item has another number of
        values.
    """
    if method.baseline is None:
        return ForecastBaseline()
    if isinstance(method.baseline, ForecastBaseline):
        return method.baseline
    baseline = _read(fetch(method.baseline))
    rows = (baseline.static_covariates or {}).values()
    if wrong := sum(len(row) != covariates for row in rows):
        raise no_baseline(
            "static-baseline",
            ".static_covariates",
            f"{wrong} of {len(rows)} items with another number of values",
            f"{covariates} for each item, as time_series_data_config.static_covariates names",
            "Give each item one value for each static covariate.",
        )
    return baseline


def _read(source: Path) -> ForecastBaseline:
    files = data_files(source, "baseline", "JSON")
    try:
        given = parse(files[0].path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):  # no UTF-8 is a ValueError, too
        given = None
    if len(files) > 1 or not isinstance(given, dict):
        raise no_baseline(
            "forecast-baseline",
            "",
            f"{len(files)} files" if len(files) > 1 else "a file that is no JSON object",
            "one JSON object, as it would stand in the config",
            "Write target_time_series, related_time_series and static_covariates into one object.",
        )
    try:
        return ForecastBaseline(**given)
    except Refused as refused:
        root = ForecastBaseline.__name__
        findings = [
            replace(finding, path=BASELINE + finding.path.removeprefix(root))
            for finding in refused.findings
        ]
        raise AnalysisError("Unable to use the baseline.", findings) from None


def obfuscated(series: Series, baseline: ForecastBaseline, *, with_static: bool) -> Obfuscated:
    """Return what the values of an item are replaced with.

    Parameters
    ----------
    series
        The item.
    baseline
        The config's baseline.
    with_static
        Whether static covariates are replaced, too.

    Raises
    ------
    AnalysisError
        The baseline has no static covariates for the item, and they are needed.
    """
    target, related = baseline.target_time_series, baseline.related_time_series
    return Obfuscated(
        _fill(target, series.target),
        [_fill(related, values) for values in series.related],
        _static(series, baseline) if with_static else (),
    )


def _fill(how: Fill | None, values: Sequence[Number | None]) -> Number | None:
    known = [value for value in values if value is not None]
    if how == "mean":
        # Dividing first keeps the sum of the largest floats finite.
        return fsum(value / len(known) for value in known) if known else None
    return 0.0


def _static(series: Series, baseline: ForecastBaseline) -> Sequence[Scalar]:
    values = (baseline.static_covariates or {}).get(str(series.item_id))
    if values is None:
        raise no_baseline(
            "forecast-static-baseline",
            ".static_covariates",
            f"nothing for the item of {series.place}",
            "a list of values for every item, since the request carries static covariates",
            "Add the item by its id as a text, or leave $static_covariates out of record_template.",
        )
    return values
