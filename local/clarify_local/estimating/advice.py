"""What to do about an estimate. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract import AnalysisConfig
from clarify_contract.container import DEFAULT_RUNTIME_SECONDS, VOLUME_GB_DEFAULT
from clarify_local.estimating.counting import Predictions
from clarify_local.estimating.run import Job, minutes

_GIB = 1 << 30


def advice(config: AnalysisConfig, asked: Predictions, job: Job, size: int) -> Iterator[str]:
    """Yield what to choose, or to change.

    Parameters
    ----------
    config
        What is analysed.
    asked
        What it asks the model.
    job
        What it would take place on.
    size
        Bytes of the dataset.
    """
    most = max(asked.engine, asked.managed)
    if not asked.asks:
        yield (
            "No model is asked, and metrics are one pass over the data: the smallest instance type "
            "that your account may use will do."
        )
    else:
        yield (
            "Most of the time goes by waiting for the model: its endpoint's instance type and "
            "number decide, and a larger instance for the job changes little."
        )
    longest = DEFAULT_RUNTIME_SECONDS / 60
    if minutes(most, job).most > longest:
        yield (
            f"It may take longer than max_runtime, {longest / 60:g} hours unless you set it: a job "
            "that is stopped writes no results."
        )
    if max(asked.shap, asked.shap_managed) * 2 > most > 0:
        yield from _about_shap(config)
    if size * 2 > VOLUME_GB_DEFAULT * _GIB:
        yield (
            f"The data take more than half of the job's volume ({VOLUME_GB_DEFAULT} GB unless you "
            "set volume_size): results need room too."
        )


def _about_shap(config: AnalysisConfig) -> Iterator[str]:
    shap = config.methods.shap
    samples = None if shap is None else shap.num_samples
    yield (
        "SHAP asks most: predictions grow with the rows, with the rows of the baseline, and with "
        f"num_samples (now {'not set' if samples is None else f'{samples:,}'}). Explain a sample "
        "of the rows, or lower one of them."
    )
