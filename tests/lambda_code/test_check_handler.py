"""The check writes what it found, and tells a missing analysis from one it may not read."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_lambda.check import handler as function
from support_lambda import MemoryS3, passing_analysis, passing_rules
from support_lambda.judging import drift, no_worse

RUN = {
    "attempt": 1,
    "name": "nightly",
    "job_name": "clarify-nightly-0123",
    "run_uri": "s3://results/clarify/clarify-nightly-0123",
    "config_uri": "s3://results/clarify/clarify-nightly-0123/config/analysis_config.json",
    "output_uri": "s3://results/clarify/clarify-nightly-0123/output",
    "dataset_uri": "s3://bucket/data/train.csv",
    "endpoint_name_prefix": None,
}
ANALYSIS = ("results", "clarify/clarify-nightly-0123/output/analysis.json")
INTERVALS = ("results", "clarify/clarify-nightly-0123/output/intervals.json")
BASELINE = ("models", "loans/analysis.json")
VIOLATIONS = ("results", "clarify/clarify-nightly-0123/constraint_violations.json")
PREFLIGHT = ("results", "clarify/clarify-nightly-0123/preflight.json")
VERDICT = ("results", "clarify/clarify-nightly-0123/verdict.json")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> MemoryS3:
    memory = MemoryS3()
    monkeypatch.setattr(function, "_s3", lambda: memory)
    memory.objects[ANALYSIS] = json.dumps(passing_analysis()).encode()
    return memory


def judge(rules: Any = None) -> dict[str, Any]:
    return function.handler({"rules": rules or passing_rules(), "run": RUN}, None)


def explain(run: dict[str, Any]) -> dict[str, Any]:
    return function.handler({"explain": {"max_attempts": 2}, "run": run}, None)


def test_passed_run_has_a_verdict_with_every_evaluation(s3: MemoryS3) -> None:
    answer = judge()
    assert answer == {
        "verdict": "passed",
        "summary": "Passed: 20 of 20 checks held.",
        "verdict_uri": "s3://results/clarify/clarify-nightly-0123/verdict.json",
    }
    document = json.loads(s3.objects[VERDICT])
    assert document["verdict"] == "passed"
    assert document["summary"] == answer["summary"]
    assert len(document["checks"]) == 20
    assert document["checks"][0] == {
        "rule": "complete",
        "where": "pre_training_bias_metrics.facets.Sex[0].CI",
        "metric": "CI",
        "value": 0.36,
        "baseline": None,
        "interval": None,
        "min": None,
        "max": None,
        "source": None,
        "held": True,
        "reason": None,
        "accepted": None,
    }
    # What `sha256sum` says of the same bytes.
    assert document["inputs"] == {
        "analysis.json": hashlib.sha256(s3.objects[ANALYSIS]).hexdigest(),
        "intervals.json": None,
        "baseline": None,
        "rules": hashlib.sha256(
            json.dumps(passing_rules(), sort_keys=True, separators=(",", ":")).encode()
        ).hexdigest(),
    }
    assert document["run"] == {
        key: RUN[key]
        for key in ("attempt", "name", "job_name", "config_uri", "dataset_uri", "output_uri")
    }


def test_intervals_are_read_only_where_a_rule_asks_for_them(s3: MemoryS3) -> None:
    rules = passing_rules()
    rules["limits"][1]["evidence"] = "interval"
    assert "CI: not evaluated: the job wrote no intervals.json" in judge(rules)["summary"]
    entry = {"value_or_threshold": "0", "intervals": {"CI": {"low": 0.3, "high": 0.4}}}
    section = {"facets": {"Sex": [entry]}}
    body = json.dumps({"level": 0.95, "pre_training_bias_metrics": section}).encode()
    s3.objects[INTERVALS] = body
    assert judge(rules)["verdict"] == "passed"
    document = json.loads(s3.objects[VERDICT])
    assert document["checks"][-1]["interval"] == [0.3, 0.4]
    assert document["inputs"]["intervals.json"] == hashlib.sha256(body).hexdigest()
    judge()
    assert json.loads(s3.objects[VERDICT])["inputs"]["intervals.json"] is None


def test_report_that_is_missing_or_empty_is_rejected(s3: MemoryS3) -> None:
    rules = passing_rules()
    rules["files"] = [{"what": "the report", "begins": "report.html", "other_than": None}]
    place = (ANALYSIS[0], ANALYSIS[1].replace("analysis.json", "report.html"))
    for body, verdict in ((None, "rejected"), (b"", "rejected"), (b"<!doctype html>", "passed")):
        if body is not None:
            s3.objects[place] = body
        assert judge(rules)["verdict"] == verdict


def compare(rules: Any) -> dict[str, Any]:
    event = {"rules": rules, "run": RUN, "baseline_uri": "s3://models/loans/analysis.json"}
    return function.handler(event, None)


def test_baseline_is_read_and_what_is_worse_is_listed_beside_the_verdict(s3: MemoryS3) -> None:
    former = passing_analysis()
    s3.objects[BASELINE] = body = json.dumps(former).encode()
    assert compare(no_worse())["verdict"] == "passed"
    assert json.loads(s3.objects[VIOLATIONS]) == {"version": "1.0", "violations": []}
    assert json.loads(s3.objects[VERDICT])["inputs"]["baseline"] == hashlib.sha256(body).hexdigest()
    former["pre_training_bias_metrics"]["facets"]["Sex"][0]["metrics"][1]["value"] = 0.01
    s3.objects[BASELINE] = json.dumps(former).encode()
    assert compare(no_worse())["verdict"] == "rejected"
    (violation,) = json.loads(s3.objects[VIOLATIONS])["violations"]
    assert (violation["facet"], violation["facet_value"]) == ("Sex", "0")
    checks = json.loads(s3.objects[VERDICT])["checks"]
    assert [(check["value"], check["baseline"]) for check in checks] == [
        (0.05, 0.01),
        (0.05, 0.05),
        (0.05, 0.05),
    ]


@pytest.mark.parametrize("rules", [no_worse(), drift()])
def test_missing_baseline_is_rejected_and_nothing_is_listed(s3: MemoryS3, rules: Any) -> None:
    answer = compare(rules)
    assert answer["verdict"] == "rejected"
    assert "not evaluated: there is no baseline" in answer["summary"]
    assert VIOLATIONS not in s3.objects
    assert function.handler({"rules": rules, "run": RUN}, None)["verdict"] == "rejected"


def test_baseline_is_left_alone_where_no_rule_compares(s3: MemoryS3) -> None:
    s3.objects[BASELINE] = b"no JSON"
    assert compare(passing_rules())["verdict"] == "passed"
    assert json.loads(s3.objects[VERDICT])["inputs"]["baseline"] is None
    assert VIOLATIONS not in s3.objects


FOUND = {
    "id": "label-value-absent",
    "path": "$.label_values_or_threshold",
    "given": "values that none of these rows has",
    "allowed": "values of the column",
    "fix": "Check the values and their type.",
    "severity": "warning",
}


def test_all_that_preflight_found_is_in_the_verdict_and_not_only_what_travelled(
    s3: MemoryS3,
) -> None:
    s3.objects[PREFLIGHT] = json.dumps([FOUND] * 60).encode()
    judge()
    assert json.loads(s3.objects[VERDICT])["preflight"] == [FOUND] * 60
    explain(RUN | {"job_failure": FAILURE})
    assert json.loads(s3.objects[VERDICT])["preflight"] == [FOUND] * 60


def test_without_its_file_what_travelled_is_in_the_verdict(s3: MemoryS3) -> None:
    function.handler({"rules": passing_rules(), "run": RUN | {"preflight": [FOUND]}}, None)
    assert json.loads(s3.objects[VERDICT])["preflight"] == [FOUND]
    judge()
    assert json.loads(s3.objects[VERDICT])["preflight"] == []


def test_rejected_run_has_a_verdict_with_the_reason(s3: MemoryS3) -> None:
    rules = passing_rules()
    rules["limits"][0]["max"] = 0.01
    answer = judge(rules)
    assert answer["verdict"] == "rejected"
    assert "facets.Sex[0].DPL: 0.05 is above 0.01" in answer["summary"]
    document = json.loads(s3.objects[VERDICT])
    assert document["verdict"] == "rejected"
    assert [check["reason"] for check in document["checks"] if not check["held"]] == [
        "0.05 is above 0.01"
    ] * 3


@pytest.mark.parametrize("beside", ["", ".tmp"])
def test_missing_analysis_is_rejected(s3: MemoryS3, beside: str) -> None:
    body = s3.objects.pop(ANALYSIS)
    if beside:
        s3.objects[ANALYSIS[0], ANALYSIS[1] + beside] = body
    answer = judge()
    assert answer["verdict"] == "rejected"
    assert answer["summary"].endswith("analysis.json: the job wrote no such file.")


@pytest.mark.parametrize("call", ["GetObject", "ListObjectsV2"])
def test_analysis_that_may_not_be_read_is_a_failure_of_the_check(s3: MemoryS3, call: str) -> None:
    s3.denied.add(call)
    with pytest.raises(ClientError, match="AccessDenied"):
        judge()
    assert VERDICT not in s3.objects


def test_verdict_that_cannot_be_written_is_a_failure_of_the_check(s3: MemoryS3) -> None:
    s3.denied.add("PutObject")
    with pytest.raises(ClientError, match="AccessDenied"):
        judge()


def test_event_without_rules_is_rejected(s3: MemoryS3) -> None:
    assert function.handler({"run": RUN}, None)["verdict"] == "rejected"


FAILURE = {"Error": "States.TaskFailed", "Cause": '{"FailureReason": "no such column"}'}


def test_failed_run_is_explained_and_its_verdict_says_failed(s3: MemoryS3) -> None:
    answer = explain(RUN | {"job_failure": FAILURE})
    assert answer == {
        "error": "ClarifyJobFailed",
        "reason": "The job failed: no such column",
        "retry": False,
    }
    document = json.loads(s3.objects[VERDICT])
    assert document["verdict"] == "failed"
    assert document["summary"] == answer["reason"]
    assert (document["error"], document["retry"]) == ("ClarifyJobFailed", False)
    assert document["checks"] == []
    assert document["run"]["job_name"] == "clarify-nightly-0123"


def test_run_that_was_never_prepared_is_explained_without_a_verdict(s3: MemoryS3) -> None:
    del s3.objects[ANALYSIS]
    answer = explain({"Error": "RunRefused", "Cause": "no"})
    assert answer == {
        "error": "ClarifyPreparationFailed",
        "reason": "RunRefused: no",
        "retry": False,
    }
    assert s3.objects == {}


def test_reason_is_told_even_where_its_verdict_cannot_be_written(s3: MemoryS3) -> None:
    s3.denied.add("PutObject")
    answer = explain(RUN | {"check_failure": {"Error": "ClientError", "Cause": "word " * 1000}})
    assert answer["error"] == "ClarifyCheckFailed"
    assert answer["reason"].startswith("ClientError: word word")
    assert answer["reason"].endswith("\nverdict.json could not be written: AccessDenied.")
    assert len(answer["reason"]) <= 1000


def test_log_holds_the_job_and_the_outcome_and_no_value(
    s3: MemoryS3, capsys: pytest.CaptureFixture[str]
) -> None:
    judge()
    assert json.loads(capsys.readouterr().out) == {
        "job": "clarify-nightly-0123",
        "outcome": "passed",
    }
