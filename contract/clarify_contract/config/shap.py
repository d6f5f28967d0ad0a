"""Kernel SHAP: the key `methods.shap`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.image import ImageConfig
from clarify_contract.config.scalars import (
    TYPE_ID,
    Count,
    Flag,
    NamesOrIndices,
    Whole,
    checked,
    one_of,
    refusal,
)
from clarify_contract.config.text import TextConfig

Aggregation = Literal["mean_abs", "mean_sq", "median"]
Cell = int | float | str | None
Row = Sequence[Cell] | Mapping[str, Any]

_CELLS = (int, float, str, type(None))


def _baseline(value: Any) -> None:
    allowed = "an S3 URI, a list of rows (lists or objects), or one JSON object"
    fix = "Write rows as the dataset has them, features only, or the S3 URI of such a file."
    if type(value) not in (str, list, dict):
        raise refusal(TYPE_ID, allowed, fix)
    if type(value) is list:
        if any(type(row) not in (list, dict) for row in value):
            raise refusal(TYPE_ID, allowed, fix)
        if any(type(cell) not in _CELLS for row in value if type(row) is list for cell in row):
            raise refusal(TYPE_ID, "rows of numbers, texts and nulls", fix)


class Shap(ConfigModel):
    """Attribute predictions to features by Kernel SHAP."""

    baseline: Annotated[str | Sequence[Row] | Mapping[str, Any], checked(_baseline)] | None = Field(
        default=None, repr=False
    )
    """What "feature absent" means: rows of features, or the S3 URI of a file with such rows.
    Absent: rows computed by clustering the dataset. More rows cost proportionally more
    predictions."""

    num_clusters: Count | None = None
    """How many baseline rows clustering makes, without `baseline`; else the best of 1 to 12."""

    num_samples: Count | None = None
    """How many coalitions of features are tried for each row: what the analysis costs."""

    features_to_explain: NamesOrIndices | None = None
    """Explain these features only; numeric and categorical features of tables."""

    agg_method: Annotated[Aggregation, one_of(Aggregation, what="aggregation")] | None = None
    """How local values become global ones; the service takes `mean_abs`."""

    use_logit: Flag | None = None
    """Explain log-odds instead of probabilities; the service takes `false`."""

    save_local_shap_values: Flag | None = None
    """Write the values of each row; the service takes `false`, its Python SDK writes `true`."""

    seed: Whole | None = None
    """Makes runs repeatable; without it they differ slightly."""

    text_config: TextConfig | None = None
    """Explain free text."""

    image_config: ImageConfig | None = None
    """Explain images."""
