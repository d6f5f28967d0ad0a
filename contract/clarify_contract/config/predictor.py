"""Where predictions come from, and how they are asked for: the key `predictor`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.scalars import (
    TYPE_ID,
    NameOrIndex,
    Text,
    TextsOrWholes,
    Whole,
    checked,
    one_of,
    refusal,
)

ContentType = Literal[
    "text/csv",
    "application/jsonlines",
    "application/json",
    "image/jpeg",
    "image/png",
    "application/x-npy",
]
AcceptType = Literal["text/csv", "application/jsonlines", "application/json"]


def _template(value: Any) -> None:
    texts = list(value.values()) if type(value) is dict else [value]
    if any(type(text) is not str for text in texts):
        raise refusal(
            TYPE_ID,
            "a text, or an object of texts",
            "Write the request body as one text with its placeholder.",
        )


class TimeSeriesPredictor(ConfigModel):
    """Where a forecast stands in a response."""

    forecast: Text = Field(examples=["predictions[*].mean"])
    """JMESPath on the response that gives the forecasts."""


class Predictor(ConfigModel):
    """A model or an endpoint, the form of its requests, and where its answer holds what."""

    model_name: Text | None = None
    """SageMaker model; the job creates a shadow endpoint for it and deletes it again."""

    initial_instance_count: Whole | None = None
    """With `model_name`: instances of the shadow endpoint, at least 1."""

    instance_type: Text | None = None
    """With `model_name`: instance type of the shadow endpoint."""

    endpoint_name: Text | None = None
    """Existing endpoint, in place of `model_name`."""

    endpoint_name_prefix: Text | None = None
    """With `model_name`: how the shadow endpoint's name begins, at most 23 characters; the service
    takes `sm-clarify`."""

    accelerator_type: Text | None = None
    """Elastic Inference accelerator; retired by AWS."""

    target_model: Text | None = None
    """Which model of a multi-model endpoint."""

    custom_attributes: Text | None = None
    """Passed on with each request: at most 1024 visible ASCII characters."""

    content_type: Annotated[ContentType, one_of(ContentType, what="content type")] | None = None
    """Form of requests; the service takes `dataset_type`, and `image/jpeg` for images."""

    accept_type: Annotated[AcceptType, one_of(AcceptType, what="accept type")] | None = None
    """Form of responses; the service takes `content_type`."""

    content_template: Annotated[str | Mapping[str, str], checked(_template)] | None = None
    """Request body. JSON Lines: exactly one `$features`. JSON: `$record` or `$records`, and if
    wanted `$feature_names`."""

    record_template: Text | None = None
    """One record of a JSON request: `$features`, or `$features_kvp`, or `"${Name}"` for each
    feature. Time series: `$start_time`, `$target_time_series`, `$related_time_series`,
    `$static_covariates`."""

    label: NameOrIndex | None = None
    """Where the response holds the predicted label: index (CSV) or JMESPath."""

    probability: NameOrIndex | None = None
    """Where the response holds scores: index (CSV) or JMESPath."""

    label_headers: TextsOrWholes | None = None
    """The label that each score belongs to, in the order of the scores."""

    time_series_predictor_config: TimeSeriesPredictor | None = None
    """Where the response holds forecasts."""
