"""Everything that preflight finds, by what was seen of data, model and endpoint. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clarify_lambda.prepare.preflight.baseline import (
    baseline_findings,
    forecast_baseline_findings,
    number_of_baseline_rows,
)
from clarify_lambda.prepare.preflight.columns import Config, sent_columns
from clarify_lambda.prepare.preflight.dataset import Dataset
from clarify_lambda.prepare.preflight.estimate import Budget, shap_findings
from clarify_lambda.prepare.preflight.finding import Finding
from clarify_lambda.prepare.preflight.predictor import Predictor, predictor_findings
from clarify_lambda.prepare.preflight.side import BASELINE, FACETS, PREDICTED, side_findings
from clarify_lambda.prepare.preflight.table import Table, read_table
from clarify_lambda.prepare.preflight.templates import template_findings


@dataclass(frozen=True)
class Seen:
    """What was looked at.

    Attributes
    ----------
    dataset
        The dataset.
    sides
        What else the config names by URI, as far as it was looked at.
    predictor
        The model or endpoint that is asked; None if there is none, or it was not looked at.
    """

    dataset: Dataset
    sides: Sequence[Dataset] = ()
    predictor: Predictor | None = None


def preflight(config: Config, seen: Seen, budget: Budget) -> list[Finding]:
    """Return what is wrong with a run before it starts: mistakes that are proven, and warnings.

    Parameters
    ----------
    config
        A valid config.
    seen
        What was seen of what it names.
    budget
        What the job may take.
    """
    findings, table = read_table(config, seen.dataset)
    for side in seen.sides:
        findings += _side(config, side, table)
    if seen.predictor is not None:
        findings += predictor_findings(seen.predictor)
    if table is not None:
        findings += template_findings(config, table)
        baseline = next((side for side in seen.sides if side.name == BASELINE), None)
        rows = number_of_baseline_rows(config, baseline)
        findings += shap_findings(config, len(table.features), table.rows, rows, budget)
    return findings


def _side(config: Config, side: Dataset, table: Table | None) -> Iterator[Finding]:
    if side.name in (FACETS, PREDICTED):
        columns = table.columns if table is not None else config.get("headers")
        yield from side_findings(config, side, columns)
    elif config.get("time_series_data_config") is not None:
        yield from forecast_baseline_findings(config, side)
    else:
        yield from baseline_findings(config, side, _features(config, table))


def _features(config: Config, table: Table | None) -> Sequence[str] | None:
    if table is not None:
        return table.features
    headers = config.get("headers")
    return None if headers is None else sent_columns(config, headers)
