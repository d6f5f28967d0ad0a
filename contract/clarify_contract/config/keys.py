"""The keys of an `analysis_config.json`, with their types and no rule between them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.facet import Facet
from clarify_contract.config.methods import Methods
from clarify_contract.config.predictor import Predictor
from clarify_contract.config.scalars import (
    TEXT_ONLY,
    VALUE_ID,
    Decimal,
    ListOf,
    NameOrIndex,
    NamesOrIndices,
    Text,
    Texts,
    Values,
    checked,
    one_of,
    refusal,
)
from clarify_contract.config.segment import Segment
from clarify_contract.config.time_series import TimeSeriesData

DatasetType = Literal[
    "text/csv",
    "application/jsonlines",
    "application/json",
    "application/x-parquet",
    "application/x-image",
    "application/sagemakercapturejson",
]


def _version(value: Any) -> None:
    if value != "1.0":
        raise refusal(VALUE_ID, '"1.0"', 'Write "1.0", the only version, or leave the key out.')


class AnalysisKeys(ConfigModel):
    """Every key at the top level."""

    version: Annotated[Literal["1.0"], checked(_version), TEXT_ONLY] | None = None
    """Version of the config's form: `1.0`."""

    dataset_type: Annotated[DatasetType, one_of(DatasetType, what="dataset type")] = Field(
        examples=["text/csv"]
    )
    """Format of the dataset."""

    dataset_uri: Text | None = None
    """S3 URI or prefix of the dataset, read by the job itself; wins over the `dataset` input."""

    headers: Texts | None = None
    """Column names, in the dataset's order. JSON kinds: features, then the label, then the
    predicted label. Time series: item id, timestamp, target, related series, static covariates."""

    label: NameOrIndex | None = None
    """Observed outcome. CSV: column name or 0-based index. Parquet: column name. JSON Lines:
    JMESPath on a line. JSON: JMESPath on the document."""

    predicted_label: NameOrIndex | None = None
    """Predicted outcome, addressed as `label` is; in `predicted_label_dataset_uri` if that is
    given."""

    features: Text | None = None
    """JSON Lines and JSON: JMESPath of the features."""

    predicted_label_dataset_uri: Text | None = None
    """S3 URI of a CSV dataset with the predicted labels."""

    predicted_label_headers: Texts | None = None
    """Column names of that dataset."""

    facet_dataset_uri: Text | None = None
    """S3 URI of a CSV dataset with the facets."""

    facet_headers: Texts | None = None
    """Column names of that dataset."""

    joinsource_name_or_index: NameOrIndex | None = None
    """Column that identifies a row in every dataset; used for joining only."""

    excluded_columns: NamesOrIndices | None = None
    """Columns that are not sent to the model, besides label and predicted label."""

    label_values_or_threshold: Values | None = None
    """The favourable outcome. For categories: its values. For a continuous label: one number, an
    exclusive lower bound."""

    facet: ListOf[Facet] | None = None
    """The groups that are compared."""

    group_variable: NameOrIndex | None = None
    """Column within whose groups CDDL and CDDPL compare."""

    probability_threshold: Decimal | None = None
    """A score above it counts as the favourable outcome; the service takes 0.5."""

    time_series_data_config: TimeSeriesData | None = None
    """Where the parts of a forecasting dataset are."""

    segment_config: ListOf[Segment] | None = None
    """Parts of the dataset that get results of their own."""

    methods: Methods = Field(examples=[{"pre_training_bias": {"methods": "all"}}])
    """What is computed."""

    predictor: Predictor | None = None
    """Where predictions come from."""
