"""What a run wrote, typed: its results, how sure they are, and what could not be read of them."""

from clarify_contract.result.analysis import AnalysisResult, MetricAt
from clarify_contract.result.comparing import TOLERANCES, Comparison, Difference, Held, compare
from clarify_contract.result.intervals import BiasIntervals, GroupIntervals, Interval
from clarify_contract.result.parts import (
    AsymmetricShapley,
    BiasSection,
    Explanations,
    FacetGroup,
    MetricValue,
    PartialDependence,
    ShapLabel,
)

__all__ = [
    "TOLERANCES",
    "AnalysisResult",
    "AsymmetricShapley",
    "BiasIntervals",
    "BiasSection",
    "Comparison",
    "Difference",
    "Explanations",
    "FacetGroup",
    "GroupIntervals",
    "Held",
    "Interval",
    "MetricAt",
    "MetricValue",
    "PartialDependence",
    "ShapLabel",
    "compare",
]
