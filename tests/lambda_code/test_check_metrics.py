"""A judged run's metrics are lines that CloudWatch reads, and hold no text of the data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract import METRICS
from clarify_lambda.check import handler as function
from clarify_lambda.check.metrics import lines
from support_lambda import MemoryS3, passing_analysis, passing_rules
from support_lambda.emf import Found, metrics_in

NOW = 1795311702290


def told(
    analysis: Any, rules: Any = None, *, pipeline: str = "Loans/Bias", verdict: str = "passed"
) -> Found:
    body = analysis if isinstance(analysis, bytes | None) else json.dumps(analysis).encode()
    given = passing_rules() if rules is None else rules
    return metrics_in(lines(pipeline, verdict, body, given, milliseconds=NOW))


def key(name: str, **dimensions: str) -> Any:
    return "Clarify", name, frozenset({"Pipeline": "Loans/Bias", **dimensions}.items())


VERDICT = {key("Passed"): 1.0, key("Rejected"): 0.0}


def test_each_number_is_told_by_pipeline_facet_and_group() -> None:
    places = [("Sex", "0"), ("Age", "0"), ("Age", "1")]
    assert told(passing_analysis()) == VERDICT | {
        key(code, Facet=facet, Group=group): value
        for facet, group in places
        for code, value in {"CI": 0.36, "DPL": 0.05, "KL": 0.01}.items()
    }


def test_a_rejected_run_is_counted_as_one_and_its_numbers_are_told() -> None:
    found = told(passing_analysis(), verdict="rejected")
    assert (found[key("Passed")], found[key("Rejected")]) == (0.0, 1.0)
    assert len(found) == 11


@pytest.mark.parametrize(
    "body", [None, b"", b"[]", b'{"a": NaN}', b"{}", b'{"pre_training_bias_metrics": 1}']
)
def test_without_evidence_only_the_verdict_is_told(body: bytes | None) -> None:
    assert told(body) == VERDICT


@pytest.mark.parametrize("rules", [None, [], {"complete": [1]}, {"complete": []}])
def test_with_rules_that_cannot_be_read_only_the_verdict_is_told(rules: Any) -> None:
    body = json.dumps(passing_analysis()).encode()
    assert metrics_in(lines("Loans/Bias", "passed", body, rules, milliseconds=NOW)) == VERDICT


@pytest.mark.parametrize(
    "value", [None, True, "0.05", "Infinity", float("1e200"), -(10**400), [0.05], {}]
)
def test_what_is_no_number_that_cloudwatch_takes_is_left_out(value: Any) -> None:
    analysis = passing_analysis()
    entry = analysis["pre_training_bias_metrics"]["facets"]["Sex"][0]["metrics"][1]
    assert entry["name"] == "DPL"
    entry["value"] = value
    found = told(analysis)
    assert key("DPL", Facet="Sex", Group="0") not in found
    assert len(found) == 2 + 8


def test_an_error_is_no_number() -> None:
    analysis = passing_analysis()
    analysis["pre_training_bias_metrics"]["facets"]["Sex"][0]["metrics"][1]["error"] = "Facet set"
    assert key("DPL", Facet="Sex", Group="0") not in told(analysis)


def test_facets_and_metrics_that_nobody_asked_for_are_left_out() -> None:
    analysis, rules = passing_analysis(), passing_rules()
    facets = analysis["pre_training_bias_metrics"]["facets"]
    facets["Anna Schmidt"] = facets["Sex"]
    facets["Sex"][0]["metrics"].append({"name": "Berta", "value": 1})
    assert "Anna" not in str(told(analysis))
    assert "Berta" not in str(told(analysis))
    # Where only the data's header tells a facet's name, every name may be one.
    rules["complete"][0]["facets"][1]["name"] = None
    assert key("CI", Facet="Anna Schmidt", Group="0") in told(analysis, rules)


def test_the_text_of_a_group_is_never_told() -> None:
    text = "".join(
        lines(
            "P", "passed", json.dumps(passing_analysis()).encode(), passing_rules(), milliseconds=1
        )
    )
    for group in passing_analysis()["pre_training_bias_metrics"]["facets"]["Age"]:
        assert group["value_or_threshold"] in ("(35, 52]", "(52, 90]")
        assert group["value_or_threshold"] not in text


@pytest.mark.parametrize(
    ("name", "dimension"),
    [
        ("Größe", "Gr\\xf6\\xdfe"),
        ("a\nb", "a\\nb"),
        (" ", "\\x20"),
        (":x", "\\x3ax"),
        ("a" * 2000, "a" * 1024),
        ("\ud800", "\\ud800"),
    ],
)
def test_a_name_that_cloudwatch_does_not_take_is_escaped(name: str, dimension: str) -> None:
    analysis, rules = passing_analysis(), passing_rules()
    facets = analysis["pre_training_bias_metrics"]["facets"]
    facets[name] = facets.pop("Sex")
    rules["complete"][0]["facets"][0]["name"] = name
    assert key("CI", Facet=dimension, Group="0") in told(analysis, rules)


def test_every_metric_of_a_stage_fits_into_one_document() -> None:
    """The reader of these tests refuses a document of more than 100 metrics."""
    stages = [metric.stage for metric in METRICS.values()]
    assert max(stages.count(stage) for stage in stages) == 13
    assert not {"Pipeline", "Facet", "Group", "_aws", "Passed", "Rejected"} & set(METRICS)


def test_the_check_prints_them_only_where_it_is_asked_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = MemoryS3()
    monkeypatch.setattr(function, "_s3", lambda: memory)
    memory.objects["results", "c/run/output/analysis.json"] = json.dumps(
        passing_analysis()
    ).encode()
    run = {"run_uri": "s3://results/c/run", "output_uri": "s3://results/c/run/output"}
    event = {"rules": passing_rules(), "run": run}
    function.handler(event, None)
    assert metrics_in(capsys.readouterr().out.splitlines()) == {}
    function.handler({**event, "metrics_for": "Loans/Bias"}, None)
    assert metrics_in(capsys.readouterr().out.splitlines()) == told(passing_analysis())
    memory.denied.add("PutObject")
    with pytest.raises(Exception, match="AccessDenied"):
        function.handler({**event, "metrics_for": "Loans/Bias"}, None)
    assert capsys.readouterr().out == ""
