"""A deployed pipeline compares its run with a former one: passed, drifted, and not compared."""

from __future__ import annotations

import json
from typing import Any

from clarify_local.deployed import Pipeline
from clarify_local.outcome import Outcome
from support_local.stage import Stage

FORMER = "clarify-former"
VIOLATIONS = "constraint_violations.json"


def place(outcome: Outcome) -> tuple[str, str]:
    """Return the bucket and the folder of a run."""
    bucket, _, folder = outcome.execution.run["run_uri"].removeprefix("s3://").partition("/")
    return bucket, folder


def read(stage: Stage, bucket: str, key: str) -> Any:
    return json.loads(stage.aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


def put_former(stage: Stage, outcome: Outcome, document: Any) -> None:
    bucket, folder = place(outcome)
    key = f"{folder.rpartition('/')[0]}/{FORMER}/output/analysis.json"
    stage.aws.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(document).encode())


def deployed(stage: Stage) -> Pipeline:
    pipeline = stage.deploy("Baseline")
    stage.seed(pipeline)
    return pipeline


def test_a_run_is_compared_with_a_former_one(stage: Stage) -> None:
    pipeline = deployed(stage)
    first = stage.run(pipeline)
    assert first.verdict == "rejected"
    assert "not evaluated: there is no baseline" in first.reason
    bucket, folder = place(first)
    former = read(stage, bucket, f"{folder}/output/analysis.json")

    put_former(stage, first, former)
    same = stage.run(pipeline)
    assert same.verdict == "passed", same.reason
    assert read(stage, bucket, f"{place(same)[1]}/{VIOLATIONS}")["violations"] == []

    facets = former["pre_training_bias_metrics"]["facets"]
    (label,) = (entry for entry in facets["sex"][0]["metrics"] if entry["name"] == "DPL")
    value = label["value"]
    label["value"] = value / 2
    put_former(stage, first, former)
    drifted = stage.run(pipeline)
    assert drifted.verdict == "rejected"
    assert f"sex[0].DPL: {value} is farther from 0" in drifted.reason
    outside = {(row.facet, row.code) for row in drifted.metrics if row.within is False}
    assert outside == {("sex", "DPL")}
    assert {row.within for row in same.metrics} == {True}
    document = read(stage, bucket, f"{place(drifted)[1]}/{VIOLATIONS}")
    assert document["violations"] == [
        {
            "facet": "sex",
            "facet_value": facets["sex"][0]["value_or_threshold"],
            "metric_name": "DPL",
            "constraint_check_type": "bias_drift_check",
            "description": f"Metric value {value} doesn't meet the baseline constraint "
            f"requirement {value / 2}",
        }
    ]
    listed = stage.aws.client("s3").list_objects_v2(Bucket=bucket, Prefix=folder)["Contents"]
    assert VIOLATIONS not in {item["Key"].rpartition("/")[2] for item in listed}
