"""The check function: read the analysis, write the verdict, or explain a failure."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from clarify_lambda.check import metrics, verdict
from clarify_lambda.check.explain import explain
from clarify_lambda.check.judge import files_begin, judge, needs_baseline, needs_intervals
from clarify_lambda.check.violations import VIOLATIONS_FILE, violations
from clarify_lambda.places import PREFLIGHT_FILE, split


@cache
def _s3() -> Any:
    return boto3.client("s3")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Judge a run (event with ``rules`` and ``run``) or explain one (``explain`` and ``run``).

    Rules that compare with a baseline need its S3 URI as ``baseline_uri``, too. Where the event has
    ``metrics_for``, the name of a pipeline, a judged run's metrics are printed.

    Returns
    -------
    dict
        Of a judgement: ``verdict`` (``passed`` or ``rejected``), ``summary``, ``verdict_uri``.
        Of an explanation: ``error``, ``reason``, ``retry``.

    Raises
    ------
    botocore.exceptions.ClientError
        If the analysis or its baseline cannot be looked for or read: then nothing is known about
        the run, and the check has failed.
    """
    if "explain" in event:
        return _explain(event["run"], event["explain"]["max_attempts"])
    return _judge(event)


def _judge(event: dict[str, Any]) -> dict[str, Any]:
    run, rules = event["run"], event.get("rules")
    output = run["output_uri"]
    analysis = _object(f"{output}/analysis.json")
    intervals = _object(f"{output}/intervals.json") if needs_intervals(rules) else None
    compares = needs_baseline(rules) and event.get("baseline_uri") is not None
    baseline = _object(event["baseline_uri"]) if compares else None
    files = {"analysis.json": analysis, "intervals.json": intervals, "baseline": baseline}
    beside = [name for begin in files_begin(rules) for name in _not_empty(output, begin)]
    outcomes = judge(analysis, rules, intervals=intervals, baseline=baseline, files=beside)
    document = verdict.judged(outcomes, run, verdict.inputs(files, rules), _preflight(run))
    if (drifted := violations(outcomes)) is not None:
        _write(drifted, run["run_uri"], VIOLATIONS_FILE)
    uri = _write(document, run["run_uri"])
    _log(run, document["verdict"])
    if (pipeline := event.get("metrics_for")) is not None:
        now = int(time.time() * 1000)
        for line in metrics.lines(pipeline, document["verdict"], analysis, rules, milliseconds=now):
            print(line)  # noqa: T201 - Lambda's log, which CloudWatch reads
    return {"verdict": document["verdict"], "summary": document["summary"], "verdict_uri": uri}


def _explain(run: dict[str, Any], max_attempts: int) -> dict[str, Any]:
    explanation = explain(run, max_attempts)
    reason = explanation.reason
    if "run_uri" in run:
        try:
            _write(verdict.failed(explanation, run, _preflight(run)), run["run_uri"])
        except (BotoCoreError, ClientError) as error:
            # The reason matters more than its copy: it is told with what kept the copy away.
            reason = f"{reason[:900]}\nverdict.json could not be written: {_code(error)}."
    _log(run, explanation.error)
    return {"error": explanation.error, "reason": reason, "retry": explanation.retry}


def _preflight(run: dict[str, Any]) -> list[dict[str, str]]:
    """Return all that Prepare found; where it left no file, what travelled in the state."""
    body = _object(f"{run['run_uri']}/{PREFLIGHT_FILE}")
    found: list[dict[str, str]] = run.get("preflight", []) if body is None else json.loads(body)
    return found


def _object(uri: str) -> bytes | None:
    """Return the object at a URI, None if there is none.

    Whether it is there is asked by a listing: a role that may list below a prefix only is told
    "forbidden", and not "not found", of an object that is missing, since getting it has no prefix.
    """
    bucket, key = split(uri)
    found = _s3().list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents", [])
    if key not in [item["Key"] for item in found]:
        return None
    body: bytes = _s3().get_object(Bucket=bucket, Key=key)["Body"].read()
    return body


def _not_empty(output_uri: str, begin: str) -> list[str]:
    """Return the first results, by their path below the folder, whose names begin so."""
    bucket, folder = split(output_uri)
    listed = _s3().list_objects_v2(Bucket=bucket, Prefix=f"{folder}/{begin}", MaxKeys=10)
    found = [item["Key"] for item in listed.get("Contents", []) if item["Size"]]
    return [key.removeprefix(f"{folder}/") for key in found]


def _write(document: dict[str, Any], run_uri: str, name: str = verdict.VERDICT_FILE) -> str:
    bucket, prefix = split(run_uri)
    key = f"{prefix}/{name}"
    _s3().put_object(
        Bucket=bucket,
        Key=key,
        Body=verdict.body(document),
        ContentType="application/json",
    )
    return f"s3://{bucket}/{key}"


def _code(error: Exception) -> str:
    response = error.response if isinstance(error, ClientError) else {}
    return str(response.get("Error", {}).get("Code", type(error).__name__))


def _log(run: dict[str, Any], outcome: str) -> None:
    print(json.dumps({"job": run.get("job_name"), "outcome": outcome}))  # noqa: T201 - Lambda's log
