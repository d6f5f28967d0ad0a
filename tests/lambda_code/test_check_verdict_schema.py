"""Every verdict that the check writes is one that the contract's schema describes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from clarify_contract.verdict import verdict_schema
from clarify_lambda.check import verdict
from clarify_lambda.check.explain import explain
from clarify_lambda.prepare.preflight.finding import as_json, warning
from support_lambda import passing_analysis, passing_rules
from support_lambda.judging import attribution, drift, group, judged, limit, no_worse, rules_of

RUN = {"attempt": 1, "name": "nightly", "job_name": "clarify-nightly", "dataset_uri": None}
READ = verdict.inputs(
    {"analysis.json": b"{}", "intervals.json": None, "baseline": b"{}"}, passing_rules()
)
FOUND = as_json([warning("label-value-absent", "$.label", "no value", "a value", "Check it.")])
VALIDATOR = jsonschema.Draft202012Validator(verdict_schema())

INTERVALS = {
    "level": 0.95,
    "pre_training_bias_metrics": {
        "facets": {
            "Sex": [
                {
                    "value_or_threshold": "0",
                    "intervals": {"DPL": {"low": "-Infinity", "high": 0.09}},
                }
            ]
        }
    },
}


def written(document: dict[str, Any]) -> Any:
    """Return a document as its file holds it."""
    return json.loads(verdict.body(document))


@pytest.mark.parametrize(
    "rules",
    [
        passing_rules(),
        limit(max=0.01),
        limit(facet="Sex", min=None, evidence="interval", source="policy"),
        attribution(max=0.1),
        no_worse(),
        drift(),
        rules_of(),
        None,
    ],
    ids=["passes", "rejects", "interval", "attribution", "no_worse", "drift", "no rule", "none"],
)
def test_judged_run_has_a_verdict_of_the_schema(rules: Any) -> None:
    baseline = passing_analysis()
    group(baseline)["metrics"][1]["value"] = "-Infinity"
    outcomes = judged(passing_analysis(), rules, INTERVALS, baseline) if rules else ()
    VALIDATOR.validate(written(verdict.judged(outcomes, RUN, READ, FOUND)))


def test_failed_run_has_a_verdict_of_the_schema() -> None:
    failure = {"Error": "States.TaskFailed", "Cause": '{"FailureReason": "no such column"}'}
    document = verdict.failed(explain(RUN | {"job_failure": failure}, 2), RUN, FOUND)
    VALIDATOR.validate(document)
    assert document["preflight"][0]["severity"] == "warning"
    assert not VALIDATOR.is_valid(document | {"verdict": "passed"})


def test_schema_knows_every_member() -> None:
    document = written(verdict.judged(judged(passing_analysis()), RUN, READ))
    assert VALIDATOR.is_valid(document)
    for changed in (
        document | {"extra": 1},
        {**document, "checks": [{}]},
        {**document, "preflight": [FOUND[0] | {"cell": "7"}]},
        {**document, "preflight": [FOUND[0] | {"severity": "mild"}]},
    ):
        assert not VALIDATOR.is_valid(changed)
    assert list(VALIDATOR.iter_errors({}))
    jsonschema.Draft202012Validator.check_schema(verdict_schema())


def test_schema_is_printed_by_the_contract() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "clarify_contract", "verdict"], capture_output=True, check=True
    )
    assert json.loads(printed.stdout) == verdict_schema()
