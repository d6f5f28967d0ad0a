"""What is wrong with a pipeline as a whole. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clarify_cdk.image import BoundImage
from clarify_contract import Finding
from clarify_contract.container import INTERVALS_FILE
from clarify_lambda.check.judge import needs_intervals


def not_written(image: BoundImage, rules: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a warning where rules ask for a file that the image never writes: no run passes."""
    if image.is_managed and needs_intervals(rules):
        yield Finding(
            "intervals-not-written",
            "rules",
            f"rules on intervals or rows, and the managed image, which writes no {INTERVALS_FILE}",
            "the open engine, or rules on values",
            "Pass image=ClarifyImage.open_engine(), or no run will pass.",
            severity="warning",
        )


def no_network() -> Finding:
    """Return the finding on a connection of a job that runs in no VPC."""
    return Finding(
        "no-network",
        "network",
        "a pipeline whose job runs in no VPC",
        "a pipeline with a ClarifyNetwork",
        "Pass network=ClarifyNetwork(...), or leave functions_in_vpc and connections alone.",
    )


def negative_retries(given: int) -> Finding:
    """Return the finding on a number of retries below zero."""
    return Finding(
        "max-capacity-retries",
        "max_capacity_retries",
        str(given),
        "0 or more",
        "Pass 0 to give up at once when capacity is lacking.",
    )
