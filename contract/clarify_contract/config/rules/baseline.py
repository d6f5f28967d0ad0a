"""The SHAP baseline: its form and its width (X9, X19)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from clarify_contract.config.columns import TABLES, has_columns, sent_columns
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.columns import COLUMNS_READ
from clarify_contract.config.rules.rule import Problem, rule

_PATH = "$.methods.shap.baseline"
# The part of JMESPath that addresses features in most documents: a.b[*].c
_SIMPLE_PATH = re.compile(r"(?:[A-Za-z_]\w*|\[\*\])(?:\.[A-Za-z_]\w*|\[\*\])*")


@rule("X9", "methods.shap.baseline?", "methods.shap.num_clusters?")
def a_baseline_is_given_or_clustered(config: AnalysisKeys) -> Iterator[Problem]:
    """`baseline` and `num_clusters` exclude each other."""
    shap = config.methods.shap
    if shap is not None and shap.baseline is not None and shap.num_clusters is not None:
        yield Problem(
            "$.methods.shap",
            "both baseline and num_clusters",
            "one of the two",
            "Remove num_clusters to use the given baseline, or baseline to have one computed.",
        )


@rule("baseline-form", "dataset_type", "methods.shap.baseline")
def a_baseline_has_the_datasets_form(config: AnalysisKeys) -> Iterator[Problem]:
    """In-place baselines are written as the dataset's format has its records."""
    baseline = config.methods.shap.baseline if config.methods.shap is not None else None
    if baseline is None or isinstance(baseline, str):
        return
    if not baseline:
        yield Problem(_PATH, "no row", "at least one row", "Add a row, or leave the key out.")
    elif config.dataset_type in TABLES and not _rows_are(baseline, list):
        yield Problem(
            _PATH,
            f"objects, with {config.dataset_type}",
            "a list of rows, each a list of feature values",
            "Write each row as a list, in the order of the columns.",
        )
    elif config.dataset_type == "application/jsonlines" and not _rows_are(baseline, dict):
        yield Problem(
            _PATH,
            "rows that are no objects, with application/jsonlines",
            "a list of objects, each as one line of the dataset",
            'Write each row as the dataset\'s lines are, for example {"features": […]}.',
        )
    elif config.dataset_type == "application/x-image":
        yield Problem(
            _PATH,
            "rows, with an image dataset",
            "the S3 URI of one image",
            "Upload the image and write its URI, or leave the key out for white noise.",
        )


def _rows_are(baseline: Any, kind: type) -> bool:
    return isinstance(baseline, list) and all(isinstance(row, kind) for row in baseline)


@rule("X19", *COLUMNS_READ, "features", "methods.shap.baseline")
def baseline_rows_are_as_wide_as_the_features(config: AnalysisKeys) -> Iterator[Problem]:
    """Each baseline row has one value for each feature that is sent to the model."""
    yield from wrong_baseline_widths(config, config.headers)


def wrong_baseline_widths(config: AnalysisKeys, columns: Sequence[str] | None) -> Iterator[Problem]:
    """Yield the problem of baseline rows that do not fit the columns, or each other."""
    widths = _widths(config)
    if not widths or not has_columns(config):
        return
    if columns is None:
        if len(set(widths)) > 1:
            yield Problem(
                _PATH,
                f"rows of {min(widths)} to {max(widths)} values",
                "rows of one length",
                "Give each row one value for each feature.",
            )
        return
    features = len(sent_columns(config, columns))
    if wrong := [width for width in widths if width != features]:
        yield Problem(
            _PATH,
            f"{len(wrong)} of {len(widths)} rows with another number of values, such as {wrong[0]}",
            f"{features} values in each row",
            "Give each row one value for each column that is sent to the model: no label, "
            "predicted label, join column or excluded column.",
        )


def _widths(config: AnalysisKeys) -> list[int]:
    """Return how many values each in-place baseline row has, where the config shows it."""
    baseline: Any = config.methods.shap.baseline if config.methods.shap is not None else None
    if config.dataset_type in TABLES:
        return [len(row) for row in baseline if isinstance(row, list)] if _is_list(baseline) else []
    if config.features is None or not _SIMPLE_PATH.fullmatch(config.features):
        return []
    if config.dataset_type == "application/jsonlines":
        rows = [_at(row, config.features) for row in baseline] if _is_list(baseline) else []
    else:
        rows = _at(baseline, config.features)
    return [len(row) for row in rows if isinstance(row, list)] if _is_list(rows) else []


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _at(value: Any, path: str) -> Any:
    """Return what a simple JMESPath selects; None where it selects nothing."""
    step, rest = re.match(r"\.?([A-Za-z_]\w*|\[\*\])(.*)", path, re.DOTALL).groups()  # type: ignore[union-attr]
    if step == "[*]":
        return [_at(item, rest) if rest else item for item in value] if _is_list(value) else None
    inner = value.get(step) if isinstance(value, dict) else None
    return _at(inner, rest) if rest and inner is not None else inner
