"""How free text is split and replaced: `methods.shap.text_config`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.languages import Language
from clarify_contract.config.scalars import Count, one_of

Granularity = Literal["token", "sentence", "paragraph"]


class TextConfig(ConfigModel):
    """Explain free-text features by their parts."""

    granularity: Annotated[Granularity, one_of(Granularity, what="text unit")] = Field(
        examples=["token"]
    )
    """The part of a text that gets a Shapley value of its own."""

    language: Annotated[Language, one_of(Language, what="language")] = Field(examples=["english"])
    """Language of the text, by name or by code; `multi-language` for several."""

    max_top_tokens: Count | None = None
    """How many of the tokens with the largest global values are listed; the service lists 50."""
