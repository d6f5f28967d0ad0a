"""A Clarify task alone in a stack, with what it cannot do without."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn

from clarify_cdk import ClarifyProcessingJobTask
from support_constructs.configs import pre_training
from support_constructs.templates import Template, template_of


def task(stack: cdk.Stack, **more: Any) -> ClarifyProcessingJobTask:
    """Return a task; any argument may be another."""
    arguments: dict[str, Any] = {
        "config": pre_training(),
        "role": iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111122223333:role/job"),
        "job_name": sfn.JsonPath.string_at("$.job_name"),
        "job_name_prefix": "loans",
        "config_uri": "s3://results/run/config/analysis_config.json",
        "dataset_uri": "s3://data/loans/",
        "output_uri": "s3://results/run/output",
    }
    return ClarifyProcessingJobTask(stack, "Job", **(arguments | more))


def rendered(stack: cdk.Stack, **more: Any) -> Template:
    """Return the template of a state machine of this task alone."""
    machine = sfn.DefinitionBody.from_chainable(task(stack, **more))
    sfn.StateMachine(stack, "Machine", definition_body=machine)
    return template_of(stack)


def state(stack: cdk.Stack, **more: Any) -> dict[str, Any]:
    """Return the task's state."""
    return rendered(stack, **more).state(more.get("state_name", "Job"))
