"""What starts a pipeline without a person: the clock, and a new object under a prefix."""

from __future__ import annotations

from aws_cdk import Resource, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.event_rule import start_on_event
from clarify_cdk.place import Place
from clarify_cdk.s3_scope import SCHEME
from clarify_cdk.trigger_findings import object_findings, schedule_findings
from clarify_cdk.warn import tell
from clarify_contract import Refused


class ScheduleTrigger(Construct):
    """A schedule of EventBridge Scheduler that starts the pipeline; ``run_on_schedule`` makes it.

    The ids of its children are ``Schedule`` and ``Role``.

    Parameters
    ----------
    analysis
        What its runs may read.
    state_machine
        What is started.
    schedule
        When, and in which time zone: UTC, unless the expression says otherwise.
    dataset_uri
        What each run reads. Default: the pipeline's dataset.
    name
        What each run is called. Default: it has no name, only that of its job.

    Raises
    ------
    Refused
        If Prepare would refuse each run: the pipeline does not allow that dataset, or the name has
        other signs than letters, digits and inner hyphens. What only deployment knows is judged
        there, by the run.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        analysis: Analysis,
        state_machine: sfn.IStateMachine,
        schedule: scheduler.ScheduleExpression,
        dataset_uri: str | None = None,
        name: str | None = None,
    ) -> None:
        if found := [*schedule_findings(analysis, dataset_uri, name)]:
            raise Refused(found)
        super().__init__(scope, id)
        given = {"dataset_uri": dataset_uri, "name": name}
        self.schedule = scheduler.Schedule(
            self,
            "Schedule",
            description="Starts a Clarify analysis",
            schedule=schedule,
            target=targets.StepFunctionsStartExecution(
                state_machine,
                role=self._role(),
                input=scheduler.ScheduleTargetInput.from_object(
                    {key: value for key, value in given.items() if value is not None}
                ),
            ),
        )

    def _role(self) -> iam.Role:
        stack = Stack.of(self)
        return iam.Role(
            self,
            "Role",
            description="Starts Clarify analyses on a schedule",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com",
                # No other account's schedule can be made to use this role. Scheduler names the
                # group, not the schedule.
                conditions={
                    "StringEquals": {
                        "aws:SourceAccount": stack.account,
                        "aws:SourceArn": Place.of(stack).arn("scheduler", "schedule-group/default"),
                    }
                },
            ),
        )


class NewObjectTrigger(Construct):
    """A rule that runs the pipeline on each new object; ``run_on_new_objects`` makes it.

    S3 tells EventBridge of an object once it is there whole, also if it was uploaded in parts or
    copied, and again when it is overwritten. EventBridge may, in rare cases, deliver an event twice
    and start two runs. Empty objects, such as the folders that the console makes, start none; so do
    keys with a quotation mark or a backslash, of which EventBridge can make no input.

    A bucket sends no events unless told so: one that this app makes is told here. One that only a
    name or an ARN stands for is not changed, and a warning (``clarify-cdk:bucket-events``) says so.

    The ids of its children are ``Rule`` and ``RuleRole``.

    Parameters
    ----------
    analysis
        What its runs may read.
    state_machine
        What is started.
    bucket
        Where objects arrive.
    prefix
        What their keys begin with, such as ``incoming/``.

    Raises
    ------
    Refused
        If the pipeline may not read every object that begins so, or writes its own results there.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        analysis: Analysis,
        state_machine: sfn.IStateMachine,
        bucket: s3.IBucket,
        prefix: str,
    ) -> None:
        if found := [*object_findings(analysis, f"{SCHEME}{bucket.bucket_name}/{prefix}")]:
            raise Refused(found)
        super().__init__(scope, id)
        name = events.EventField.from_path("$.detail.bucket.name")
        key = events.EventField.from_path("$.detail.object.key")
        self.rule = start_on_event(
            self,
            state_machine=state_machine,
            description="A new object: analyse it with Clarify",
            role_description="Starts Clarify analyses of new objects",
            pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [bucket.bucket_name]},
                    "object": {
                        "key": events.Match.prefix(prefix),
                        "size": events.Match.greater_than(0),
                    },
                },
            ),
            input=events.RuleTargetInput.from_object({"dataset_uri": f"{SCHEME}{name}/{key}"}),
        )
        self._have_events_sent(bucket)

    def _have_events_sent(self, bucket: s3.IBucket) -> None:
        template = bucket.node.default_child
        if not Resource.is_owned_resource(bucket) or not isinstance(template, s3.CfnBucket):
            tell(
                self,
                "bucket-events",
                f"The bucket of {self.node.path} is not made by this app: if it does not send its"
                " events to EventBridge, no run starts. Turn that on where the bucket is made.",
            )
        elif bucket.node.try_find_child("Notifications") is not None:
            # Its notifications are set by CDK's function, which would undo what the template says.
            bucket.enable_event_bridge_notification()
        else:
            template.add_property_override(
                "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", True
            )
