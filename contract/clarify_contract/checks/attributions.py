"""Rules on global SHAP values: which features may matter, how much, and how that may change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from clarify_contract.checks.limit import is_finite_number, number_finding
from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureShare:
    """No feature, or not this one, may have more than a share of all attribution.

    A feature's share is its absolute global SHAP value over the sum of all of them.

    Attributes
    ----------
    maximum
        The greatest share that passes, between 0 and 1.
    feature
        The one feature that this is for; None: each.
    label
        The one label that this is for; None: each.
    """

    maximum: float
    feature: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForbiddenFeatures:
    """None of these features may be among those with the greatest absolute global SHAP values.

    Attributes
    ----------
    features
        Their names.
    top
        How many of the greatest are looked at; one that equals the last of them counts, too.
    label
        The one label that this is for; None: each.
    """

    features: Sequence[str]
    top: int
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureCount:
    """Global SHAP values must be there for exactly this many features.

    Attributes
    ----------
    features
        How many.
    label
        The one label that this is for; None: each.
    """

    features: int
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionDrift:
    """The ranking of the features must be much as in the baseline of the rules.

    How much is told by the normalised discounted cumulative gain (NDCG) of each label: the
    baseline's attributions in the order of those now, against the same in their own order; 1 where
    the order is the same. A label, or a set of features, that the baseline lacks is not evaluated,
    and the run does not pass.

    Attributes
    ----------
    minimum
        The least NDCG that passes, above 0 and below 1; Model Monitor's is 0.9.
    label
        The one label that this is for; None: each.
    """

    minimum: float = 0.9
    label: str | None = None


AttributionRule = FeatureShare | ForbiddenFeatures | FeatureCount | AttributionDrift


def attribution_rule(rule: AttributionRule) -> dict[str, Any]:
    """Return a rule as the check reads it."""
    own: dict[str, Any]
    match rule:
        case FeatureShare():
            own = {"kind": "share", "feature": rule.feature, "max": rule.maximum}
        case ForbiddenFeatures():
            own = {"kind": "forbidden", "features": list(rule.features), "top": rule.top}
        case FeatureCount():
            own = {"kind": "count", "features": rule.features}
        case AttributionDrift():
            own = {"kind": "drift", "min": rule.minimum}
    return {**own, "label": rule.label}


def attribution_findings(
    config: AnalysisConfig, place: str, rule: AttributionRule
) -> Iterator[Finding]:
    """Yield why a rule could not judge a run of this config, or no run could meet it."""
    if config.methods.shap is None:
        yield Finding(
            "attribution-not-computed",
            place,
            "a rule on SHAP values, which this config does not compute",
            "a config with methods.shap",
            "Ask for `shap` in the config, or remove the rule.",
        )
    match rule:
        case FeatureShare():
            yield from _share(place, rule)
            named = () if rule.feature is None else (rule.feature,)
            yield from _unknown(config, f"{place}.feature", named)
        case ForbiddenFeatures():
            if not rule.features:
                yield _not_positive(f"{place}.features", "an empty list", "one name or more")
            yield from _whole(f"{place}.top", rule.top)
            yield from _unknown(config, f"{place}.features", rule.features)
        case FeatureCount():
            yield from _whole(f"{place}.features", rule.features)
        case AttributionDrift():
            yield from _minimum(place, rule)


def _minimum(place: str, rule: AttributionDrift) -> Iterator[Finding]:
    if not is_finite_number(rule.minimum):
        yield number_finding(f"{place}.minimum", rule.minimum)
    elif not 0 < rule.minimum < 1:
        yield Finding(
            "attribution-drift-out-of-range",
            f"{place}.minimum",
            f"{rule.minimum}, which every ranking meets, or only the very same",
            "above 0 and below 1",
            "Give 0.9, as Model Monitor does.",
        )


def _share(place: str, rule: FeatureShare) -> Iterator[Finding]:
    if not is_finite_number(rule.maximum):
        yield number_finding(f"{place}.maximum", rule.maximum)
    elif not 0 <= rule.maximum < 1 or (rule.maximum == 0 and rule.feature is None):
        yield Finding(
            "attribution-share-out-of-range",
            f"{place}.maximum",
            f"{rule.maximum}, which every share meets or none",
            "above 0 and below 1; 0 for one feature",
            "Give a share that some runs meet and others do not.",
        )


def _unknown(config: AnalysisConfig, place: str, names: Sequence[str]) -> Iterator[Finding]:
    """Yield names that no feature will have, as far as the config's headers tell."""
    if not config.headers:
        return
    for name in names:
        if name not in config.headers:
            yield Finding(
                "attribution-feature-unknown",
                place,
                repr(name),
                "a column of the config's headers",
                "Name a feature.",
            )
        elif name in {config.label, config.predicted_label, *(config.excluded_columns or ())}:
            yield Finding(
                "attribution-feature-unknown",
                place,
                f"{name!r}, which the model is not given",
                "a column that is neither label, predicted label nor excluded",
                "Name a feature.",
            )


def _whole(place: str, number: object) -> Iterator[Finding]:
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        yield _not_positive(place, repr(number), "a whole number above 0")


def _not_positive(place: str, given: str, allowed: str) -> Finding:
    return Finding("attribution-wrong", place, given, allowed, "Correct it.")
