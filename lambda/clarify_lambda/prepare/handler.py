"""The Prepare function: write this run's config, hand its names to the state machine."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import boto3

from clarify_lambda.places import split
from clarify_lambda.prepare.run import prepare


@cache
def _s3() -> Any:
    return boto3.client("s3")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Prepare one run.

    A repeated call for the same attempt writes the same object again: names come from the
    execution's id, not from a clock.

    Raises
    ------
    RunRefused
        With every reason; nothing is written then.
    """
    run = prepare(event)
    bucket, key = split(run.state["config_uri"])
    _s3().put_object(
        Bucket=bucket, Key=key, Body=run.config.encode(), ContentType="application/json"
    )
    print(json.dumps({"prepared": run.state["job_name"], "attempt": run.state["attempt"]}))  # noqa: T201 - Lambda's log
    return run.state
