"""The parts of an analysis. A member that the file does not have is None; nothing is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MetricValue:
    """One metric of one group.

    Attributes
    ----------
    name
        Code, such as ``DPL``.
    description
        The service's text.
    value
        The number; infinite where the service wrote an infinity as text; None if not computed.
    error
        Why it was not computed, in the service's words.
    """

    name: str
    description: str | None
    value: float | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The metrics of one group of a facet, against all other rows.

    Attributes
    ----------
    value_or_threshold
        Who is in the group: ``"0"``, ``"bird,cat"``, the interval ``"(35, 52]"``; ``""`` where the
        threshold left nobody in it.
    metrics
        By code.
    """

    value_or_threshold: str | None
    metrics: Mapping[str, MetricValue]


@dataclass(frozen=True, slots=True)
class BiasSection:
    """``pre_training_bias_metrics`` or ``post_training_bias_metrics``.

    Attributes
    ----------
    label
        Name of the label column.
    label_value_or_threshold
        What counts as the positive outcome: ``"1"``, ``"1,2"``, ``"(40, 68]"``; ``""`` where
        nothing did.
    facets
        Groups by name of the facet column.
    """

    label: str | None
    label_value_or_threshold: str | None
    facets: Mapping[str, tuple[FacetGroup, ...]]


@dataclass(frozen=True, slots=True)
class ShapLabel:
    """Global SHAP values of one label.

    Attributes
    ----------
    global_shap_values
        Aggregated attribution by feature, in the unit of the model's output.
    expected_value
        Mean prediction on the baseline, in the same unit, or in log-odds with ``use_logit``.
    global_top_shap_text
        Attribution by token, by text feature. The service has written tokens without a feature
        too: they stand under None.
    """

    global_shap_values: Mapping[str, float] | None
    expected_value: float | None
    global_top_shap_text: Mapping[str | None, Mapping[str, float]] | None = None


@dataclass(frozen=True, slots=True)
class PartialDependence:
    """How predictions depend on one feature.

    Attributes
    ----------
    feature_name, data_type
        The feature, and ``numerical``, ``categorical`` or ``free_text``.
    feature_values
        Centres of the buckets, or unique values.
    data_distribution
        Share of the rows at each of them.
    model_predictions
        Mean prediction, by class and then by feature value.
    label_headers
        Names of the classes.
    error
        Why there is none, in the service's words.
    """

    feature_name: str | None
    data_type: str | None
    feature_values: tuple[Any, ...] | None
    data_distribution: tuple[float, ...] | None
    model_predictions: tuple[tuple[float, ...], ...] | None
    label_headers: tuple[str, ...] | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AsymmetricShapley:
    """Where the attributions of a time series analysis are, and how they were computed."""

    explanation_results_path: str | None
    direction: str | None
    granularity: str | None


@dataclass(frozen=True, slots=True)
class Explanations:
    """``explanations``: attributions by label, partial dependence by feature, time series."""

    kernel_shap: Mapping[str, ShapLabel] | None = None
    pdp: tuple[PartialDependence, ...] | None = None
    asymmetric_shapley_value: AsymmetricShapley | None = None
