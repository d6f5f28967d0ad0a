"""Whether a config fits a dataset: what a run would find out, found out before."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from clarify_contract import AnalysisConfig, Finding
from clarify_engine.data import open_dataset
from clarify_engine.run import analyze


def data_findings(config: AnalysisConfig, data: Path) -> Sequence[Finding]:
    """Return what a dataset shows about a config, beyond what the config shows by itself.

    The dataset is read whole and its pre-training metrics are computed, without a model and
    without AWS: columns, types and label values are seen as a run sees them.

    Parameters
    ----------
    config
        A valid config.
    data
        The dataset: a file, or a folder of files. It stands in for ``dataset_uri``.

    Raises
    ------
    AnalysisError
        A run on these data would fail; worded as the service words it.
    """
    if config.facet_dataset_uri or config.predicted_label_dataset_uri:
        return [
            Finding(
                "side-datasets-not-read",
                "dataset",
                "a config that joins datasets from S3",
                "a dataset that is complete in itself",
                "Run `clarify rehearse` with --file for each of them to check the data.",
                severity="warning",
            )
        ]
    given = {key: value for key, value in config.to_dict().items() if key != "dataset_uri"}
    if not config.facet:
        open_dataset(AnalysisConfig.load(given), data, fetch=_nothing_is_fetched)
        return []
    pre_training = given["methods"].get("pre_training_bias", {"methods": "all"})
    given["methods"] = {"pre_training_bias": pre_training}
    given.pop("predictor", None)
    with tempfile.TemporaryDirectory(prefix="clarify-validate-") as scratch:
        found = analyze(AnalysisConfig.load(given), data, Path(scratch)).warnings
    return [finding for finding in found if finding not in config.warnings]


def _nothing_is_fetched(uri: str) -> Path:
    raise AssertionError(f"side datasets are not read here: {uri}")
