"""Kernel SHAP of a whole dataset: one pass, in memory of one slice of rows."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clarify_contract.config import AnalysisConfig
from clarify_contract.config.shap import Shap
from clarify_contract.container import BASELINE_FILE, LOCAL_SHAP_FILE
from clarify_contract.findings import Finding
from clarify_engine.baseline import Baseline
from clarify_engine.data import Dataset
from clarify_engine.data.problems import NO_NAMES, problem
from clarify_engine.data.roles import join_column, locate
from clarify_engine.pdp import shap_ranking
from clarify_engine.predict import Scores
from clarify_engine.progress import Progress
from clarify_engine.report.sample import ShapSample
from clarify_engine.shap import Aggregate, Estimator, KernelShap, LocalValues
from clarify_engine.steps.label_keys import label_keys
from clarify_engine.steps.meter import Meter
from clarify_engine.steps.shap_rows import ExplainRows, Sample


@dataclass(frozen=True, slots=True)
class ShapResults:
    """What SHAP found.

    Attributes
    ----------
    section
        The section `explanations.kernel_shap`.
    ranking
        The explained features by falling importance.
    sample
        Local values of some rows.
    facts
        What `provenance.json` tells.
    warnings
        What in the values may mislead.
    """

    section: dict[str, Any]
    ranking: tuple[str, ...]
    sample: ShapSample
    facts: dict[str, Any]
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ShapStep:
    """The SHAP values of one dataset.

    Parameters
    ----------
    config, shap, dataset
        What is explained: the config, its key `methods.shap`, and the rows.
    seed, estimator
        What is drawn, and how values are estimated.
    progress
        Is told about `shap`.
    folder
        Folder of the results: local values, and a baseline that was computed.
    """

    config: AnalysisConfig
    shap: Shap
    dataset: Dataset
    seed: int
    estimator: Estimator
    progress: Progress
    folder: Path

    @property
    def join(self) -> str | None:
        """The column that stands beside each row's values, if they are written."""
        if not self.shap.save_local_shap_values:
            return None
        return join_column(self.config, self.dataset.columns)

    def explained(self) -> list[int]:
        """Return the positions of the features that are reported.

        All features are players of the game, whichever are reported: the values of some are the
        same as in the full analysis.

        Raises
        ------
        AnalysisError
            If one does not exist, or is not sent to the model.
        """
        features = self.dataset.features
        if self.shap.features_to_explain is None:
            return list(range(len(features)))
        places = []
        for index, given in enumerate(self.shap.features_to_explain):
            path = f"$.methods.shap.features_to_explain[{index}]"
            name = locate(given, self.dataset.columns, NO_NAMES, path, "dataset")
            if name not in features:
                raise problem(
                    NO_NAMES,
                    "shap-not-a-feature",
                    path,
                    given=f"{name!r}, which is not sent to the model",
                    allowed=f"one of the {len(features)} columns that are",
                    fix="Leave out label, predicted label, join column and excluded columns.",
                )
            places.append(features.index(name))
        return list(dict.fromkeys(places))

    def results(self, scores: Scores, baseline: Baseline, rows: int) -> ShapResults:
        """Explain every row.

        Parameters
        ----------
        scores
            The model.
        baseline
            What "feature absent" means.
        rows
            Rows of the dataset.
        """
        meter = Meter(self.progress, "shap", rows)
        kernel = KernelShap(
            meter.scores(scores),
            baseline.rows,
            num_samples=self.shap.num_samples,
            use_logit=bool(self.shap.use_logit),
            seed=self.seed,
            estimator=self.estimator,
        )
        features, join, places = self.dataset.features, self.join, self.explained()
        names = [features[place] for place in places]
        labels = label_keys(self.config, len(kernel.expected_value))
        if baseline.computed:
            (self.folder / BASELINE_FILE).parent.mkdir(parents=True, exist_ok=True)
            baseline.write_csv(self.folder / BASELINE_FILE)
        with ExitStack() as files:

            def make() -> ExplainRows:
                local = None
                if self.shap.save_local_shap_values:
                    path = self.folder / LOCAL_SHAP_FILE
                    local = files.enter_context(LocalValues(path, names, labels, join))
                return ExplainRows(
                    kernel,
                    features,
                    places,
                    aggregate=Aggregate(self.shap.agg_method or "mean_abs"),
                    sample=Sample(rows, self.seed),
                    local=local,
                    join=join,
                    meter=meter,
                )

            columns = (*features, *(() if join is None else (join,)))
            explained = self.dataset.scan(columns, make)
        values = explained.aggregate.result()
        return ShapResults(
            section={
                label: {
                    "global_shap_values": dict(zip(names, values[:, k].tolist(), strict=True)),
                    "expected_value": float(kernel.expected_value[k]),
                }
                for k, label in enumerate(labels)
            },
            ranking=shap_ranking(names, values),
            sample=explained.sample.taken(labels),
            facts={
                "estimators": kernel.estimators,
                "seed": self.seed,
                "baseline_rows": baseline.rows.num_rows,
                "baseline_computed": baseline.computed,
                "predictions": kernel.predictions,
            },
            warnings=(*baseline.warnings, *kernel.warnings),
        )
