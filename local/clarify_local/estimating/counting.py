"""How many predictions a run asks for: counted by the engine's own steps, without a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from clarify_contract import AnalysisConfig
from clarify_engine.baseline import open_baseline
from clarify_engine.bias import BiasPlan
from clarify_engine.data import Dataset, open_dataset
from clarify_engine.forecast import open_forecasts
from clarify_engine.pdp import PdpGrid, chosen_features
from clarify_engine.pdp.selection import TOP_K
from clarify_engine.progress import silent
from clarify_engine.shap import KernelShap
from clarify_engine.steps.bias import BiasStep
from clarify_lambda.prepare.preflight.estimate import shap_predictions

#: About how many synthetic rows are made to see how many a row of the data takes: a second or so.
_TRIED: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """What a run asks a model.

    Attributes
    ----------
    rows
        Rows of the dataset; items of a forecast.
    labels
        For post-training metrics.
    shap
        For SHAP values, by the open engine: exact where `sampled` is None.
    shap_managed
        For SHAP values, by the developer guide's formula.
    sampled
        How many of the first rows `shap` was counted on; None for all.
    pdp
        For partial dependence.
    pdp_at_most
        Whether `pdp` is a bound: SHAP values choose the features, which are not known yet.
    forecasts
        For asymmetric Shapley values, by the open engine.
    """

    rows: int
    labels: int = 0
    shap: int = 0
    shap_managed: int = 0
    sampled: int | None = None
    pdp: int = 0
    pdp_at_most: bool = False
    forecasts: int = 0

    @property
    def asks(self) -> bool:
        """Whether a model is asked at all."""
        return self.engine > 0

    @property
    def engine(self) -> int:
        """All that the open engine asks."""
        return self.labels + self.shap + self.pdp + self.forecasts

    @property
    def managed(self) -> int:
        """All that the managed image asks, as far as it is documented."""
        return self.labels + self.shap_managed + self.pdp + self.forecasts


def count_predictions(
    config: AnalysisConfig, data: Path, fetch: Callable[[str], Path]
) -> Predictions:
    """Count what an analysis would ask its model; no model is asked.

    Parameters
    ----------
    config
        A valid config, without SHAP values of text or images.
    data
        The dataset: a file, or a folder of files.
    fetch
        Gives a local path for an S3 URI that the config names.

    Raises
    ------
    AnalysisError
        The data do not allow the analysis.
    """
    seed = 0 if config.methods.shap is None else config.methods.shap.seed or 0
    if config.time_series_data_config is not None:
        forecasts = open_forecasts(config, data, fetch=fetch, seed=seed)
        records = (forecasts.explanation(series).records() for series in forecasts.series)
        asked = sum(1 for item in records for _ in item)
        return Predictions(rows=len(forecasts.series), forecasts=asked)
    dataset = open_dataset(config, data, fetch=fetch)
    seen = dataset.scan(dataset.columns, lambda: _Seen(config, dataset.features))
    if not config.needs_predictions:
        return Predictions(rows=seen.rows)
    shap, managed, sampled = _shap(config, dataset, seen, fetch, seed)
    pdp, at_most = _pdp(config, dataset, seen)
    return Predictions(
        rows=seen.rows,
        labels=seen.rows if _asks_for_labels(config, dataset) else 0,
        shap=shap,
        shap_managed=managed,
        sampled=sampled,
        pdp=pdp,
        pdp_at_most=at_most,
    )


class _Seen:
    """What one pass learns: the number of rows, where curves go, and the first rows."""

    def __init__(self, config: AnalysisConfig, features: Sequence[str]) -> None:
        pdp = config.methods.pdp
        self.grid = None if pdp is None else PdpGrid(features, pdp.grid_resolution)
        self.rows = 0
        self.first: pa.RecordBatch | None = None
        self._features = list(features)

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        features = batch.select(self._features)
        if self.grid is not None:
            self.grid.update(features)
        if self.first is None:
            self.first = features
        self.rows += batch.num_rows


def _asks_for_labels(config: AnalysisConfig, dataset: Dataset) -> bool:
    if config.methods.post_training_bias is None:
        return False
    plan = BiasPlan.from_config(config, dataset.roles)
    return BiasStep(config, dataset, plan, silent, Path()).asks_model


def _shap(
    config: AnalysisConfig,
    dataset: Dataset,
    seen: _Seen,
    fetch: Callable[[str], Path],
    seed: int,
) -> tuple[int, int, int | None]:
    """Return the engine's number, the documented one, and on how many rows the first is based."""
    shap = config.methods.shap
    if shap is None or seen.first is None or not seen.rows:
        return 0, 0, None
    baseline = open_baseline(
        config, dataset, fetch, seed=seed, tell=lambda rows: None, schema=seen.first.schema
    ).rows
    features = len(dataset.features)
    managed = shap_predictions(seen.rows, features, baseline.num_rows, shap.num_samples)
    kernel = KernelShap(
        lambda rows: np.full((len(rows), 1), 0.5),
        baseline,
        num_samples=shap.num_samples,
        use_logit=bool(shap.use_logit),
        seed=seed,
    )
    before = kernel.predictions
    tried = seen.first.slice(0, max(1, _TRIED * seen.rows // managed))
    kernel.explain(tried)
    asked = kernel.predictions - before
    if tried.num_rows == seen.rows:
        return before + asked, managed, None
    return before + round(asked * seen.rows / tried.num_rows), managed, tried.num_rows


def _pdp(config: AnalysisConfig, dataset: Dataset, seen: _Seen) -> tuple[int, bool]:
    """Return the number, and whether it is a bound: the curves with most values are taken then."""
    pdp = config.methods.pdp
    if pdp is None or seen.grid is None:
        return 0, False
    named = pdp.features is not None
    chosen = (
        chosen_features(pdp, dataset.columns, dataset.features, None) if named else dataset.features
    )
    values = sorted((len(curve.values) for curve in seen.grid.curves(chosen)), reverse=True)
    most = len(values) if named else TOP_K if pdp.top_k_features is None else pdp.top_k_features
    return seen.rows * sum(values[:most]), not named and most < len(values)
