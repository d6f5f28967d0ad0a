"""Which groups of people are compared: the key `facet`."""

from __future__ import annotations

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.scalars import NameOrIndex, Values


class Facet(ConfigModel):
    """One column that names groups, and the group that may be treated worse."""

    name_or_index: NameOrIndex = Field(examples=["sex"])
    """Column name or 0-based index; with `facet_dataset_uri` the index counts in that dataset."""

    value_or_threshold: Values | None = None
    """The sensitive group. For categories: the values that form the group, against all other rows.
    For a continuous column: exactly one number, an exclusive lower bound, and required. Absent:
    one result for each value of the column."""
