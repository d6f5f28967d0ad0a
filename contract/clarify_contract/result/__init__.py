"""What a run wrote: analysis.json, typed, with what could not be read told and not dropped."""

from clarify_contract.result.analysis import AnalysisResult, MetricAt
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
    "AnalysisResult",
    "AsymmetricShapley",
    "BiasSection",
    "Explanations",
    "FacetGroup",
    "MetricAt",
    "MetricValue",
    "PartialDependence",
    "ShapLabel",
]
