"""How images are split and scored: `methods.shap.image_config`."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from clarify_contract.config.base import ConfigModel
from clarify_contract.config.scalars import (
    TEXT_ONLY,
    VALUE_ID,
    Count,
    Fraction,
    Text,
    Texts,
    Whole,
    Wholes,
    checked,
    refusal,
)

ModelType = Literal["IMAGE_CLASSIFICATION", "OBJECT_DETECTION"]


def _model_type(value: Any) -> None:
    if value not in get_args(ModelType):
        raise refusal(
            VALUE_ID,
            '"IMAGE_CLASSIFICATION" or "OBJECT_DETECTION"',
            "Write what the model does, in capital letters.",
        )


class ImageDebug(ConfigModel):
    """Which images and classes to look into; known to the SageMaker SDK's schema alone."""

    image_names: Texts | None = None
    """File names of images."""

    class_ids: Wholes | None = None
    """Indices of classes."""

    sample_from: Whole | None = None
    """First sample."""

    sample_to: Whole | None = None
    """Last sample."""


class ImageConfig(ConfigModel):
    """Explain images by their segments."""

    model_type: Annotated[ModelType, checked(_model_type), TEXT_ONLY] | None = None
    """`IMAGE_CLASSIFICATION` or `OBJECT_DETECTION`."""

    max_objects: Count | None = None
    """Object detection: explain at most this many objects, by confidence; the service takes 3."""

    iou_threshold: Fraction | None = None
    """Object detection: least overlap (intersection over union) at which two boxes are one object,
    0.0 to 1.0; the service takes 0.5."""

    context: Fraction | None = None
    """Object detection: how much of the image around the box is masked, 0.0 to 1.0; the service
    takes 1.0."""

    num_segments: Count | None = None
    """How many segments an image is split into, about; the service takes 20."""

    segment_compactness: Whole | None = None
    """How much shape counts against colour when an image is split; the service takes 5."""

    feature_extraction_method: Text | None = None
    """How an image is split; the only known method is `segmentation`."""

    debug: ImageDebug | None = None
    """Details for finding errors."""
