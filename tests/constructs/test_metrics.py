"""A pipeline's CloudWatch metrics are those that its check prints."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyPipeline
from clarify_contract import AnalysisConfig, Refused
from clarify_lambda.check.metrics import lines
from support_constructs.configs import BIAS, pre_training
from support_constructs.templates import assembly, template_of
from support_lambda import passing_analysis, passing_rules
from support_lambda.emf import metrics_in


def pipeline(
    config: AnalysisConfig | None = None, *, published: bool = True, **names: str
) -> ClarifyPipeline:
    stack = cdk.Stack(cdk.App(), names.get("stack", "Loans"))
    analysis = Analysis(
        config=config or pre_training(),
        results_bucket=s3.Bucket.from_bucket_name(stack, "Results", "results"),
        dataset_bucket=s3.Bucket.from_bucket_name(stack, "Data", "data"),
    )
    return ClarifyPipeline(
        stack, names.get("id", "Bias"), analysis=analysis, publish_metrics=published
    )


def rendered(made: ClarifyPipeline, *metrics: cloudwatch.Metric) -> list[Any]:
    """Return name, namespace and dimensions of metrics as alarms on them have it."""
    for number, metric in enumerate(metrics):
        metric.create_alarm(made, f"Alarm{number}", threshold=0.1, evaluation_periods=1)
    alarms = template_of(cdk.Stack.of(made)).of_type("CloudWatch::Alarm")
    return [
        (
            alarm["Properties"]["Namespace"],
            alarm["Properties"]["MetricName"],
            frozenset((d["Name"], d["Value"]) for d in alarm["Properties"]["Dimensions"]),
        )
        for alarm in alarms.values()
    ]


def test_metrics_are_those_that_the_check_prints_for_the_same_names() -> None:
    made = pipeline(
        AnalysisConfig(
            **(BIAS | {"facet": [{"name_or_index": "Größe"}]}),
            methods={"pre_training_bias": {"methods": ["CI", "DPL"]}},
        ),
        id="Bias (2026)",
    )
    payload = template_of(cdk.Stack.of(made)).state("CheckResults")["Parameters"]["Payload"]
    analysis, rules = passing_analysis(), passing_rules()
    facets = analysis["pre_training_bias_metrics"]["facets"]
    facets["Größe"] = facets.pop("Age")
    rules["complete"][0]["facets"][1]["name"] = "Größe"
    printed = metrics_in(
        lines(
            payload["metrics_for"],
            "passed",
            json.dumps(analysis).encode(),
            rules,
            milliseconds=1795311702290,
        )
    )
    found = rendered(
        made,
        made.metric_bias("DPL", facet="Größe", group=1),
        made.metric_bias("CI", facet="Größe"),
        made.metric_rejected(),
    )
    assert len(found) == 3
    assert [printed[key] for key in found] == [0.05, 0.36, 0.0]


def test_nothing_is_printed_unless_it_is_asked_for() -> None:
    template = assembly("recommended-flags").template("ModelInOwnVpc")
    payload = template.state("CheckResults")["Parameters"]["Payload"]
    assert set(payload) == {"rules", "run.$"}
    assert not template.of_type("CloudWatch::Alarm")
    assert not template.of_type("CloudWatch::Dashboard")


def test_a_metric_has_the_statistic_and_period_that_are_asked_for() -> None:
    made = pipeline()
    plain = made.metric_bias("DPL", facet="sex")
    assert (plain.statistic, plain.period.to_minutes()) == ("Average", 5)
    other = made.metric_bias("DPL", facet="sex", statistic="Maximum", period=cdk.Duration.days(1))
    assert (other.statistic, other.period.to_days()) == ("Maximum", 1)
    assert made.metric_rejected().statistic == "Sum"


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"metric": "DPL", "facet": "age"}, ["metric-facet-unknown"]),
        ({"metric": "AD", "facet": "sex"}, ["metric-not-computed"]),
        ({"metric": "dpl", "facet": "sex"}, ["metric-not-computed"]),
        ({"metric": "DPL", "facet": "sex", "group": 1}, ["metric-group-unknown"]),
        ({"metric": "DPL", "facet": "sex", "group": -1}, ["metric-group-unknown"]),
        ({"metric": "AD", "facet": "age"}, ["metric-not-computed", "metric-facet-unknown"]),
    ],
)
def test_a_metric_that_no_run_will_have_is_refused(asked: dict[str, Any], ids: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        pipeline().metric_bias(**asked)
    assert [finding.id for finding in caught.value.findings] == ids


def test_a_facet_that_only_the_data_names_may_have_any_name_and_group() -> None:
    by_index = BIAS | {"facet": [{"name_or_index": 0}]}
    config = AnalysisConfig(**by_index, methods={"pre_training_bias": {"methods": ["CI"]}})
    metric = pipeline(config).metric_bias("CI", facet="whatever", group=7)
    assert metric.dimensions == {"Pipeline": "Loans/Bias", "Facet": "whatever", "Group": "7"}


@pytest.mark.parametrize("ask", ["metric_rejected", "metric_bias"])
def test_a_pipeline_that_publishes_none_has_none(ask: str) -> None:
    made = pipeline(published=False)
    arguments = {"metric": "DPL", "facet": "sex"} if ask == "metric_bias" else {}
    with pytest.raises(Refused, match="metrics-not-published"):
        getattr(made, ask)(**arguments)
