"""The task that runs a Clarify job: its request, its arguments, its rights, its metrics."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import botocore.session
import botocore.validate
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn

from clarify_contract import AnalysisConfig, Refused
from support_constructs.task import rendered, state, task
from support_constructs.templates import actions, assembly, resources_of, template_of


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Alone")


# --- the request ----------------------------------------------------------------------------------


def test_the_request_is_the_one_that_clarify_wants(stack: cdk.Stack) -> None:
    s3_input = {
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
        "S3CompressionType": "None",
    }
    assert state(stack)["Parameters"] == {
        "ProcessingJobName.$": "$.job_name",
        "AppSpecification": {
            "ImageUri": "${ClarifyImages[${AWS::Region}].account}.dkr.ecr.${AWS::Region}."
            "${ClarifyImages[${AWS::Region}].suffix}/sagemaker-clarify-processing:1.0"
        },
        "ProcessingInputs": [
            {
                "InputName": "analysis_config",
                "S3Input": {
                    **s3_input,
                    "S3Uri": "s3://results/run/config/analysis_config.json",
                    "LocalPath": "/opt/ml/processing/input/config",
                },
            },
            {
                "InputName": "dataset",
                "S3Input": {
                    **s3_input,
                    "S3Uri": "s3://data/loans/",
                    "LocalPath": "/opt/ml/processing/input/data",
                },
            },
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "analysis_result",
                    "S3Output": {
                        "S3Uri": "s3://results/run/output",
                        "LocalPath": "/opt/ml/processing/output",
                        "S3UploadMode": "EndOfJob",
                    },
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
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        "NetworkConfig": {
            "EnableNetworkIsolation": False,
            "EnableInterContainerTrafficEncryption": False,
        },
        "RoleArn": "arn:aws:iam::111122223333:role/job",
    }


@pytest.mark.parametrize("stack_name", ["ModelInOwnVpc", "EndpointInGivenVpc"])
def test_the_service_model_of_botocore_takes_the_request(stack_name: str) -> None:
    request = assembly("no-flags").template(stack_name).state("RunClarifyJob")["Parameters"]
    values = {
        "$.job_name": "loans-1",
        "$.endpoint_name_prefix": "sm-clarify-01234567",
        "$.config_uri": "s3://results/c.json",
        "$.dataset_uri": "s3://data/d/",
        "$.output_uri": "s3://results/o",
    }
    operation = botocore.session.get_session().get_service_model("sagemaker")
    shape = operation.operation_model("CreateProcessingJob").input_shape
    known = evaluated(request, values)
    report = botocore.validate.ParamValidator().validate(known, shape)
    assert report.generate_report() == ""
    assert list(disallowed(known, shape)) == []


def evaluated(value: Any, paths: dict[str, str]) -> Any:
    """Put values in the place of JSON paths and of CloudFormation's references."""
    if isinstance(value, dict):
        return {
            key.removesuffix(".$"): paths[entry] if key.endswith(".$") else evaluated(entry, paths)
            for key, entry in value.items()
        }
    if isinstance(value, list):
        return [evaluated(entry, paths) for entry in value]
    if isinstance(value, str) and "${" in value:
        return "arn:aws:iam::111122223333:role/job" if "Role" in value else "reference-1"
    return value


def disallowed(value: Any, shape: Any, path: str = "") -> Any:
    """Yield values outside an enum or a pattern, which botocore's own validator passes."""
    if shape.type_name == "structure":
        for key, entry in value.items():
            yield from disallowed(entry, shape.members[key], f"{path}.{key}")
    elif shape.type_name == "list":
        for entry in value:
            yield from disallowed(entry, shape.member, f"{path}[]")
    elif shape.type_name == "map":
        for entry in value.values():
            yield from disallowed(entry, shape.value, f"{path}{{}}")
    elif shape.type_name == "string":
        pattern = shape.metadata.get("pattern", ".*").replace(r"\p{L}", r"\w")
        pattern = pattern.replace(r"\p{Z}", " ").replace(r"\p{N}", r"\d")
        if not re.fullmatch(pattern, value) or (shape.enum and value not in shape.enum):
            yield f"{path}: {value}"


def test_keys_environment_tags_and_traffic_stand_where_they_belong() -> None:
    template = assembly("no-flags").template("EndpointInGivenVpc")
    request = template.state("RunClarifyJob")["Parameters"]
    keys = template.of_type("KMS::Key")
    results, volume = (
        next(f"${{{key}.Arn}}" for key in keys if key.startswith(name))
        for name in ("OutputKey", "VolumeKey")
    )
    assert request["ProcessingOutputConfig"]["KmsKeyId"] == results
    assert request["ProcessingResources"]["ClusterConfig"] == {
        "InstanceCount": 1,
        "InstanceType": "ml.c5.4xlarge",
        "VolumeSizeInGB": 100,
        "VolumeKmsKeyId": volume,
    }
    assert request["StoppingCondition"] == {"MaxRuntimeInSeconds": 7200}
    assert request["NetworkConfig"]["EnableInterContainerTrafficEncryption"] is True
    assert request["NetworkConfig"]["EnableNetworkIsolation"] is False
    assert request["NetworkConfig"]["VpcConfig"]["Subnets"] == [
        "subnet-0a1b2c3d",
        "subnet-1a2b3c4d",
    ]
    assert request["Environment"] == {"STAGE": "test"}
    assert request["Tags"] == [{"Key": "team", "Value": "fairness"}]
    # This config has a dataset_uri: the container fetches the data itself.
    assert [entry["InputName"] for entry in request["ProcessingInputs"]] == ["analysis_config"]


def test_a_manifest_is_read_as_one(stack: cdk.Stack) -> None:
    _, dataset = state(stack, dataset_manifest=True)["Parameters"]["ProcessingInputs"]
    assert dataset["S3Input"]["S3DataType"] == "ManifestFile"


def test_images_are_uploaded_as_they_are_explained(stack: cdk.Stack) -> None:
    config = AnalysisConfig(
        dataset_type="application/x-image",
        methods={"shap": {"image_config": {"model_type": "IMAGE_CLASSIFICATION"}}},
        predictor={
            "endpoint_name": "cats",
            "content_type": "image/jpeg",
            "label_headers": ["cat", "dog"],
        },
    )
    (output,) = state(stack, config=config)["Parameters"]["ProcessingOutputConfig"]["Outputs"]
    assert output["S3Output"]["S3UploadMode"] == "Continuous"


# --- the arguments that every task has ------------------------------------------------------------

BASE_ARGUMENTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "comment": ({"comment": "why"}, {"Comment": "why"}),
    "input path": ({"input_path": "$.in"}, {"InputPath": "$.in"}),
    "output path": ({"output_path": "$.out"}, {"OutputPath": "$.out"}),
    "result path": ({"result_path": "$.job"}, {"ResultPath": "$.job"}),
    "discarded result": ({"result_path": sfn.JsonPath.DISCARD}, {"ResultPath": None}),
    "result selector": (
        {"result_selector": {"arn": sfn.JsonPath.string_at("$.ProcessingJobArn"), "kind": "job"}},
        {"ResultSelector": {"arn.$": "$.ProcessingJobArn", "kind": "job"}},
    ),
    "assign": (
        {"assign": {"arn": sfn.JsonPath.string_at("$.ProcessingJobArn")}},
        {"Assign": {"arn.$": "$.ProcessingJobArn"}},
    ),
    "timeout": (
        {"task_timeout": sfn.Timeout.duration(cdk.Duration.hours(2))},
        {"TimeoutSeconds": 7200},
    ),
    "timeout by path": (
        {"task_timeout": sfn.Timeout.at("$.limit")},
        {"TimeoutSecondsPath": "$.limit"},
    ),
    "heartbeat": (
        {"heartbeat_timeout": sfn.Timeout.duration(cdk.Duration.minutes(5))},
        {"HeartbeatSeconds": 300},
    ),
    "heartbeat by path": (
        {"heartbeat_timeout": sfn.Timeout.at("$.beat")},
        {"HeartbeatSecondsPath": "$.beat"},
    ),
    "query language": ({"query_language": sfn.QueryLanguage.JSON_PATH}, {}),
}


@pytest.mark.parametrize("name", BASE_ARGUMENTS)
def test_every_base_argument_is_found_in_the_state(stack: cdk.Stack, name: str) -> None:
    arguments, expected = BASE_ARGUMENTS[name]
    found = state(stack, **arguments)
    assert found.items() >= expected.items()
    assert found["Type"] == "Task"
    assert found["End"] is True


def test_the_default_timeout_is_above_the_jobs_own(stack: cdk.Stack) -> None:
    found = state(stack, max_runtime=cdk.Duration.hours(3))
    assert found["Parameters"]["StoppingCondition"]["MaxRuntimeInSeconds"] == 3 * 3600
    assert found["TimeoutSeconds"] == 4 * 3600


def test_a_timeout_by_path_leaves_no_other_timeout(stack: cdk.Stack) -> None:
    assert "TimeoutSeconds" not in state(stack, task_timeout=sfn.Timeout.at("$.limit"))


def test_a_state_may_have_a_name_of_its_own(stack: cdk.Stack) -> None:
    assert rendered(stack, state_name="Run it").definition()["StartAt"] == "Run it"


def test_credentials_are_rendered_and_may_be_assumed(stack: cdk.Stack) -> None:
    other = iam.Role.from_role_arn(stack, "Other", "arn:aws:iam::444455556666:role/other")
    template = rendered(stack, credentials=sfn.Credentials(role=sfn.TaskRole.from_role(other)))
    arn = "arn:aws:iam::444455556666:role/other"
    assert template.state("Job")["Credentials"] == {"RoleArn": arn}
    assert resources_of(template.statements("MachineRole"), "sts:AssumeRole") == {arn}


def test_retry_catch_and_next_are_rendered(stack: cdk.Stack) -> None:
    job = task(stack)
    job.add_retry(errors=["SageMaker.ThrottlingException"], max_attempts=4)
    job.add_catch(sfn.Fail(stack, "Failed"), result_path="$.failure")
    chain = job.next(sfn.Succeed(stack, "Done"))
    sfn.StateMachine(stack, "Machine", definition_body=sfn.DefinitionBody.from_chainable(chain))
    found = template_of(stack).state("Job")
    assert found["Next"] == "Done"
    assert found["Retry"] == [{"ErrorEquals": ["SageMaker.ThrottlingException"], "MaxAttempts": 4}]
    assert found["Catch"] == [
        {"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Failed"}
    ]


def test_under_jsonata_the_request_stands_in_arguments(stack: cdk.Stack) -> None:
    found = state(
        stack,
        query_language=sfn.QueryLanguage.JSONATA,
        job_name="{% $states.input.job_name %}",
        task_timeout=sfn.Timeout.jsonata("{% $states.input.limit %}"),
        outputs="{% $states.result.ProcessingJobArn %}",
    )
    assert found["QueryLanguage"] == "JSONata"
    assert found["Arguments"]["ProcessingJobName"] == "{% $states.input.job_name %}"
    assert found["TimeoutSeconds"] == "{% $states.input.limit %}"
    assert found["Output"] == "{% $states.result.ProcessingJobArn %}"
    assert "Parameters" not in found


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({"query_language": sfn.QueryLanguage.JSON_PATH, "outputs": "{% 1 %}"}, "outputs"),
        ({"query_language": sfn.QueryLanguage.JSONATA, "result_path": "$.x"}, "result_path"),
        ({"query_language": sfn.QueryLanguage.JSONATA, "input_path": "$.x"}, "input_path"),
    ],
)
def test_arguments_of_the_other_query_language_are_refused(
    stack: cdk.Stack, arguments: dict[str, Any], place: str
) -> None:
    with pytest.raises(Refused) as refused:
        task(stack, **arguments)
    (finding,) = refused.value.findings
    assert (finding.id, finding.path) == ("query-language", place)


# --- pattern, partition, rights, metrics ----------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "suffix"),
    [(sfn.IntegrationPattern.RUN_JOB, ".sync"), (sfn.IntegrationPattern.REQUEST_RESPONSE, "")],
)
def test_the_resource_is_that_of_the_pattern_in_the_stacks_partition(
    stack: cdk.Stack, pattern: sfn.IntegrationPattern, suffix: str
) -> None:
    assert state(stack, integration_pattern=pattern)["Resource"] == (
        f"arn:${{AWS::Partition}}:states:::sagemaker:createProcessingJob{suffix}"
    )


def test_the_partition_of_china_is_a_literal_where_the_region_is_known() -> None:
    app = cdk.App(
        analytics_reporting=False, context={"@aws-cdk/core:enablePartitionLiterals": True}
    )
    china = cdk.Stack(app, "China", env=cdk.Environment(region="cn-north-1"))
    found = state(china)
    assert found["Resource"].startswith("arn:aws-cn:states:::sagemaker:")
    assert found["Parameters"]["AppSpecification"]["ImageUri"] == (
        "122526803553.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-clarify-processing:1.0"
    )


def test_a_task_that_only_starts_a_job_gets_no_rights_to_wait(stack: cdk.Stack) -> None:
    pattern = sfn.IntegrationPattern.REQUEST_RESPONSE
    granted = actions(rendered(stack, integration_pattern=pattern).statements("MachineRole"))
    assert granted == {"iam:PassRole", "sagemaker:AddTags", "sagemaker:CreateProcessingJob"}


def test_waiting_for_a_token_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(Refused) as refused:
        task(stack, integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN)
    assert [finding.id for finding in refused.value.findings] == ["integration-pattern"]


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("metric_failed", "ServiceIntegrationsFailed"),
        ("metric_succeeded", "ServiceIntegrationsSucceeded"),
        ("metric_started", "ServiceIntegrationsStarted"),
        ("metric_timed_out", "ServiceIntegrationsTimedOut"),
        ("metric_run_time", "ServiceIntegrationRunTime"),
        ("metric_time", "ServiceIntegrationTime"),
    ],
)
def test_the_task_has_the_metrics_of_its_integration(
    stack: cdk.Stack, metric: str, name: str
) -> None:
    found = getattr(task(stack), metric)()
    assert (found.namespace, found.metric_name) == ("AWS/States", name)
    arn = stack.resolve(found.dimensions)["ServiceIntegrationResourceArn"]["Fn::Join"][1][2]
    assert arn == ":states:::sagemaker:createProcessingJob.sync"


@pytest.mark.parametrize(
    ("language", "arguments", "place"),
    [
        (sfn.QueryLanguage.JSONATA, {"result_path": "$.x"}, "result_path"),
        (sfn.QueryLanguage.JSON_PATH, {"outputs": "{% 1 %}"}, "outputs"),
    ],
)
def test_arguments_must_suit_the_language_of_the_state_machine(
    stack: cdk.Stack, language: sfn.QueryLanguage, arguments: dict[str, Any], place: str
) -> None:
    body = sfn.DefinitionBody.from_chainable(task(stack, **arguments))
    # Through jsii only the text of an exception arrives.
    with pytest.raises(RuntimeError, match=rf"\[query-language\] {place}: got an argument"):
        sfn.StateMachine(stack, "Machine", definition_body=body, query_language=language)
