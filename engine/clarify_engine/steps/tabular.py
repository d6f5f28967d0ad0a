"""The middle of an analysis of a table: load, measure, explain; a model is hosted meanwhile."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from clarify_contract.config import AnalysisConfig
from clarify_engine.baseline import Baseline, open_baseline
from clarify_engine.bias import BiasPlan
from clarify_engine.data import Dataset
from clarify_engine.hosts import Host
from clarify_engine.pdp import PdpGrid
from clarify_engine.predict import Predictor, Tabular, Transport, open_predictor, scoring
from clarify_engine.progress import Progress
from clarify_engine.shap import Estimator
from clarify_engine.steps.bias import BiasResults, BiasStep
from clarify_engine.steps.meter import Meter
from clarify_engine.steps.pdp import PdpStep
from clarify_engine.steps.results import Results
from clarify_engine.steps.shap import ShapStep


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is known of the data before the model is asked."""

    rows: int
    baseline: Baseline | None
    grid: PdpGrid | None


class _Load:
    """Reads all rows once: counts them, and learns what partial dependence needs."""

    def __init__(self, meter: Meter, features: Sequence[str], grid: PdpGrid | None) -> None:
        self._meter = meter
        self._features = list(features)
        self.grid = grid
        self.rows = 0
        self.schema = pa.schema([])

    def update(self, batch: pa.RecordBatch, /) -> None:
        """Take in the next rows."""
        self.schema = batch.select(self._features).schema
        if self.grid is not None:
            self.grid.update(batch)
        self.rows += batch.num_rows
        self._meter.rows(self.rows)


@dataclass(frozen=True, slots=True)
class _Steps:
    """What was asked for; each step has checked the config against the columns."""

    bias: BiasStep | None
    shap: ShapStep | None
    pdp: PdpStep | None

    @property
    def ask_model(self) -> bool:
        """Whether any of them asks the model."""
        bias = self.bias is not None and self.bias.asks_model
        return bias or self.shap is not None or self.pdp is not None


@dataclass(frozen=True, slots=True)
class TabularAnalysis:
    """Everything between a table with its config and the results.

    Parameters
    ----------
    config, dataset
        What is analysed.
    host
        Who serves the model.
    fetch
        Gives a local path for an S3 URI.
    progress
        Is told about each phase.
    seed, estimator
        Of SHAP.
    workers
        Requests to the model that are under way at once.
    folder
        Folder of the results that are files.
    scratch
        Folder for what is thrown away afterwards.
    """

    config: AnalysisConfig
    dataset: Dataset
    host: Host
    fetch: Callable[[str], Path]
    progress: Progress
    seed: int
    estimator: Estimator
    workers: int
    folder: Path
    scratch: Path

    def results(self) -> Results:
        """Return all that was asked for but the report."""
        steps = self._steps()
        predictor = self.config.predictor
        if predictor is None or not steps.ask_model:
            results = Results()
            if steps.bias is not None:
                _add_bias(results, steps.bias.results(None, None))
            return results

        def connect(model: Transport | Tabular) -> Predictor:
            return open_predictor(
                model,
                predictor,
                dataset_type=self.config.dataset_type,
                features=self.dataset.features,
                workers=self.workers,
            )

        results = self.host.serve(
            predictor,
            connect=connect,
            prepare=lambda: self._prepare(steps),
            use=lambda model, ready: self._ask(model, steps, ready),
        )
        results.facts["model"] = self.host.model_name(predictor)
        return results

    def _steps(self) -> _Steps:
        """Check what can be checked before anything is created for the model."""
        methods = self.config.methods
        bias = shap = pdp = None
        if methods.pre_training_bias is not None or methods.post_training_bias is not None:
            plan = BiasPlan.from_config(self.config, self.dataset.roles)
            spool = self.scratch / "predictions"
            bias = BiasStep(self.config, self.dataset, plan, self.progress, spool)
            if bias.asks_model:
                bias.refuse_taken_name()
        if methods.shap is not None:
            shap = ShapStep(
                config=self.config,
                shap=methods.shap,
                dataset=self.dataset,
                seed=self.seed,
                estimator=self.estimator,
                progress=self.progress,
                folder=self.folder,
            )
            shap.explained()
        if methods.pdp is not None:
            pdp = PdpStep(methods.pdp, self.dataset, self.progress)
        return _Steps(bias, shap, pdp)

    def _prepare(self, steps: _Steps) -> _Ready:
        """Read all rows once, and compute what needs no model.

        It settles the columns' types: no later pass starts again, so no row is sent twice.
        """
        features = self.dataset.features
        columns = list(features)
        if steps.bias is not None:
            columns += steps.bias.columns
        if steps.shap is not None and steps.shap.join is not None:
            columns.append(steps.shap.join)

        def make() -> _Load:
            grid = None if steps.pdp is None else steps.pdp.grid()
            return _Load(Meter(self.progress, "load", None), features, grid)

        loaded = self.dataset.scan(columns, make)
        if steps.bias is not None and steps.bias.plan.wants_flip_test:
            # FT's library takes more than a second to load: now, and not while a model is hosted.
            importlib.import_module("sklearn.neighbors")
        baseline = None
        if steps.shap is not None:
            baseline = open_baseline(
                self.config,
                self.dataset,
                self.fetch,
                seed=self.seed,
                tell=Meter(self.progress, "baseline", loaded.rows).rows,
                schema=loaded.schema,
            )
        return _Ready(loaded.rows, baseline, loaded.grid)

    def _ask(self, model: Predictor, steps: _Steps, ready: _Ready) -> Results:
        results = Results(rows=ready.rows)
        if steps.bias is not None:
            asked = model if steps.bias.asks_model else None
            _add_bias(results, steps.bias.results(asked, ready.rows))
        ranking = None
        if steps.shap is not None and ready.baseline is not None:
            shap = steps.shap.results(scoring(model), ready.baseline, ready.rows)
            results.explain("kernel_shap", shap.section)
            results.sample, ranking = shap.sample, shap.ranking
            results.facts["shap"] = shap.facts
            results.warnings += shap.warnings
        if steps.pdp is not None and ready.grid is not None:
            pdp = steps.pdp.results(self.config, ready.grid, ranking, scoring(model), ready.rows)
            results.explain("pdp", pdp.section)
            results.facts["pdp"] = {"predictions": pdp.predictions}
            results.warnings += pdp.warnings
        return results


def _add_bias(results: Results, bias: BiasResults) -> None:
    results.sections.update(bias.sections)
    results.intervals = bias.intervals
    results.statistics = bias.statistics
    results.rows = bias.rows
    results.warnings += bias.warnings
