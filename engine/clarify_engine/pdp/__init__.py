"""Partial dependence: how predictions change with one feature, on average over the rows."""

from clarify_engine.pdp.grid import PdpGrid
from clarify_engine.pdp.predictions import PdpPredictions
from clarify_engine.pdp.selection import chosen_features, shap_ranking

__all__ = ["PdpGrid", "PdpPredictions", "chosen_features", "shap_ranking"]
