"""From predictions to minutes, endpoint hours and money. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from clarify_contract.config.predictor import Predictor
from clarify_lambda.prepare.preflight.estimate import RATE
from clarify_local.estimating.prices import Price

#: Minutes until a shadow endpoint is in service, least and most: what is usual, and not promised.
ENDPOINT_MINUTES: Final = (5.0, 12.0)


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a run takes place on.

    Attributes
    ----------
    instances
        Number of the job's instances.
    rate
        Predictions a second for each of them.
    price
        An hour of one of them; None if it is not known.
    endpoint_instances
        Instances of the shadow endpoint; 0 where none is created.
    endpoint_price
        An hour of one of them; None if it is not known.
    """

    instances: int = 1
    rate: float = RATE
    price: Price | None = None
    endpoint_instances: int = 0
    endpoint_price: Price | None = None


@dataclass(frozen=True)
class Span:
    """From the least to the most."""

    least: float
    most: float

    def times(self, factor: float) -> Span:
        """Return both ends multiplied."""
        return Span(self.least * factor, self.most * factor)


def shadow_instances(predictor: Predictor | None) -> int:
    """Return how many instances the shadow endpoint has that a job creates; 0 for none."""
    if predictor is None or predictor.model_name is None or predictor.endpoint_name is not None:
        return 0
    return predictor.initial_instance_count or 0


def minutes(predictions: int, job: Job) -> Span:
    """Return how long a job waits for its endpoint and its predictions.

    Parameters
    ----------
    predictions
        How many it asks for.
    job
        What it takes place on.
    """
    asking = predictions / job.rate / job.instances / 60
    waiting = ENDPOINT_MINUTES if job.endpoint_instances else (0.0, 0.0)
    return Span(waiting[0] + asking, waiting[1] + asking)


def endpoint_hours(predictions: int, job: Job) -> Span:
    """Return the instance hours of the shadow endpoint, which is there as long as the job is."""
    return minutes(predictions, job).times(job.endpoint_instances / 60)


def cost(predictions: int, job: Job) -> Span | None:
    """Return US dollars for the job's instances and the shadow endpoint's; None: not known."""
    if job.price is None or (job.endpoint_instances and job.endpoint_price is None):
        return None
    hosting = 0.0 if job.endpoint_price is None else job.endpoint_price.usd
    hours = minutes(predictions, job).times(job.instances / 60)
    hosted = endpoint_hours(predictions, job)
    return Span(
        hours.least * job.price.usd + hosted.least * hosting,
        hours.most * job.price.usd + hosted.most * hosting,
    )
