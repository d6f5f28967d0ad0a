"""A bias analysis of an open dataset: load, predict, compute; a model is hosted meanwhile."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from clarify_contract.config import AnalysisConfig
from clarify_contract.config.predictor import Predictor as PredictorConfig
from clarify_contract.findings import Finding
from clarify_engine.aws import Aws, Patience
from clarify_engine.bias import PREDICTED, BiasPlan, BiasTally
from clarify_engine.data import Dataset
from clarify_engine.errors import AnalysisError
from clarify_engine.job import Job
from clarify_engine.passes import AskModel, CountRows, Tally, Tell
from clarify_engine.predict import (
    DEFAULT_THRESHOLD,
    ENDPOINT_WORKERS,
    EndpointTransport,
    LabelModel,
    LabelRule,
    PredictionColumn,
    PredictionReader,
    ShadowEndpoint,
    check_in_service,
    hosting,
    open_predictor,
)
from clarify_engine.progress import Phase, Progress


@dataclass(frozen=True, slots=True)
class BiasResults:
    """Sections of `analysis.json` by key, and findings about what in them may mislead."""

    sections: dict[str, Any]
    warnings: tuple[Finding, ...]


@dataclass(slots=True)
class BiasAnalysis:
    """The middle of an analysis: everything between its checked input and its results.

    Parameters
    ----------
    config, dataset, plan
        What is analysed: the config, its dataset, and what the config asks of it.
    aws, job, patience
        Where a model is asked, whose tags its endpoint gets, and how long to wait for it.
    progress
        Is told about each phase.
    spool
        File for predicted labels, which need not exist; the caller removes it.
    """

    config: AnalysisConfig
    dataset: Dataset
    plan: BiasPlan
    aws: Aws
    job: Job
    patience: Patience
    progress: Progress
    spool: Path

    def results(self) -> BiasResults:
        """Return the sections of `analysis.json`, and what in them may mislead."""
        predictor = self.config.predictor
        # Predictions that the data bring win over a model: they are there to spare it.
        if predictor is None or self.plan.predicted is None or self.dataset.predicted_label:
            return self._compute(self.plan.columns, None, None)
        self._refuse_taken_name()
        self.progress("endpoint", 0, None)
        sagemaker = self.aws.sagemaker
        if predictor.endpoint_name is not None:
            model = self._model(predictor, predictor.endpoint_name)
            check_in_service(sagemaker, predictor.endpoint_name)
            return self._ask(model, self._load())
        tags = self.job.tags(sagemaker)
        shadow = ShadowEndpoint(sagemaker, predictor, tags, patience=self.patience)
        model = self._model(predictor, shadow.name)

        def use() -> BiasResults:
            shadow.create()
            # Data are read while the endpoint is being created, which takes minutes.
            rows = self._load()
            if self.plan.wants_flip_test:
                # FT's library takes more than a second to load: now, and not while it costs money.
                importlib.import_module("sklearn.neighbors")
            shadow.wait()
            results = self._ask(model, rows)
            self.progress("delete", 0, None)
            return results

        return hosting(shadow, use)

    def _model(self, predictor: PredictorConfig, endpoint_name: str) -> LabelModel:
        threshold, headers = self.config.probability_threshold, predictor.label_headers
        opened = open_predictor(
            EndpointTransport(
                self.aws.runtime,
                endpoint_name,
                target_model=predictor.target_model,
                custom_attributes=predictor.custom_attributes,
            ),
            predictor,
            dataset_type=self.config.dataset_type,
            features=self.dataset.features,
            workers=ENDPOINT_WORKERS,
        )
        rule = LabelRule(
            DEFAULT_THRESHOLD if threshold is None else threshold,
            None if headers is None else tuple(headers),
        )
        return LabelModel(opened, rule)

    def _load(self) -> int:
        """Read all rows once and return their number.

        It settles the columns' types: no later pass starts again, so no row is sent twice.
        """
        columns = tuple(dict.fromkeys((*self.dataset.features, *self._own_columns())))
        return self.dataset.scan(columns, lambda: CountRows(self._tell("load", None))).rows

    def _ask(self, model: LabelModel, rows: int) -> BiasResults:
        """Ask the model about every row, and return the metrics."""
        columns = tuple(dict.fromkeys((*self.dataset.features, self.plan.label)))
        features, label = self.dataset.features, self.plan.label

        def make() -> AskModel:
            self.spool.unlink(missing_ok=True)
            column = PredictionColumn(self.spool)
            return AskModel(model, features, label, column, self._tell("predict", rows))

        asked = self.dataset.scan(columns, make)
        wanted = asked.column.type
        if model.rule_decides and asked.label_type in (pa.float64(), pa.bool_()):
            # 0 and 1 are ours to write: as the label has them, or the two would not be comparable.
            wanted = asked.label_type
        return self._compute(self._own_columns(), lambda: asked.column.read(wanted), rows)

    def _compute(
        self,
        columns: tuple[str, ...],
        predictions: Callable[[], PredictionReader] | None,
        rows: int | None,
    ) -> BiasResults:
        """Count all rows and return the metrics."""

        def make() -> Tally:
            reader = None if predictions is None else predictions()
            return Tally(BiasTally(self.plan), reader, self._tell("compute", rows))

        tally = self.dataset.scan(columns, make).tally
        return BiasResults(tally.sections(), tally.warnings())

    def _own_columns(self) -> tuple[str, ...]:
        """Return the columns of the metrics that are the dataset's own."""
        return tuple(name for name in self.plan.columns if name != PREDICTED)

    def _tell(self, phase: Phase, total: int | None) -> Tell:
        self.progress(phase, 0, total)
        return lambda done: self.progress(phase, done, total)

    def _refuse_taken_name(self) -> None:
        """Refuse a column of the dataset that is used and has the name of the predicted label."""
        others = [self.plan.label, *(facet.column for facet in self.plan.facets)]
        others += [self.plan.group or "", *self.dataset.features]
        if PREDICTED in others:
            finding = Finding(
                "predicted-label-name-taken",
                "dataset",
                f"a column named {PREDICTED}, beside a model that is asked for predicted labels",
                "no such column, or `predicted_label` set to it and no predictor",
                "Rename the column, or list it in `excluded_columns`.",
            )
            raise AnalysisError("The dataset has a predicted label, and a model too.", [finding])
