"""Partial dependence plots: the key `methods.pdp`."""

from __future__ import annotations

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.scalars import Count, NamesOrIndices


class Pdp(ConfigModel):
    """How predictions change with one feature, on average."""

    features: NamesOrIndices | None = None
    """Columns to plot, numeric or categorical. Required where `shap` is not asked for."""

    top_k_features: Count | None = None
    """Without `features`: plot those with the largest SHAP values; the service takes 10."""

    grid_resolution: Count = Field(examples=[15])
    """Into how many buckets the range of a numeric column is cut; the Python SDK writes 15."""
