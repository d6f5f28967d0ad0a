"""How many predictions kernel SHAP asks for, and whether the job has the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clarify_lambda.prepare.preflight.columns import Config
from clarify_lambda.prepare.preflight.finding import Finding, warning

#: Predictions a second of one instance: requests of 1100 records, one at a time, that took 250 ms
#: each in a job that ran for 17 hours (aws/amazon-sagemaker-clarify, issue 127).
RATE: Final = 4400


@dataclass(frozen=True)
class Budget:
    """What a job may take.

    Attributes
    ----------
    max_runtime
        In seconds; then the job is stopped, and writes no results.
    instances
        Number of its instances.
    """

    max_runtime: float
    instances: int


def shap_predictions(rows: int, features: int, baseline_rows: int, samples: int | None) -> int:
    """Return how many predictions kernel SHAP asks for.

    For each row, `baseline rows * n` synthetic records, where `n = min(samples, 2^features - 2)`,
    and without `num_samples` `n = min(2 * features + 2^11, 2^features - 2)`: the developer guide,
    "Synthetic dataset", which says so of online explanations. Of processing jobs it says that the
    number is chosen for you.

    Parameters
    ----------
    rows, features
        Of the dataset: rows that are explained, and columns that are sent to the model.
    baseline_rows
        Rows of the baseline.
    samples
        `num_samples`.
    """
    every = (1 << features) - 2
    return rows * baseline_rows * max(min(samples or 2 * features + 2**11, every), 1)


def shap_findings(
    config: Config, features: int, rows: int, baseline_rows: int, budget: Budget
) -> Iterator[Finding]:
    """Yield the warning that kernel SHAP may not end in time.

    The duration is the number of predictions, divided by `RATE` for each instance of the job. How
    fast a model answers is not known beforehand: it may be much slower, or faster. Texts and images
    are left out, since how many parts they are cut into is not known either.

    Parameters
    ----------
    config
        A valid config.
    features, rows, baseline_rows
        As of `shap_predictions`.
    budget
        What the job may take.
    """
    shap = config["methods"].get("shap")
    if shap is None or "text_config" in shap or "image_config" in shap:
        return
    predictions = shap_predictions(rows, features, baseline_rows, shap.get("num_samples"))
    seconds = predictions / RATE / budget.instances
    if seconds > budget.max_runtime:
        yield warning(
            "shap-duration",
            "$.methods.shap",
            f"about {predictions:,} predictions (of {rows:,} rows by {features} features and "
            f"{baseline_rows} baseline rows), which take {seconds / 3600:,.1f} hours at "
            f"{RATE:,} a second",
            f"what ends within max_runtime, {budget.max_runtime / 3600:,.1f} hours: a job that is "
            "stopped writes no results",
            "Lower num_samples, explain a sample of the rows, or raise max_runtime.",
        )
