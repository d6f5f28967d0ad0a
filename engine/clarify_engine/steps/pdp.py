"""Partial dependence of a model on the features that the config names, or SHAP ranks first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clarify_contract.config import AnalysisConfig
from clarify_contract.config.pdp import Pdp
from clarify_contract.findings import Finding
from clarify_engine.data import Dataset
from clarify_engine.pdp import PdpGrid, PdpPredictions, chosen_features
from clarify_engine.predict import Scores
from clarify_engine.progress import Progress
from clarify_engine.steps.label_keys import label_keys
from clarify_engine.steps.meter import Meter


@dataclass(frozen=True, slots=True)
class PdpResults:
    """The section `explanations.pdp`, how many predictions it took, and what may mislead."""

    section: list[dict[str, Any]]
    predictions: int
    warnings: tuple[Finding, ...]


class PdpStep:
    """Partial dependence, in the two passes that it takes.

    Parameters
    ----------
    pdp
        The key `methods.pdp`.
    dataset
        The rows.
    progress
        Is told about `pdp`.

    Raises
    ------
    AnalysisError
        If a named feature does not exist, or is not sent to the model.
    """

    def __init__(self, pdp: Pdp, dataset: Dataset, progress: Progress) -> None:
        self._pdp = pdp
        self._dataset = dataset
        self._progress = progress
        # Names are looked up before anything is created or read.
        self._candidates: Sequence[str] = dataset.features
        if pdp.features is not None:
            self._candidates = chosen_features(pdp, dataset.columns, dataset.features, None)

    def grid(self) -> PdpGrid:
        """Return the consumer of the first pass, which may be part of another one."""
        return PdpGrid(self._candidates, self._pdp.grid_resolution)

    def results(
        self,
        config: AnalysisConfig,
        grid: PdpGrid,
        ranking: Sequence[str] | None,
        scores: Scores,
        rows: int,
    ) -> PdpResults:
        """Make the second pass.

        Parameters
        ----------
        config
            The config, for the names of the classes.
        grid
            The consumer of the first pass, after it.
        ranking
            Features by falling importance; `None` without SHAP values.
        scores
            The model.
        rows
            Rows of the dataset.
        """
        dataset = self._dataset
        features = chosen_features(self._pdp, dataset.columns, dataset.features, ranking)
        curves = grid.curves(features)

        def make() -> PdpPredictions:
            meter = Meter(self._progress, "pdp", rows)
            return PdpPredictions(curves, dataset.features, scores, meter.count)

        predictions = dataset.scan(dataset.features, make)
        classes = predictions.classes
        return PdpResults(
            predictions.section(label_keys(config, classes) if classes else ()),
            predictions.predictions,
            predictions.warnings,
        )
