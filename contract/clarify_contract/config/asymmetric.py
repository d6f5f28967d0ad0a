"""Asymmetric Shapley values of forecasts: the key `methods.asymmetric_shapley_value`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.explain import OBJECT_TAG, URI_TAG
from clarify_contract.config.scalars import TYPE_ID, Count, checked, one_of, refusal

Direction = Literal["chronological", "anti_chronological", "bidirectional"]
Unit = Literal["timewise", "fine_grained"]
Fill = Literal["zero", "mean"]
_FILL = one_of(Fill, what="fill-in value")


def _static(value: Any) -> None:
    rows = value.values() if type(value) is dict else [None]
    cells = [cell for row in rows for cell in (row if type(row) is list else [None])]
    if any(type(cell) not in (int, float, str) for cell in cells):
        raise refusal(
            TYPE_ID,
            "an object that gives each item id a list of numbers or texts",
            "Write one value for each static covariate, for every item id.",
        )


StaticBaseline = Mapping[str, Sequence[int | float | str]]


class ForecastBaseline(ConfigModel):
    """What "value absent" means for each part of a forecasting dataset."""

    target_time_series: Annotated[Fill, _FILL] | None = None
    """`zero` or `mean`; the service takes `zero`."""

    related_time_series: Annotated[Fill, _FILL] | None = None
    """`zero` or `mean`; the service takes `zero`."""

    static_covariates: Annotated[StaticBaseline, checked(_static)] | None = Field(
        default=None, repr=False
    )
    """For each item id, one value for each static covariate."""


def _form(value: Any) -> str:
    return URI_TAG if isinstance(value, str) else OBJECT_TAG


class AsymmetricShapley(ConfigModel):
    """Attribute forecasts to points in time, and to features there."""

    direction: Annotated[Direction, one_of(Direction, what="direction")] = Field(
        examples=["chronological"]
    )
    """In which order times are added: `chronological`, `anti_chronological`, `bidirectional`."""

    granularity: Annotated[Unit, one_of(Unit, what="granularity")] = Field(examples=["timewise"])
    """`timewise`: one value for each time. `fine_grained`: for each feature and time, only with
    `chronological`."""

    num_samples: Count | None = None
    """Number of orders that are sampled; required with `fine_grained`, and only there."""

    baseline: (
        Annotated[
            Annotated[str, Tag(URI_TAG)] | Annotated[ForecastBaseline, Tag(OBJECT_TAG)],
            Discriminator(_form),
        ]
        | None
    ) = None
    """What "value absent" means, in place or as the S3 URI of such an object."""
