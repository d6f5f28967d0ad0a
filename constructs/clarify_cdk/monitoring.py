"""Alarms on runs that did not pass, and a dashboard: optional, beside a pipeline."""

from __future__ import annotations

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from clarify_cdk.bias_metrics import bias_search
from clarify_cdk.pipeline import ClarifyPipeline
from clarify_cdk.pipeline_name import pipeline_name
from clarify_contract import METRICS

_WIDTH, _COLUMNS = 8, 3
_HOUR = Duration.hours(1)


class ClarifyMonitoring(Construct):
    """Alarms that go off when a run does not pass, and a dashboard.

    One alarm counts the runs that were rejected or failed, another those that were aborted, which
    no notification tells of. The dashboard shows how runs ended and, of a pipeline with
    ``publish_metrics``, each bias metric of every facet and group, with the value at which groups
    fare the same and the limits of the check.

    The pipeline's metrics are plain CloudWatch ones: other libraries take them as they are, such as
    cdk-monitoring-constructs with ``monitor_custom`` and ``monitor_step_function``.

    The ids of its children are ``NotPassed``, ``Aborted`` and ``Dashboard``.

    Parameters
    ----------
    pipeline
        Whose runs.
    alarm_topic
        Hears when an alarm goes off. Default: the alarms tell nobody.

    Examples
    --------
    >>> import aws_cdk as cdk
    >>> from aws_cdk import aws_s3 as s3
    >>> from aws_cdk import aws_sns as sns
    >>> from clarify_cdk import Analysis, ClarifyMonitoring, ClarifyPipeline
    >>> from clarify_contract import AnalysisConfig
    >>> stack = cdk.Stack(cdk.App(), "Loans")
    >>> config = AnalysisConfig(
    ...     dataset_type="text/csv",
    ...     label="approved",
    ...     label_values_or_threshold=[1],
    ...     facet=[{"name_or_index": "sex", "value_or_threshold": [0]}],
    ...     methods={"pre_training_bias": {"methods": ["CI", "DPL"]}},
    ... )
    >>> analysis = Analysis(
    ...     config=config,
    ...     results_bucket=s3.Bucket(stack, "Results"),
    ...     dataset_bucket=s3.Bucket(stack, "Data"),
    ... )
    >>> topic = sns.Topic(stack, "People")
    >>> pipeline = ClarifyPipeline(
    ...     stack, "Bias", analysis=analysis, notify_topic=topic, publish_metrics=True
    ... )
    >>> monitoring = ClarifyMonitoring(
    ...     stack, "Monitoring", pipeline=pipeline, alarm_topic=topic
    ... )
    >>> pipeline.metric_bias("DPL", facet="sex").dimensions["Group"]
    '0'
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        pipeline: ClarifyPipeline,
        alarm_topic: sns.ITopic | None = None,
    ) -> None:
        super().__init__(scope, id)
        name = pipeline_name(pipeline)
        self.not_passed = self._alarm(
            "NotPassed",
            pipeline.metric_not_passed(),
            f"A run of {name} was rejected or failed: its execution says why",
        )
        self.aborted = self._alarm(
            "Aborted", pipeline.state_machine.metric_aborted(), f"A run of {name} was aborted"
        )
        alarms = [self.not_passed, self.aborted]
        if alarm_topic is not None:
            for alarm in alarms:
                alarm.add_alarm_action(actions.SnsAction(alarm_topic))
            if alarm_topic.master_key is not None:
                _let_alarms_use(alarm_topic.master_key, Stack.of(self))
        self.dashboard = cloudwatch.Dashboard(self, "Dashboard", default_interval=Duration.days(28))
        self.dashboard.add_widgets(
            _runs(pipeline), cloudwatch.AlarmStatusWidget(alarms=alarms, width=_WIDTH, height=6)
        )
        charts = _charts(pipeline)
        for first in range(0, len(charts), _COLUMNS):
            self.dashboard.add_widgets(*charts[first : first + _COLUMNS])

    def _alarm(self, id: str, metric: cloudwatch.Metric, description: str) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            id,
            alarm_description=description,
            metric=metric,
            threshold=0,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            # Between runs there is nothing to count.
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )


def _runs(pipeline: ClarifyPipeline) -> cloudwatch.GraphWidget:
    machine = pipeline.state_machine
    return cloudwatch.GraphWidget(
        title="Runs",
        width=2 * _WIDTH,
        left=[
            machine.metric_succeeded(label="passed"),
            machine.metric_failed(label="rejected or failed"),
            machine.metric_aborted(label="aborted"),
        ],
        left_y_axis=cloudwatch.YAxisProps(min=0),
        period=_HOUR,
    )


def _charts(pipeline: ClarifyPipeline) -> list[cloudwatch.GraphWidget]:
    if pipeline.metrics_name is None:
        return []
    return [
        cloudwatch.GraphWidget(
            title=METRICS[rule["name"]].description,
            width=_WIDTH,
            left=[bias_search(pipeline.metrics_name, rule["name"], _HOUR)],
            left_annotations=_lines(pipeline, rule["name"]),
            period=_HOUR,
        )
        for section in pipeline.check.rules["complete"]
        for rule in section.get("metrics", ())
    ]


def _lines(pipeline: ClarifyPipeline, code: str) -> list[cloudwatch.HorizontalAnnotation]:
    """Return the metric's neutral value and the bounds that the check knows for it."""
    equal = cloudwatch.HorizontalAnnotation(value=METRICS[code].neutral, label="no difference")
    bounds = {
        (name, limit[end])
        for limit in pipeline.check.rules["limits"]
        if limit["metric"] == code
        for end, name in (("min", "least that passes"), ("max", "most that passes"))
        if limit[end] is not None
    }
    return [
        equal,
        *(
            cloudwatch.HorizontalAnnotation(value=value, label=name, color=cloudwatch.Color.RED)
            for name, value in sorted(bounds)
        ),
    ]


def _let_alarms_use(key: kms.IKey, stack: Stack) -> None:
    """Let alarms of this account write to a topic that is encrypted with a key: CDK does not."""
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            # In a key's policy, this key.
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
        )
    )
