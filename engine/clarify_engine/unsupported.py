"""What the open engine does not run yet, said before anything starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding

_TABULAR = {"text/csv", "application/jsonlines", "application/json", "application/x-parquet"}
_MODEL_TALKS = {"text/csv", "application/jsonlines", "application/json"}


@dataclass(frozen=True, slots=True)
class _NotYet:
    """One thing that is not run yet.

    Attributes
    ----------
    what
        End of the finding's id.
    path, given
        Where it is asked for, and in which words.
    is_asked
        Whether a config asks for it.
    fix
        What to do instead.
    """

    what: str
    path: str
    given: str
    is_asked: Callable[[AnalysisConfig], bool]
    fix: str

    def finding(self) -> Finding:
        return _finding(self.what, self.path, self.given, self.fix)


_MANAGED = "Leave it out, or run this analysis with the managed image."

_NOT_YET = (
    _NotYet(
        "image",
        "$.dataset_type",
        "images",
        lambda config: config.dataset_type == "application/x-image",
        _MANAGED,
    ),
    _NotYet(
        "capture",
        "$.dataset_type",
        "captured endpoint traffic",
        lambda config: (
            config.dataset_type not in _TABULAR and config.dataset_type != "application/x-image"
        ),
        "Write the records as JSON Lines, or run this analysis with the managed image.",
    ),
    _NotYet(
        "text",
        "$.methods.shap.text_config",
        "SHAP values of text",
        lambda config: (
            config.methods.shap is not None and config.methods.shap.text_config is not None
        ),
        _MANAGED,
    ),
    _NotYet(
        "segments",
        "$.segment_config",
        "metrics by segment",
        lambda config: config.segment_config is not None,
        "Leave it out and run one analysis for each segment's rows.",
    ),
    _NotYet(
        "content-type",
        "$.predictor.content_type",
        "a content type of images or arrays",
        lambda config: (
            config.predictor is not None
            and config.predictor.content_type is not None
            and config.predictor.content_type not in _MODEL_TALKS
        ),
        "Use text/csv, application/jsonlines or application/json.",
    ),
    _NotYet(
        "content-template-object",
        "$.predictor.content_template",
        "several templates by name",
        lambda config: (
            config.predictor is not None and isinstance(config.predictor.content_template, Mapping)
        ),
        "Write one template as a text.",
    ),
)


def unsupported(config: AnalysisConfig, hosts: int) -> tuple[Finding, ...]:
    """Return what a config and a job of so many hosts ask for that is not run yet.

    Parameters
    ----------
    config
        A valid analysis config.
    hosts
        Number of instances of the job.
    """
    found = [entry.finding() for entry in _NOT_YET if entry.is_asked(config)]
    if hosts > 1:
        found.append(
            _finding(
                "several-instances",
                "ProcessingResources.ClusterConfig.InstanceCount",
                f"{hosts} instances",
                "Run the job on one instance.",
            )
        )
    if not found and not _methods(config):
        found = [_nothing_to_do()]
    return tuple(found)


def _methods(config: AnalysisConfig) -> bool:
    """Whether anything is asked for besides a report."""
    methods = config.methods
    asked = (
        methods.pre_training_bias,
        methods.post_training_bias,
        methods.shap,
        methods.pdp,
        methods.asymmetric_shapley_value,
    )
    return any(method is not None for method in asked)


def _finding(what: str, path: str, given: str, fix: str) -> Finding:
    return Finding(
        f"engine-not-yet-{what}",
        path,
        given,
        "bias metrics and explanations of tables and forecasts on one instance, which is what the "
        "open engine runs today",
        fix,
    )


def _nothing_to_do() -> Finding:
    return Finding(
        "engine-nothing-to-do",
        "$.methods",
        "no method of analysis",
        "pre_training_bias, post_training_bias, shap, pdp or asymmetric_shapley_value",
        "Add the methods that you want.",
    )
