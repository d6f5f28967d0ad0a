"""What decides about a model package: when it starts, what it may, and where each way ends."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import botocore.session
import pytest
import regex
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyPipeline, ModelPackageApproval
from clarify_cdk.wildcards import FORCED_WILDCARDS
from clarify_contract import Refused
from clarify_contract.container import JOB_NAME_MAX
from clarify_lambda.check.outcome import SUMMARY_MAX
from support_constructs.configs import pre_training, with_model
from support_constructs.states import transitions
from support_constructs.templates import Template, actions, resources_of, template_of

SAGEMAKER = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"
PACKAGES = {f"{SAGEMAKER}:model-package/Loans/*", f"{SAGEMAKER}:model-package/loans/*"}
MODELS = {f"{SAGEMAKER}:model/clarify-candidate-*"}


def pipeline(stack: cdk.Stack, **more: Any) -> ClarifyPipeline:
    given = {
        "config": with_model(),
        "results_bucket": s3.Bucket(stack, "Results"),
        "dataset_bucket": s3.Bucket(stack, "Data"),
        "allowed_models": ["clarify-candidate-*"],
    }
    return ClarifyPipeline(stack, "Bias", analysis=Analysis(**(given | more)))


def approval(stack: cdk.Stack, made: ClarifyPipeline, **more: Any) -> ModelPackageApproval:
    role = iam.Role.from_role_arn(stack, "Models", "arn:aws:iam::111122223333:role/models")
    given: dict[str, Any] = {"model_package_group_name": "Loans", "model_role": role}
    return ModelPackageApproval(stack, "Approval", pipeline=made, **(given | more))


def own_stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Own")


@pytest.fixture
def stack() -> cdk.Stack:
    return own_stack()


@pytest.fixture(scope="module")
def template() -> Template:
    stack = own_stack()
    approval(stack, pipeline(stack))
    return template_of(stack)


def machine(template: Template, name: str) -> tuple[str, dict[str, Any]]:
    """Return logical id and properties of the state machine whose id begins so."""
    (found,) = [
        (key, resource["Properties"])
        for key, resource in template.of_type("StepFunctions::StateMachine").items()
        if key.startswith(name)
    ]
    return found


def states(template: Template, name: str = "ApprovalStateMachine") -> dict[str, Any]:
    found: dict[str, Any] = machine(template, name)[1]["DefinitionString"]["States"]
    return found


def rule(template: Template, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a rule's properties and its one target."""
    properties = template.only("Events::Rule", name)
    (target,) = properties["Targets"]
    return properties, target


def test_a_package_of_the_group_that_awaits_approval_starts_it(template: Template) -> None:
    properties, target = rule(template, "ApprovalRule")
    assert properties["State"] == "ENABLED"
    assert properties["EventPattern"] == {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {
            "ModelPackageGroupName": ["Loans"],
            "ModelApprovalStatus": ["PendingManualApproval"],
        },
    }
    assert target["Arn"] == f"${{{machine(template, 'ApprovalStateMachine')[0]}}}"
    assert target["InputTransformer"]["InputPathsMap"] == {
        "detail-ModelPackageArn": "$.detail.ModelPackageArn",
        "id": "$.id",
    }


def test_an_aborted_decision_starts_the_clean_up_with_what_it_was_given(
    template: Template,
) -> None:
    properties, target = rule(template, "ApprovalCleanUpRule")
    assert properties["EventPattern"] == {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {
            "stateMachineArn": [f"${{{machine(template, 'ApprovalStateMachine')[0]}}}"],
            "status": ["ABORTED", "TIMED_OUT"],
        },
    }
    assert target["Arn"] == f"${{{machine(template, 'ApprovalCleanUp')[0]}}}"
    assert target["InputPath"] == "$.detail"


@pytest.mark.parametrize(
    ("role", "started"),
    [("ApprovalRuleRole", "ApprovalStateMachine"), ("ApprovalCleanUpRuleRole", "ApprovalCleanUp")],
)
def test_each_rule_may_start_its_state_machine_and_do_nothing_else(
    template: Template, role: str, started: str
) -> None:
    (statement,) = template.statements(role)
    assert statement["Action"] == ["states:StartExecution"]
    assert statement["Resource"] == [f"${{{machine(template, started)[0]}}}"]
    trust = template.only("IAM::Role", role)["AssumeRolePolicyDocument"]["Statement"]
    assert trust[0]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"},
        "ArnLike": {
            "aws:SourceArn": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"
        },
    }


def test_it_may_only_what_a_decision_about_this_group_needs(template: Template) -> None:
    granted = template.statements("ApprovalStateMachineRole")
    (run,) = [key for key, _ in [machine(template, "BiasStateMachine")]]
    executions = (
        "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:"
        f"${{split(':', ${{{run}}})[6]}}"
    )
    forced = {action for action in actions(granted) if action in FORCED_WILDCARDS}
    assert {action: resources_of(granted, action) for action in actions(granted) - forced} == {
        "sagemaker:DescribeModelPackage": PACKAGES,
        "sagemaker:UpdateModelPackage": PACKAGES,
        "sagemaker:CreateModel": MODELS | PACKAGES,
        "sagemaker:DeleteModel": MODELS,
        "iam:PassRole": {"arn:aws:iam::111122223333:role/models"},
        "states:StartExecution": {f"${{{run}}}"},
        "states:DescribeExecution": {f"{executions}:*"},
        "states:StopExecution": {f"{executions}:*"},
        "states:GetExecutionHistory": {f"{executions}:*"},
        **{
            f"events:{action}": {
                "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}"
                ":rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
            }
            for action in ("DescribeRule", "PutRule", "PutTargets")
        },
    }
    assert {action.split(":")[0] for action in forced} == {"logs", "xray"}


def test_it_passes_the_one_role_to_sagemaker_only(template: Template) -> None:
    (statement,) = [
        statement
        for statement in template.statements("ApprovalStateMachineRole")
        if "iam:PassRole" in statement["Action"]
    ]
    assert statement["Condition"] == {
        "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}
    }


def test_the_clean_up_may_delete_temporary_models_and_nothing_else(template: Template) -> None:
    granted = template.statements("ApprovalCleanUpStateMachineRole")
    own = actions(granted) - set(FORCED_WILDCARDS)
    assert {action: resources_of(granted, action) for action in own} == {
        "sagemaker:DeleteModel": MODELS
    }


def test_the_pipeline_may_host_and_describe_temporary_models(template: Template) -> None:
    names = {f"{SAGEMAKER}:model/diabetes-progression", *MODELS}
    job = template.statements("BiasJobRole")
    assert resources_of(job, "sagemaker:DescribeModel") == names
    (hosting,) = [s for s in job if "sagemaker:CreateEndpointConfig" in s["Action"]]
    assert set(hosting["Condition"]["ArnEquals"]["sagemaker:ModelArn"]) == names
    assert resources_of(template.statements("BiasPreparation"), "sagemaker:DescribeModel") == names


def test_there_is_no_further_function(template: Template) -> None:
    functions = template.of_type("Lambda::Function")
    assert {name[:8] for name in functions} == {"BiasPrep", "BiasChec"}


@pytest.mark.parametrize("name", ["ApprovalStateMachine", "ApprovalCleanUpStateMachine"])
def test_they_are_standard_traced_and_logged_without_data(template: Template, name: str) -> None:
    properties = machine(template, name)[1]
    assert properties["StateMachineType"] == "STANDARD"
    assert properties["TracingConfiguration"] == {"Enabled": True}
    assert properties["LoggingConfiguration"]["Level"] == "ALL"
    assert not properties["LoggingConfiguration"].get("IncludeExecutionData", False)


def test_each_package_has_a_model_name_of_its_own_that_all_states_agree_on(
    template: Template,
) -> None:
    of_package = "States.Format('clarify-candidate-{}', States.Hash($.model_package_arn, 'MD5'))"
    found = states(template)
    assert found["CreateModel"]["Parameters"] == {
        "ModelName.$": of_package,
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/models",
        "PrimaryContainer": {"ModelPackageName.$": "$.model_package_arn"},
    }
    assert found["DeleteModel"]["Parameters"] == {"ModelName.$": of_package}
    analyse = found["AnalyseModel"]["Parameters"]
    assert analyse["Input"] == {"model_name.$": of_package}
    assert analyse["Name.$"] == "$$.Execution.Name"
    cleanup = states(template, "ApprovalCleanUp")["DeleteModel"]["Parameters"]
    assert cleanup == {"ModelName.$": of_package.replace("$.model", "$.input.model")}


def test_a_verdict_becomes_the_approval_its_reason_and_its_metadata(template: Template) -> None:
    for state, status, outcome in (
        ("Approve", "Approved", "passed"),
        ("Reject", "Rejected", "rejected"),
    ):
        assert states(template)[state]["Parameters"] == {
            "ModelPackageArn.$": "$.model_package_arn",
            "ModelApprovalStatus": status,
            "ApprovalDescription.$": "$.analysed.run.check.summary",
            "CustomerMetadataProperties": {
                "ClarifyOutcome": outcome,
                "ClarifyVerdict.$": "$.analysed.run.check.verdict_uri",
                "ClarifyReport.$": "States.Format('{}/report.html', $.analysed.run.output_uri)",
                "ClarifyExecution.$": "$$.Execution.Id",
            },
        }


def test_without_a_verdict_the_approval_is_not_touched(template: Template) -> None:
    assert states(template)["LeavePending"]["Parameters"] == {
        "ModelPackageArn.$": "$.model_package_arn",
        "CustomerMetadataProperties": {
            "ClarifyOutcome": "failed",
            "ClarifyExecution.$": "$$.Execution.Id",
        },
    }
    assert states(template)["NotAnalysed"]["Error"] == "ClarifyPackageNotAnalysed"


def test_only_a_passed_verdict_approves(template: Template) -> None:
    verdict = states(template)["Verdict"]
    passed, rejected = verdict["Choices"]
    assert passed["And"][1] == {
        "Variable": "$.analysed.run.check.verdict",
        "StringEquals": "passed",
    }
    assert passed["Next"] == "Approve"
    assert rejected["And"][1]["StringEquals"] == "ClarifyRejected"
    assert verdict["Default"] == "LeavePending"


def test_a_package_is_looked_at_again_before_the_verdict_is_written(template: Template) -> None:
    found = states(template)
    assert found["DeleteModel"]["Next"] == "DescribeAgain"
    assert found["DescribeAgain"]["ResultPath"] == found["DescribePackage"]["ResultPath"]
    assert found["DescribeAgain"]["Next"] == "StillAwaits"
    assert found["StillAwaits"]["Choices"] == [
        {
            "Variable": "$.package.ModelApprovalStatus",
            "StringEquals": "PendingManualApproval",
            "Next": "Verdict",
        }
    ]
    assert found["StillAwaits"]["Default"] == "DecidedMeanwhile"


def test_a_report_is_named_only_where_one_is_written(stack: cdk.Stack) -> None:
    config = with_model()
    methods = config.methods.model_copy(update={"report": None})
    made = pipeline(stack, config=config.model_copy(update={"methods": methods}))
    approval(stack, made)
    metadata = states(template_of(stack))["Approve"]["Parameters"]["CustomerMetadataProperties"]
    assert set(metadata) == {"ClarifyOutcome", "ClarifyVerdict.$", "ClarifyExecution.$"}


def test_a_report_has_the_name_that_the_config_gives_it(stack: cdk.Stack) -> None:
    config = with_model()
    report = config.methods.report
    assert report is not None
    methods = config.methods.model_copy(update={"report": report.model_copy(update={"name": "x"})})
    made = pipeline(stack, config=config.model_copy(update={"methods": methods}))
    approval(stack, made)
    metadata = states(template_of(stack))["Approve"]["Parameters"]["CustomerMetadataProperties"]
    assert metadata["ClarifyReport.$"] == "States.Format('{}/x.html', $.analysed.run.output_uri)"


def test_a_run_may_take_two_days_or_what_is_said(stack: cdk.Stack, template: Template) -> None:
    assert states(template)["AnalyseModel"]["TimeoutSeconds"] == 2 * 24 * 3600
    approval(stack, pipeline(stack), timeout=cdk.Duration.hours(3))
    assert states(template_of(stack))["AnalyseModel"]["TimeoutSeconds"] == 3 * 3600


@pytest.mark.parametrize("name", ["ApprovalStateMachine", "ApprovalCleanUpStateMachine"])
def test_every_transition_leads_to_a_state_and_every_state_is_reached(
    template: Template, name: str
) -> None:
    definition = machine(template, name)[1]["DefinitionString"]
    found = definition["States"]
    targets = {target for state in found.values() for target in transitions(state)}
    assert targets | {definition["StartAt"]} == set(found)


def test_once_there_is_a_model_every_way_leads_to_its_deletion(template: Template) -> None:
    found = states(template)
    seen, ahead = set(), set(transitions(found["AnalyseModel"]))
    while ahead:
        name = ahead.pop()
        seen.add(name)
        if name != "DeleteModel":
            ahead |= set(transitions(found[name])) - seen
    assert seen == {"StopAnalysis", "ReadEnd", "DeleteModel"}
    for name in seen - {"DeleteModel"}:
        assert found[name]["Catch"][-1]["ErrorEquals"] == ["States.ALL"]
    assert found["AnalyseModel"]["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


@pytest.mark.parametrize(
    ("of_pipeline", "given", "expected"),
    [
        ({"allowed_models": []}, {}, ["model-not-allowed"]),
        ({"allowed_models": ["clarify-candidate"]}, {}, ["model-not-allowed"]),
        ({}, {"model_name_prefix": "loans"}, ["model-not-allowed"]),
        ({"config": pre_training(), "allowed_models": []}, {}, ["model-not-allowed"]),
        ({}, {"model_name_prefix": "loans-"}, ["model-name-prefix"]),
        ({}, {"model_name_prefix": "a" * 31}, ["model-name-prefix"]),
        ({}, {"model_package_group_name": "arn:aws:x"}, ["model-package-group"]),
        ({"results_prefix": "bias (all)"}, {}, ["results-prefix-in-metadata"]),
        ({"results_prefix": "a" * 105}, {}, ["results-prefix-in-metadata"]),
    ],
)
def test_what_could_not_work_is_refused_at_synthesis(
    stack: cdk.Stack, of_pipeline: dict[str, Any], given: dict[str, Any], expected: list[str]
) -> None:
    made = pipeline(stack, **of_pipeline)
    with pytest.raises(Refused) as refused:
        approval(stack, made, **given)
    assert [finding.id for finding in refused.value.findings] == expected


def test_the_fix_for_a_pipeline_that_takes_no_temporary_model_can_be_copied(
    stack: cdk.Stack,
) -> None:
    with pytest.raises(Refused, match=r"Add 'clarify-candidate-\*' to the Analysis' allowed_model"):
        approval(stack, pipeline(stack, allowed_models=[]))


@pytest.mark.parametrize("allowed", ["clarify-candidate-*", "clarify-*", "clarify-candidate*"])
def test_whatever_takes_in_temporary_models_will_do(stack: cdk.Stack, allowed: str) -> None:
    approval(stack, pipeline(stack, allowed_models=[allowed]))


def test_the_longest_that_is_said_of_a_package_is_what_sagemaker_takes(stack: cdk.Stack) -> None:
    """Against the service's own model: lengths, signs, and fields that an update has not."""
    shape = (
        botocore.session.Session()
        .get_service_model("sagemaker")
        .operation_model("UpdateModelPackage")
        .input_shape
    )
    assert "ModelMetrics" not in shape.members
    assert shape.members["ApprovalDescription"].metadata["max"] >= SUMMARY_MAX
    metadata = shape.members["CustomerMetadataProperties"]
    prefix = "é/" + "a" * 102
    approval(stack, pipeline(stack, results_prefix=prefix))
    longest = f"s3://{'b' * 63}/{prefix}/{'j' * JOB_NAME_MAX}/output/report.html"
    for name, state in states(template_of(stack)).items():
        for key in state.get("Parameters", {}).get("CustomerMetadataProperties", {}):
            assert regex.fullmatch(metadata.key.metadata["pattern"], key.removesuffix(".$")), name
    assert len(longest) == metadata.value.metadata["max"]
    assert regex.fullmatch(metadata.value.metadata["pattern"], longest)
