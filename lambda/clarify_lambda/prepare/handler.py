"""The Prepare function: look at the data, write this run's config, hand its names on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3

from clarify_lambda.places import split
from clarify_lambda.prepare.preflight.finding import Finding, as_json
from clarify_lambda.prepare.preflight.findings import data_findings
from clarify_lambda.prepare.preflight.predictor import asked, predictor_findings
from clarify_lambda.prepare.preflight.reading import describe, read_dataset
from clarify_lambda.prepare.refusal import RunRefused
from clarify_lambda.prepare.run import PreparedRun, prepare


@cache
def _s3() -> Any:
    return boto3.client("s3")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Prepare one run.

    A repeated call for the same attempt writes the same object again: names come from the
    execution's id, not from a clock.

    Returns
    -------
    dict
        The run's state. Its ``preflight`` holds the warnings, at most 50.

    Raises
    ------
    RunRefused
        With every reason; nothing is written then.
    """
    run = prepare(event)
    findings = _preflight(run, event["pipeline"])
    if any(finding.severity == "error" for finding in findings):
        # Mistakes first: where a message is cut, it is at its end.
        raise RunRefused([str(f) for f in sorted(findings, key=lambda f: f.severity != "error")])
    bucket, key = split(run.state["config_uri"])
    _s3().put_object(
        Bucket=bucket, Key=key, Body=run.config.encode(), ContentType="application/json"
    )
    print(  # noqa: T201 - Lambda's log
        json.dumps(
            {
                "prepared": run.state["job_name"],
                "attempt": run.state["attempt"],
                "preflight": [finding.id for finding in findings],
            }
        )
    )
    return {**run.state, "preflight": as_json(findings)}


def _preflight(run: PreparedRun, pipeline: Mapping[str, Any]) -> list[Finding]:
    config = json.loads(run.config)
    dataset = read_dataset(run.dataset_uri, manifest=pipeline["dataset_manifest"])
    findings = data_findings(config, dataset)
    if (named := asked(config)) is not None:
        findings += predictor_findings(describe(*named))
    return findings
