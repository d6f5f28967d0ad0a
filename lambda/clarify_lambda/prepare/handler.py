"""The Prepare function: look at the data, write this run's config, hand its names on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from clarify_lambda.check.explain import Explanation, plain_lines
from clarify_lambda.check.verdict import VERDICT_FILE, body, failed
from clarify_lambda.places import PREFLIGHT_FILE, split
from clarify_lambda.prepare.preflight.estimate import Budget
from clarify_lambda.prepare.preflight.finding import Finding, as_json, limited
from clarify_lambda.prepare.preflight.findings import preflight
from clarify_lambda.prepare.preflight.reading import look
from clarify_lambda.prepare.refusal import ALL_FINDINGS, RunRefused
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
        The run's state. Its ``preflight`` holds the warnings, at most 50; ``preflight.json`` in the
        run's folder holds all of them.

    Raises
    ------
    RunRefused
        With every reason. Where they are preflight's, the run's ``verdict.json`` holds them, and
        nothing else is written; otherwise nothing at all.
    """
    run = prepare(event)
    findings = _preflight(run, event["pipeline"])
    if any(finding.severity == "error" for finding in findings):
        raise RunRefused([*map(str, limited(findings)), _refused(run, findings)])
    _write(run.state["config_uri"], run.config.encode())
    _write(f"{run.state['run_uri']}/{PREFLIGHT_FILE}", json.dumps(as_json(findings)).encode())
    print(  # noqa: T201 - Lambda's log
        json.dumps(
            {
                "prepared": run.state["job_name"],
                "attempt": run.state["attempt"],
                "preflight": [finding.id for finding in findings],
            }
        )
    )
    return {**run.state, "preflight": as_json(limited(findings))}


def _preflight(run: PreparedRun, pipeline: Mapping[str, Any]) -> list[Finding]:
    config = json.loads(run.config)
    seen = look(config, run.dataset_uri, manifest=pipeline["dataset_manifest"])
    return preflight(config, seen, Budget(pipeline["max_runtime"], pipeline["instance_count"]))


def _refused(run: PreparedRun, findings: Sequence[Finding]) -> str:
    """Write the verdict on a run that is not started; return a line that says where it is."""
    reason = plain_lines("\n".join(map(str, limited(findings))))
    explanation = Explanation("ClarifyPreparationFailed", reason, retry=False)
    uri = f"{run.state['run_uri']}/{VERDICT_FILE}"
    try:
        _write(uri, body(failed(explanation, run.state, as_json(findings))))
    except (BotoCoreError, ClientError) as error:
        # The reasons matter more than their copy: they are told with what kept the copy away.
        return f"{VERDICT_FILE} could not be written: {type(error).__name__}."
    return f"{ALL_FINDINGS}{uri}"


def _write(uri: str, document: bytes) -> None:
    bucket, key = split(uri)
    _s3().put_object(Bucket=bucket, Key=key, Body=document, ContentType="application/json")
