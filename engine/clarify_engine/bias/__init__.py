"""Bias metrics: one pass over batches of rows, counted into mergeable tables."""

from clarify_engine.bias.plan import PREDICTED, BiasPlan, FacetPlan
from clarify_engine.bias.statistics import BiasStatistics
from clarify_engine.bias.tally import BiasTally

__all__ = ["PREDICTED", "BiasPlan", "BiasStatistics", "BiasTally", "FacetPlan"]
