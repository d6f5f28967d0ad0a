"""What a ClarifyPipeline makes, written by hand with aws-cdk-lib alone: the measure of its cost."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from clean_up_by_hand import ACCOUNT, SAGEMAKER, clean_up


def allow(role: iam.IRole, actions: list[str], resources: list[str], **condition: Any) -> None:
    role.add_to_principal_policy(
        iam.PolicyStatement(
            actions=actions, resources=resources, conditions=dict(condition) or None
        )
    )


def job_role(stack: cdk.Stack, data: s3.Bucket, results: s3.Bucket, number: int) -> iam.Role:
    principal = iam.ServicePrincipal("sagemaker.amazonaws.com", conditions=ACCOUNT)
    role = iam.Role(stack, f"Job{number}", assumed_by=principal)
    runs = f"clarify/run{number}-*"
    allow(role, ["cloudwatch:PutMetricData"], ["*"])
    allow(role, ["logs:CreateLogGroup", "logs:PutLogEvents"], [f"arn:aws:logs:*:*:{number}"])
    allow(role, ["ecr:GetAuthorizationToken"], ["*"])
    allow(role, ["ecr:BatchGetImage"], ["arn:aws:ecr:eu-central-1:017069133835:repository/x"])
    allow(role, ["s3:ListBucket"], [results.bucket_arn], StringLike={"s3:prefix": f"{runs}/*"})
    allow(role, ["s3:ListBucket"], [data.bucket_arn], StringLike={"s3:prefix": "dataset/*"})
    read = [results.arn_for_objects(f"{runs}/config/*"), data.arn_for_objects("dataset/*")]
    allow(role, ["s3:GetObject"], read)
    allow(role, ["s3:PutObject"], [results.arn_for_objects(f"{runs}/output/*")])
    model, prefix = f"{SAGEMAKER}:model/diabetes-progression", "sm-clarify-*"
    allow(role, ["sagemaker:DescribeModel"], [model])
    config, endpoint = f"{SAGEMAKER}:endpoint-config/{prefix}", f"{SAGEMAKER}:endpoint/{prefix}"
    models = {"sagemaker:ModelArn": model}
    allow(role, ["sagemaker:CreateEndpointConfig"], [config], ArnEquals=models)
    allow(role, ["sagemaker:DeleteEndpointConfig"], [config])
    allow(role, ["sagemaker:AddTags", "sagemaker:CreateEndpoint"], [endpoint, config])
    allow(role, ["sagemaker:DeleteEndpoint", "sagemaker:InvokeEndpoint"], [endpoint])
    allow(role, ["sagemaker:ListTags"], [f"{SAGEMAKER}:processing-job/run{number}-*"])
    return role


def function(stack: cdk.Stack, name: str, code: str, rights: list[Any]) -> lambda_.Function:
    group = logs.LogGroup(stack, f"{name}Log", retention=logs.RetentionDays.THREE_MONTHS)
    principal = iam.ServicePrincipal("lambda.amazonaws.com")
    role = iam.Role(stack, f"{name}Role", assumed_by=principal)
    allow(role, ["logs:CreateLogStream", "logs:PutLogEvents"], [group.log_group_arn])
    for action, resource in rights:
        allow(role, [action], [resource])
    return lambda_.Function(
        stack,
        name,
        code=lambda_.Code.from_asset(code, exclude=["**/__pycache__"]),
        handler=f"clarify_lambda.{name.lower()}.handler.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
        role=role,
        log_group=group,
        tracing=lambda_.Tracing.ACTIVE,
        timeout=cdk.Duration.minutes(1),
        memory_size=256,
    )


def by_hand(
    stack: cdk.Stack,
    data: s3.Bucket,
    results: s3.Bucket,
    number: int,
    *,
    code: str,
    config: str,
    rules: dict[str, Any],
) -> None:
    """Add one pipeline: four log groups, six roles with policies, two functions and machines."""
    runs = results.arn_for_objects(f"clarify/run{number}-*")
    prepare = function(stack, f"Prepare{number}", code, [("s3:PutObject", f"{runs}/config/*")])
    check = function(
        stack,
        f"Check{number}",
        code,
        [
            ("s3:GetObject", f"{runs}/output/*"),
            ("s3:ListBucket", results.bucket_arn),
            ("s3:PutObject", f"{runs}/verdict.json"),
        ],
    )
    role = job_role(stack, data, results, number)
    run = {"run": sfn.JsonPath.entire_payload}
    payload = sfn.TaskInput.from_object({"config": config, "pipeline": {"n": number}, **run})
    first = tasks.LambdaInvoke(
        stack, f"P{number}", lambda_function=prepare, payload=payload, output_path="$.Payload"
    )
    judge, explain = (
        tasks.LambdaInvoke(
            stack,
            f"{name}{number}",
            lambda_function=check,
            payload=sfn.TaskInput.from_object({**what, **run}),
            result_selector={
                key: sfn.JsonPath.string_at(f"$.Payload.{key}") for key in ("a", "b", "c")
            },
            result_path=f"$.{name}",
        )
        for name, what in (("judge", {"rules": rules}), ("explain", {"max_attempts": 3}))
    )
    job = sfn.CustomState(stack, f"J{number}", state_json=job_state(role))
    some, many = cdk.Duration.seconds(3), cdk.Duration.minutes(1)
    limit, busy = "SageMaker.ResourceLimitExceededException", "SageMaker.AmazonSageMakerException"
    job.add_retry(errors=[limit], interval=many, backoff_rate=2, max_attempts=6)
    job.add_retry(errors=[busy], interval=some, backoff_rate=2, max_attempts=3)
    for task in (first, judge, explain):
        task.add_retry(errors=["Lambda.TooManyRequestsException"], interval=some, max_attempts=6)
    start = tasks.StepFunctionsStartExecution(
        stack,
        f"CleanUp{number}",
        state_machine=clean_up(stack, number),
        input=sfn.TaskInput.from_object({"job_name": sfn.JsonPath.string_at("$.job_name")}),
        result_path=sfn.JsonPath.DISCARD,
    )
    start.next(explain)
    job.add_catch(explain, errors=[limit, busy], result_path="$.failure")
    job.add_catch(start, result_path="$.failure")
    for state in (first, judge, start):
        state.add_catch(explain, result_path="$.failure")
    unexplained = sfn.Fail(stack, f"Unexplained{number}")
    explain.add_catch(unexplained)
    again = sfn.Condition.boolean_equals("$.explain.retry", True)
    failure = sfn.Choice(stack, f"Failure{number}").when(again, first)
    for name in ("PreparationFailed", "JobFailed", "CheckFailed"):
        named = sfn.Condition.string_equals("$.explain.error", name)
        failure.when(named, sfn.Fail(stack, f"{name}{number}", cause_path="$.explain.reason"))
    explain.next(failure.otherwise(unexplained))
    passed = sfn.Condition.string_equals("$.judge.verdict", "passed")
    verdict = sfn.Choice(stack, f"Verdict{number}").when(passed, sfn.Succeed(stack, f"OK{number}"))
    verdict.otherwise(sfn.Fail(stack, f"Rejected{number}", cause_path="$.judge.summary"))
    group = logs.LogGroup(stack, f"Log{number}", retention=logs.RetentionDays.THREE_MONTHS)
    machine = sfn.StateMachine(
        stack,
        f"Machine{number}",
        definition_body=sfn.DefinitionBody.from_chainable(
            first.next(job).next(judge).next(verdict)
        ),
        tracing_enabled=True,
        logs=sfn.LogOptions(destination=group, level=sfn.LogLevel.ALL),
    )
    jobs = f"{SAGEMAKER}:processing-job/run{number}-*"
    allow(machine.role, ["sagemaker:CreateProcessingJob", "sagemaker:AddTags"], [jobs])
    allow(machine.role, ["iam:PassRole"], [role.role_arn])
    allow(machine.role, ["events:PutRule", "events:PutTargets"], ["arn:aws:events:*:*:rule/x"])


def job_state(role: iam.Role) -> dict[str, Any]:
    kind = {"S3DataType": "S3Prefix", "S3InputMode": "File"}
    uri = "$.config_uri"
    return {
        "Type": "Task",
        "Resource": f"arn:{cdk.Aws.PARTITION}:states:::sagemaker:createProcessingJob.sync",
        "TimeoutSeconds": 90000,
        "Parameters": {
            "ProcessingJobName.$": "$.job_name",
            "AppSpecification": {"ImageUri": "017069133835.dkr.ecr.eu-central-1.amazonaws.com/x:1"},
            "ProcessingInputs": [
                {"InputName": name, "S3Input": {"S3Uri.$": uri, "LocalPath": f"/{name}", **kind}}
                for name in ("analysis_config", "dataset")
            ],
            "ProcessingOutputConfig": {
                "Outputs": [
                    {
                        "OutputName": "analysis_result",
                        "S3Output": {"S3Uri.$": uri, "LocalPath": "/o", "S3UploadMode": "EndOfJob"},
                    }
                ]
            },
            "ProcessingResources": {
                "ClusterConfig": {
                    "InstanceCount": 1,
                    "InstanceType": "ml.m5.xlarge",
                    "VolumeSizeInGB": 30,
                }
            },
            "Environment": {"PREFIX.$": "$.endpoint_name_prefix"},
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
            "RoleArn": role.role_arn,
        },
    }
