"""What every floor agrees on: analysis config, results, metrics and the container's facts."""

from clarify_contract.checks import (
    AcceptedError,
    AttributionDrift,
    Baseline,
    FeatureCount,
    FeatureShare,
    ForbiddenFeatures,
    Limit,
    NoWorse,
    Rules,
    four_fifths,
    load_rules,
    resolve_checks,
)
from clarify_contract.config import (
    AnalysisConfig,
    check_columns,
    check_dataset_input,
    check_instance_count,
)
from clarify_contract.findings import Finding, Refused, Severity
from clarify_contract.images import IMAGE_ACCOUNTS, ImageAccount
from clarify_contract.metrics import METRICS, POST_TRAINING, PRE_TRAINING, Metric, Stage
from clarify_contract.result import AnalysisResult, BiasIntervals

__all__ = [
    "IMAGE_ACCOUNTS",
    "METRICS",
    "POST_TRAINING",
    "PRE_TRAINING",
    "AcceptedError",
    "AnalysisConfig",
    "AnalysisResult",
    "AttributionDrift",
    "Baseline",
    "BiasIntervals",
    "FeatureCount",
    "FeatureShare",
    "Finding",
    "ForbiddenFeatures",
    "ImageAccount",
    "Limit",
    "Metric",
    "NoWorse",
    "Refused",
    "Rules",
    "Severity",
    "Stage",
    "check_columns",
    "check_dataset_input",
    "check_instance_count",
    "four_fifths",
    "load_rules",
    "resolve_checks",
]
