"""What is computed: the key `methods`."""

from __future__ import annotations

from clarify_contract.config.asymmetric import AsymmetricShapley
from clarify_contract.config.base import ConfigModel
from clarify_contract.config.bias import PostTrainingBias, PreTrainingBias
from clarify_contract.config.pdp import Pdp
from clarify_contract.config.report import Report
from clarify_contract.config.shap import Shap


class Methods(ConfigModel):
    """The analyses of one job."""

    pre_training_bias: PreTrainingBias | None = None
    """Bias in the data."""

    post_training_bias: PostTrainingBias | None = None
    """Bias in the predictions."""

    shap: Shap | None = None
    """Kernel SHAP values."""

    pdp: Pdp | None = None
    """Partial dependence plots."""

    asymmetric_shapley_value: AsymmetricShapley | None = None
    """Asymmetric Shapley values of forecasts."""

    report: Report | None = None
    """The report beside the numbers."""
