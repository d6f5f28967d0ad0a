"""The analysis config: its keys, the rules between them, and what misleads."""

from clarify_contract.config.analysis import AnalysisConfig
from clarify_contract.config.asymmetric import AsymmetricShapley, ForecastBaseline
from clarify_contract.config.bias import PostTrainingBias, PreTrainingBias
from clarify_contract.config.facet import Facet
from clarify_contract.config.facts import (
    check_columns,
    check_dataset_input,
    check_instance_count,
)
from clarify_contract.config.image import ImageConfig, ImageDebug
from clarify_contract.config.methods import Methods
from clarify_contract.config.pdp import Pdp
from clarify_contract.config.predictor import Predictor, TimeSeriesPredictor
from clarify_contract.config.report import Report
from clarify_contract.config.segment import Segment
from clarify_contract.config.shap import Shap
from clarify_contract.config.text import TextConfig
from clarify_contract.config.time_series import TimeSeriesData

__all__ = [
    "AnalysisConfig",
    "AsymmetricShapley",
    "Facet",
    "ForecastBaseline",
    "ImageConfig",
    "ImageDebug",
    "Methods",
    "Pdp",
    "PostTrainingBias",
    "PreTrainingBias",
    "Predictor",
    "Report",
    "Segment",
    "Shap",
    "TextConfig",
    "TimeSeriesData",
    "TimeSeriesPredictor",
    "check_columns",
    "check_dataset_input",
    "check_instance_count",
]
