"""Where the parts of a forecasting dataset are: the key `time_series_data_config`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.scalars import (
    TYPE_ID,
    NameOrIndex,
    Texts,
    Wholes,
    checked,
    one_of,
    refusal,
)

DatasetFormat = Literal["columns", "item_records", "timestamp_records"]


def _one_kind(value: Any) -> None:
    kinds = {type(item) for item in value} if type(value) is list else {None}
    if kinds and kinds not in ({str}, {int}):
        raise refusal(
            TYPE_ID,
            "a list of JMESPath texts or a list of indices, not both",
            "Write every entry as a text, as the other time series keys are.",
        )


Addresses = Annotated[Texts | Wholes, checked(_one_kind)]


class TimeSeriesData(ConfigModel):
    """Addresses of the target, its item and time, and its covariates.

    All addresses are JMESPath texts, or all are indices.
    """

    target_time_series: NameOrIndex = Field(examples=["[*].target"])
    """JMESPath (or index) of the values that are forecast."""

    item_id: NameOrIndex = Field(examples=["[*].id"])
    """JMESPath (or index) of the item that a series belongs to."""

    timestamp: NameOrIndex = Field(examples=["[*].timestamp"])
    """JMESPath (or index) of the times."""

    related_time_series: Addresses | None = None
    """JMESPaths of further series that change over time."""

    static_covariates: Addresses | None = None
    """JMESPaths of values that belong to an item and do not change."""

    dataset_format: (
        Annotated[DatasetFormat, one_of(DatasetFormat, what="dataset format")] | None
    ) = None
    """`columns` (parallel lists), `item_records` (items with nested lists) or
    `timestamp_records` (one flat object for each item and time)."""
