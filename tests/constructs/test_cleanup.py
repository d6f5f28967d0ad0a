"""What deletes the shadow endpoint of a run that ended early: when it starts, and what it may."""

from __future__ import annotations

import pytest

from support_constructs.states import transitions
from support_constructs.templates import FLAGS, Template, actions, assembly, resources_of

SAGEMAKER = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"


@pytest.fixture(params=FLAGS)
def template(request: pytest.FixtureRequest) -> Template:
    return assembly(str(request.param)).template("ModelInOwnVpc")


@pytest.mark.parametrize(
    "stack",
    ["PreTrainingInOwnVpc", "PreTrainingWithoutVpc", "OpenEngineWithoutVpc", "EndpointInGivenVpc"],
)
def test_a_pipeline_whose_config_names_no_model_has_none(stack: str) -> None:
    template = assembly("recommended-flags").template(stack)
    assert len(template.of_type("StepFunctions::StateMachine")) == 1
    assert not template.of_type("Events::Rule")
    assert "CLARIFY_CDK_ENDPOINT_PREFIX" not in str(template.state("RunClarifyJob"))


def test_every_early_end_of_a_job_of_this_pipeline_starts_it(template: Template) -> None:
    rule = template.only("Events::Rule")
    assert rule["State"] == "ENABLED"
    assert rule["EventPattern"] == {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Processing Job State Change"],
        "detail": {
            "ProcessingJobName": [{"prefix": "clarify-"}],
            "ProcessingJobStatus": ["Failed", "Stopped"],
        },
    }
    (target,) = rule["Targets"]
    machine = template.logical_id("StepFunctions::StateMachine", "PipelineCleanUpStateMachine")
    assert target["Arn"] == f"${{{machine}}}"
    assert target["InputTransformer"] == {
        "InputPathsMap": {"detail-ProcessingJobName": "$.detail.ProcessingJobName"},
        "InputTemplate": '{"job_name":<detail-ProcessingJobName>}',
    }


def test_the_rule_may_start_it_and_do_nothing_else(template: Template) -> None:
    role = template.logical_id("IAM::Role", "PipelineCleanUpRuleRole")
    assert template.only("Events::Rule")["Targets"][0]["RoleArn"] == f"${{{role}.Arn}}"
    machine = template.logical_id("StepFunctions::StateMachine", "PipelineCleanUpStateMachine")
    (statement,) = template.statements("PipelineCleanUpRuleRole")
    assert statement["Action"] == ["states:StartExecution"]
    assert statement["Resource"] == [f"${{{machine}}}"]
    (trust,) = template.only("IAM::Role", role)["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "events.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"},
        "ArnLike": {
            "aws:SourceArn": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"
        },
    }


def test_the_pipeline_may_start_it_and_no_other_state_machine(template: Template) -> None:
    machine = template.logical_id("StepFunctions::StateMachine", "PipelineCleanUpStateMachine")
    granted = template.statements("PipelineStateMachineRole")
    assert resources_of(granted, "states:StartExecution") == {f"${{{machine}}}"}


def test_it_deletes_endpoints_and_configs_of_this_pipeline_only(template: Template) -> None:
    granted = template.statements("PipelineCleanUpStateMachineRole")
    found = {action for action in actions(granted) if action.startswith("sagemaker:")}
    assert {action: resources_of(granted, action) for action in found} == {
        "sagemaker:DescribeProcessingJob": {f"{SAGEMAKER}:processing-job/clarify-*"},
        "sagemaker:ListEndpoints": {"*"},
        "sagemaker:ListEndpointConfigs": {"*"},
        "sagemaker:DeleteEndpoint": {f"{SAGEMAKER}:endpoint/sm-clarify-*"},
        "sagemaker:DeleteEndpointConfig": {f"{SAGEMAKER}:endpoint-config/sm-clarify-*"},
    }
    others = {action.split(":")[0] for action in actions(granted) - found}
    assert others == {"logs", "xray"}


def test_the_job_tells_what_its_endpoints_begin_with(template: Template) -> None:
    environment = template.state("RunClarifyJob")["Parameters"]["Environment"]
    assert environment == {"CLARIFY_CDK_ENDPOINT_PREFIX.$": "$.endpoint_name_prefix"}


def test_it_is_standard_traced_and_logged_without_data(template: Template) -> None:
    properties = template.only("StepFunctions::StateMachine", "PipelineCleanUpStateMachine")
    assert properties["StateMachineType"] == "STANDARD"
    assert properties["TracingConfiguration"] == {"Enabled": True}
    assert properties["LoggingConfiguration"]["Level"] == "ALL"
    assert not properties["LoggingConfiguration"].get("IncludeExecutionData", False)


def test_it_looks_again_for_two_hours_and_then_says_so(template: Template) -> None:
    states = template.cleanup_definition()["States"]
    (choice,) = states["AnotherRound"]["Choices"]
    assert choice == {"Variable": "$.round", "NumericLessThan": 125, "Next": "NextRound"}
    assert states["NextRound"]["Next"] == "Settle"
    assert states["Settle"]["Seconds"] == 60
    assert states["AnotherRound"]["Default"] == "LeftBehind"
    assert states["LeftBehind"]["Error"] == "ClarifyEndpointLeftBehind"


def test_a_config_is_deleted_only_when_no_endpoint_is_left(template: Template) -> None:
    states = template.cleanup_definition()["States"]
    assert states["AnyEndpoint"]["Choices"][0]["Next"] == "AnotherRound"
    assert states["AnyEndpoint"]["Default"] == "ListEndpointConfigs"
    assert states["AnyEndpointConfig"]["Choices"][0]["Next"] == "AnotherRound"
    assert states["AnyEndpointConfig"]["Default"] == "NothingLeft"


@pytest.mark.parametrize("kind", ["Endpoint", "EndpointConfig"])
def test_only_names_that_begin_with_the_prefix_are_deleted(template: Template, kind: str) -> None:
    states = template.cleanup_definition()["States"]
    assert states["FirstRound"]["Parameters"]["behind.$"].startswith("States.Format('{}~', $.job")
    inner = states[f"{kind}s"]["ItemProcessor"]["States"]
    (choice,) = inner[f"{kind}OfThisRun"]["Choices"]
    assert choice == {
        "And": [
            {"Variable": "$.name", "StringGreaterThanEqualsPath": "$.prefix"},
            {"Variable": "$.name", "StringLessThanPath": "$.behind"},
        ],
        "Next": f"Delete{kind}",
    }
    assert inner[f"{kind}OfThisRun"]["Default"] == f"{kind}OfAnother"


def test_every_transition_leads_to_a_state_and_every_state_is_reached(template: Template) -> None:
    machine = template.cleanup_definition()
    inner = [s["ItemProcessor"] for s in machine["States"].values() if s["Type"] == "Map"]
    assert len(inner) == 2
    for part in (machine, *inner):
        targets = {name for state in part["States"].values() for name in transitions(state)}
        assert targets | {part["StartAt"]} == set(part["States"])
