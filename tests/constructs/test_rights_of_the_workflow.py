"""What the two functions and the state machine may do, as every right of them stands."""

from __future__ import annotations

import pytest

from support_constructs.templates import Template, actions, resources_of

SAGEMAKER = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"


def test_the_preparation_looks_at_what_a_run_may_read_and_at_nothing_else(
    model: Template, endpoint: Template
) -> None:
    granted = model.statements("PipelinePreparationRole")
    assert resources_of(granted, "s3:GetObject") == {
        "arn:${AWS::Partition}:s3:::${Data666C94C7}/dataset/*",
        "arn:${AWS::Partition}:s3:::archive/diabetes/*",
    }
    listed = {
        statement["Resource"][0]: statement["Condition"]
        for statement in granted
        if statement["Action"] == ["s3:ListBucket"]
    }
    assert listed == {
        "arn:${AWS::Partition}:s3:::${Data666C94C7}": {"StringLike": {"s3:prefix": "dataset/*"}},
        "arn:${AWS::Partition}:s3:::archive": {"StringLike": {"s3:prefix": "diabetes/*"}},
    }
    # Side datasets and baselines too.
    read = resources_of(endpoint.statements("LoansPreparationRole"), "s3:GetObject")
    assert {name.partition(":s3:::")[2] for name in read} == {
        "lake/loans/2026.csv*",
        "people/facets.csv*",
        "lake/baselines/loans.csv*",
    }


def test_the_check_lists_the_files_that_must_be_there_and_does_not_read_them(
    model: Template,
) -> None:
    granted = model.statements("CheckRole")
    results = "clarify/clarify-*/output"
    listed = {
        statement["Condition"]["StringLike"]["s3:prefix"]
        for statement in granted
        if statement["Action"] == ["s3:ListBucket"]
    }
    assert listed == {
        f"{results}/analysis.json*",
        f"{results}/report.html*",
        f"{results}/explanations_shap/*",
        "clarify/clarify-*/preflight.json*",
    }
    read = resources_of(granted, "s3:GetObject")
    assert {name.rpartition("/")[2] for name in read} == {"analysis.json", "preflight.json"}


def test_the_preparation_describes_what_a_run_may_ask_and_nothing_else(
    model: Template, endpoint: Template, pre_training: Template
) -> None:
    described = {}
    for name, template, role in (
        ("model", model, "Pipeline"),
        ("endpoint", endpoint, "Loans"),
        ("neither", pre_training, "Pipeline"),
    ):
        granted = template.statements(f"{role}PreparationRole")
        described[name] = {
            action: {arn.rpartition(":")[2] for arn in resources_of(granted, action)}
            for action in actions(granted)
            if action.startswith(("ec2:", "sagemaker:"))
        }
    assert described == {
        "model": {
            "sagemaker:DescribeModel": {"model/diabetes-progression", "model/diabetes-next"},
            "ec2:DescribeSubnets": {"*"},  # in which zones the model's are
        },
        "endpoint": {
            "sagemaker:DescribeEndpoint": {"endpoint/loans-live", "endpoint/loans-canary"}
        },
        "neither": {},
    }


def test_the_preparation_writes_configs_and_what_it_found(model: Template) -> None:
    granted = model.statements("PipelinePreparationRole")
    runs = "arn:${AWS::Partition}:s3:::${Results25575328}/clarify/clarify-*"
    names = ("config/analysis_config.json", "preflight.json", "verdict.json")
    assert resources_of(granted, "s3:PutObject") == {f"{runs}/{name}" for name in names}
    assert {action for action in actions(granted) if action.startswith("s3:")} == {
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }


def test_the_check_reads_results_and_writes_verdicts(model: Template) -> None:
    granted = model.statements("CheckRole")
    runs = "arn:${AWS::Partition}:s3:::${Results25575328}/clarify/clarify-*"
    read = {f"{runs}/{name}" for name in ("output/analysis.json", "preflight.json")}
    assert resources_of(granted, "s3:GetObject") == read
    assert resources_of(granted, "s3:PutObject") == {f"{runs}/verdict.json"}
    assert {action for action in actions(granted) if action.startswith("s3:")} == {
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }


@pytest.mark.parametrize("role", ["PipelinePreparation", "Check"])
def test_a_function_writes_only_its_own_log(model: Template, role: str) -> None:
    granted = model.statements(f"{role}Role")
    (group,) = resources_of(granted, "logs:PutLogEvents")
    assert group.startswith(f"${{{role}LogGroup")
    assert {action for action in actions(granted) if action.startswith("logs:")} == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }


def test_the_state_machine_runs_jobs_of_its_prefix(model: Template) -> None:
    granted = model.statements("PipelineStateMachineRole")
    jobs = {f"{SAGEMAKER}:processing-job/clarify-*"}
    assert {
        action: resources_of(granted, action)
        for action in actions(granted)
        if action.startswith("sagemaker:")
    } == {
        "sagemaker:AddTags": jobs,
        "sagemaker:CreateProcessingJob": jobs,
        "sagemaker:DescribeProcessingJob": jobs,
        "sagemaker:ListTags": jobs,
        "sagemaker:StopProcessingJob": jobs,
    }


def test_the_state_machine_passes_the_job_role_to_sagemaker_only(model: Template) -> None:
    (statement,) = [
        statement
        for statement in model.statements("PipelineStateMachineRole")
        if "iam:PassRole" in statement["Action"]
    ]
    (role,) = [name for name in model.of_type("IAM::Role") if name.startswith("PipelineJobRole")]
    assert statement["Resource"] == [f"${{{role}.Arn}}"]
    assert statement["Condition"] == {
        "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}
    }


def test_the_state_machine_manages_the_one_rule_of_step_functions(model: Template) -> None:
    granted = model.statements("PipelineStateMachineRole")
    for action in ("events:DescribeRule", "events:PutRule", "events:PutTargets"):
        assert resources_of(granted, action) == {
            "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}"
            ":rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule"
        }


def test_the_state_machine_invokes_the_two_functions(model: Template) -> None:
    granted = model.statements("PipelineStateMachineRole")
    invoked = {arn.removesuffix(":*") for arn in resources_of(granted, "lambda:InvokeFunction")}
    assert invoked == {f"${{{name}.Arn}}" for name in model.of_type("Lambda::Function")}
