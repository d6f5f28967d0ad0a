"""Which bias metrics are computed: `methods.pre_training_bias` and `.post_training_bias`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.scalars import TYPE_ID, checked, refusal
from clarify_contract.config.wording import describe, did_you_mean
from clarify_contract.metrics import METRICS, POST_TRAINING, PRE_TRAINING

UNKNOWN_ID = "metric-unknown"


def _metrics_of(codes: Sequence[str]) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        listed = value if type(value) is list else [value]
        if not listed or any(type(code) is not str for code in listed):
            raise refusal(
                TYPE_ID, '"all" or a list of metric codes', 'Write "all", or codes as texts.'
            )
        allowed = codes if type(value) is list else ("all",)
        if unknown := [code for code in listed if code not in allowed]:
            raise refusal(
                UNKNOWN_ID, f'"all" or a list from {", ".join(codes)}', _fix(unknown, codes)
            )

    return check


def _fix(unknown: Sequence[str], codes: Sequence[str]) -> str:
    first = unknown[0]
    if first in METRICS and first not in codes:
        return f"{first} is a metric of {METRICS[first].stage}: ask for it there."
    hint = did_you_mean(first.upper(), codes)
    if first.lower() == "all":
        hint = 'Write "all" in lower case and not in a list.'
    elif first in codes:
        hint = f'Write a list: ["{first}"].'
    return f"{describe(first)} is no metric code. {hint}".strip()


def _schema(codes: Sequence[str]) -> WithJsonSchema:
    some = {"type": "array", "items": {"enum": list(codes)}, "minItems": 1}
    return WithJsonSchema({"anyOf": [{"const": "all"}, some]})


Metrics = Literal["all"] | Sequence[str]


class PreTrainingBias(ConfigModel):
    """Bias in the data: what the labels say of the groups."""

    methods: Annotated[Metrics, _schema(PRE_TRAINING), checked(_metrics_of(PRE_TRAINING))] = Field(
        examples=["all"]
    )
    """`all`, or a list of metric codes."""


class PostTrainingBias(ConfigModel):
    """Bias in the predictions, against the labels and between the groups."""

    methods: Annotated[Metrics, _schema(POST_TRAINING), checked(_metrics_of(POST_TRAINING))] = (
        Field(examples=["all"])
    )
    """`all`, or a list of metric codes."""
