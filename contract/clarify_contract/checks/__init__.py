"""What a run is judged by: rules as people write them, and as the check in AWS reads them."""

from clarify_contract.checks.accepted import AcceptedError
from clarify_contract.checks.attributions import (
    AttributionDrift,
    FeatureCount,
    FeatureShare,
    ForbiddenFeatures,
)
from clarify_contract.checks.baseline import Baseline
from clarify_contract.checks.limit import Limit
from clarify_contract.checks.loading import load_rules
from clarify_contract.checks.no_worse import NoWorse
from clarify_contract.checks.presets import four_fifths
from clarify_contract.checks.resolve import resolve_checks
from clarify_contract.checks.rules import Rules

__all__ = [
    "AcceptedError",
    "AttributionDrift",
    "Baseline",
    "FeatureCount",
    "FeatureShare",
    "ForbiddenFeatures",
    "Limit",
    "NoWorse",
    "Rules",
    "four_fifths",
    "load_rules",
    "resolve_checks",
]
