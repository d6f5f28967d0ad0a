"""The CloudWatch metrics that a pipeline's check prints, as constructs know metrics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from clarify_contract import AnalysisConfig, Finding, Refused, Stage
from clarify_contract.checks.facets import judged_facets
from clarify_lambda.check.metrics import (
    NAMESPACE,
    REJECTED,
    bias_dimensions,
    verdict_dimensions,
)


def bias_metric(
    config: AnalysisConfig,
    pipeline: str,
    *,
    metric: str,
    facet: str,
    group: int,
    statistic: str,
    period: Duration | None,
) -> cloudwatch.Metric:
    """Return the metric of one group.

    Raises
    ------
    Refused
        If no run of this config computes it.
    """
    if findings := [*_findings(config, metric, facet, group)]:
        raise Refused(findings)
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=metric,
        dimensions_map=bias_dimensions(pipeline, facet, group),
        statistic=statistic,
        period=period,
    )


def bias_search(pipeline: str, metric: str, period: Duration) -> cloudwatch.SearchExpression:
    """Return a metric of every facet and group that got a value in the last two weeks.

    How many groups there are is often told by the data alone. Alarms cannot use it.
    """
    dimensions = bias_dimensions(pipeline, "any", 0)
    schema = ",".join([NAMESPACE, *dimensions])
    term = f'MetricName="{metric}" Pipeline="{dimensions["Pipeline"]}"'
    return cloudwatch.SearchExpression(
        expression=f"SEARCH('{{{schema}}} {term}', 'Average', {period.to_seconds():g})",
        label="",
        period=period,
    )


def rejected_metric(pipeline: str) -> cloudwatch.Metric:
    """Return the count of runs that were judged and rejected, as a sum over five minutes."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=REJECTED,
        dimensions_map=verdict_dimensions(pipeline),
        statistic=cloudwatch.Stats.SUM,
    )


def not_published() -> Finding:
    """Return the finding on a metric of a pipeline that prints none."""
    return Finding(
        "metrics-not-published",
        "publish_metrics",
        "a metric of a pipeline that publishes none",
        "a pipeline with publish_metrics=True",
        "Pass publish_metrics=True to the ClarifyPipeline.",
    )


def _findings(config: AnalysisConfig, metric: str, facet: str, group: int) -> Iterator[Finding]:
    computed = [code for stage in get_args(Stage) for code in config.expected_metrics(stage)]
    if metric not in computed:
        yield Finding(
            "metric-not-computed",
            "metric_bias.metric",
            repr(metric),
            ", ".join(computed) or "no metric: this config computes none",
            "Name a metric that the config computes, or have it compute this one.",
        )
    facets = judged_facets(config)
    named = [found for found in facets if found.name == facet]
    # Only the data's header tells the name of a facet that is given by its position.
    if not named and all(found.name is not None for found in facets):
        yield Finding(
            "metric-facet-unknown",
            "metric_bias.facet",
            repr(facet),
            ", ".join(repr(found.name) for found in facets) or "no facet: this config has none",
            "Name a facet of the config.",
        )
    count = named[0].groups if named else None
    if group < 0 or (count is not None and group >= count):
        yield Finding(
            "metric-group-unknown",
            "metric_bias.group",
            str(group),
            "0 or more" if count is None else f"0 to {count - 1}",
            "Count the facet's groups from 0, in the config's order.",
        )
