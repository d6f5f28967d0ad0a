"""EventBridge hears of a job's changes: ``SageMaker Processing Job State Change``."""

from __future__ import annotations

from typing import Any

from clarify_local.emulator import events
from clarify_local.emulator.json_values import plain
from clarify_local.emulator.world import World

DETAIL_TYPE = "SageMaker Processing Job State Change"


def send(world: World, job: Any, status: str, region: str) -> None:
    """Send a job's new status.

    Parameters
    ----------
    job
        moto's record; all but its status is as it shall be told.
    """
    events.send(
        world,
        source="aws.sagemaker",
        detail_type=DETAIL_TYPE,
        resources=[job.arn],
        detail={**plain(job.response_object), "ProcessingJobStatus": status},
        region=region,
    )
