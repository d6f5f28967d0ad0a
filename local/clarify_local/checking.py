"""Whether a config fits a dataset: what a run would find out, found out before."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clarify_contract import AnalysisConfig, Finding
from clarify_engine.baseline import open_baseline
from clarify_engine.data import open_dataset
from clarify_engine.forecast import open_forecasts
from clarify_engine.run import analyze
from clarify_local.preflight import preflight_findings

_NOT_READ = Finding(
    "side-datasets-not-read",
    "dataset",
    "a config that reads more from S3 than the dataset",
    "a dataset that is complete in itself, and a baseline in place",
    "Run `clarify rehearse` with --file for each of them to check the data.",
    severity="warning",
)


def data_findings(config: AnalysisConfig, data: Path) -> Sequence[Finding]:
    """Return what a dataset shows about a config, beyond what the config shows by itself.

    The dataset is read whole, without a model and without AWS: columns, types, label values and a
    given baseline are seen as a run sees them, and pre-training metrics are computed. Beside that,
    its beginning is looked at as before a run, whose time is taken to be SageMaker's default; and
    only so where facets or predicted labels would have to be read from S3.

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
    given = {key: value for key, value in config.to_dict().items() if key != "dataset_uri"}
    unread: list[Finding] = []
    if _leave_out_baselines(given) or _has_side_dataset(config):
        unread.append(_NOT_READ)
    beginning = preflight_findings(config, data)
    if _has_side_dataset(config):
        return [*unread, *beginning]
    whole = _read_whole(AnalysisConfig.load(given), data)
    return [*unread, *whole, *filter(_is_not_replaced, beginning)]


def _is_not_replaced(finding: Finding) -> bool:
    """Tell whether reading the data whole says no more than this, which was seen at its beginning.

    A mistake stops a run beforehand. What only warns is another thing by all rows, but for what is
    asked of a model.
    """
    return finding.severity == "error" or finding.path.startswith(("$.methods", "$.predictor"))


def _read_whole(config: AnalysisConfig, data: Path) -> Sequence[Finding]:
    if config.time_series_data_config is not None:
        return open_forecasts(config, data, fetch=_nothing_is_fetched, seed=0).warnings
    dataset = open_dataset(config, data, fetch=_nothing_is_fetched)
    if config.methods.shap is not None and config.methods.shap.baseline is not None:
        open_baseline(config, dataset, _nothing_is_fetched, seed=0, tell=lambda rows: None)
    if not config.facet:
        return dataset.warnings
    given = config.to_dict()
    pre_training = given["methods"].get("pre_training_bias", {"methods": "all"})
    given["methods"] = {"pre_training_bias": pre_training}
    given.pop("predictor", None)
    of_data = AnalysisConfig.load(given)
    with tempfile.TemporaryDirectory(prefix="clarify-validate-") as scratch:
        found = analyze(of_data, data, Path(scratch)).warnings
    return [finding for finding in found if finding not in of_data.warnings]


def _has_side_dataset(config: AnalysisConfig) -> bool:
    return bool(config.facet_dataset_uri or config.predicted_label_dataset_uri)


def _leave_out_baselines(given: dict[str, Any]) -> bool:
    """Remove baselines that are named by URI from a config; tell whether there is one."""
    methods = [given["methods"].get(key) or {} for key in ("shap", "asymmetric_shapley_value")]
    named = [method for method in methods if isinstance(method.get("baseline"), str)]
    for method in named:
        del method["baseline"]
    return bool(named)


def _nothing_is_fetched(uri: str) -> Path:
    raise AssertionError(f"nothing is read from S3 here: {uri}")
