"""Bias of a dataset: predicted labels are asked for if they are needed, then rows are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding
from clarify_engine.bias import PREDICTED, BiasPlan, BiasStatistics, BiasTally
from clarify_engine.data import Dataset
from clarify_engine.errors import AnalysisError
from clarify_engine.passes import AskModel, Tally
from clarify_engine.predict import (
    DEFAULT_THRESHOLD,
    LabelModel,
    LabelRule,
    PredictionColumn,
    PredictionReader,
    Predictor,
)
from clarify_engine.progress import Progress
from clarify_engine.steps.meter import Meter


@dataclass(frozen=True, slots=True)
class BiasResults:
    """What a bias analysis found.

    Attributes
    ----------
    sections
        Sections of `analysis.json`, by key.
    intervals
        The content of `intervals.json`.
    statistics
        The counts that the report shows.
    rows
        Rows of the dataset.
    warnings
        What in the sections may mislead.
    """

    sections: dict[str, Any]
    intervals: dict[str, Any]
    statistics: BiasStatistics
    rows: int
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class BiasStep:
    """The bias metrics of one dataset.

    Parameters
    ----------
    config, dataset, plan
        What is analysed: the config, its dataset, and what the config asks of it.
    progress
        Is told about `predict` and `compute`.
    spool
        File for predicted labels, which need not exist; the caller removes it.
    """

    config: AnalysisConfig
    dataset: Dataset
    plan: BiasPlan
    progress: Progress
    spool: Path

    @property
    def asks_model(self) -> bool:
        """Whether predicted labels come from the model; those that the data bring spare it."""
        return (
            self.config.predictor is not None
            and self.plan.predicted is not None
            and self.dataset.predicted_label is None
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the metrics that are the dataset's own."""
        return tuple(name for name in self.plan.columns if name != PREDICTED)

    def results(self, predictor: Predictor | None, rows: int | None) -> BiasResults:
        """Return the metrics.

        Parameters
        ----------
        predictor
            Whom to ask for labels; `None` if that is not needed.
        rows
            Rows of the dataset, where that is known.
        """
        if predictor is None:
            return self._compute(self.plan.columns, None, rows)
        threshold = self.config.probability_threshold
        headers = self.config.predictor.label_headers if self.config.predictor else None
        rule = LabelRule(
            DEFAULT_THRESHOLD if threshold is None else threshold,
            None if headers is None else tuple(headers),
        )
        return self._ask(LabelModel(predictor, rule), rows)

    def refuse_taken_name(self) -> None:
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

    def _ask(self, model: LabelModel, rows: int | None) -> BiasResults:
        """Ask the model about every row, and return the metrics."""
        columns = tuple(dict.fromkeys((*self.dataset.features, self.plan.label)))
        features, label = self.dataset.features, self.plan.label

        def make() -> AskModel:
            self.spool.unlink(missing_ok=True)
            meter = Meter(self.progress, "predict", rows)
            return AskModel(model, features, label, PredictionColumn(self.spool), meter.predicted)

        asked = self.dataset.scan(columns, make)
        wanted = asked.column.type
        if model.rule_decides and asked.label_type in (pa.float64(), pa.bool_()):
            # 0 and 1 are ours to write: as the label has them, or the two would not be comparable.
            wanted = asked.label_type
        return self._compute(self.columns, lambda: asked.column.read(wanted), rows)

    def _compute(
        self,
        columns: tuple[str, ...],
        predictions: Callable[[], PredictionReader] | None,
        rows: int | None,
    ) -> BiasResults:
        """Count all rows and return the metrics."""

        def make() -> Tally:
            reader = None if predictions is None else predictions()
            meter = Meter(self.progress, "compute", rows)
            return Tally(BiasTally(self.plan), reader, meter.rows)

        counted = self.dataset.scan(columns, make)
        tally = counted.tally
        return BiasResults(
            tally.sections(), tally.intervals(), tally.statistics(), counted.rows, tally.warnings()
        )
