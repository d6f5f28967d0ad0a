"""Parts of the dataset that get results of their own: the key `segment_config`."""

from __future__ import annotations

from pydantic import Field

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.scalars import NameOrIndex, Segments, Text, Texts


class Segment(ConfigModel):
    """One column whose values split the dataset; known to the SageMaker SDK, not to its guide."""

    name_or_index: NameOrIndex = Field(examples=["age"])
    """Column name or 0-based index."""

    segments: Segments = Field(examples=[[["[18, 40]"]]])
    """N lists of values make N + 1 segments: the last, `__default__`, holds all other rows. A
    continuous column takes intervals as texts, such as `["[1, 4]", "(5, 6]"]`."""

    config_name: Text | None = None
    """A name for this split."""

    display_aliases: Texts | None = None
    """Names to show: one for each list in `segments`, and if wanted one for `__default__`."""
