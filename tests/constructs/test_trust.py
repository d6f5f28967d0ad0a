"""Who may use the roles: one service each, on behalf of this account's own resources."""

from __future__ import annotations

import pytest

from support_constructs.templates import FLAGS, assembly

STACKS = (
    "ModelInOwnVpc",
    "PreTrainingInOwnVpc",
    "PreTrainingWithoutVpc",
    "OpenEngineWithoutVpc",
    "EndpointInGivenVpc",
)


@pytest.fixture(params=FLAGS)
def flags(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(
    ("stack", "role", "account", "jobs"),
    [
        (
            "ModelInOwnVpc",
            "PipelineJobRole",
            "${AWS::AccountId}",
            "sagemaker:${AWS::Region}:${AWS::AccountId}:processing-job/clarify-*",
        ),
        (
            "EndpointInGivenVpc",
            "LoansJobRole",
            "111122223333",
            "sagemaker:eu-central-1:111122223333:processing-job/loans-*",
        ),
    ],
)
def test_only_sagemaker_for_this_accounts_jobs_of_the_prefix_assumes_the_job_role(
    flags: str, stack: str, role: str, account: str, jobs: str
) -> None:
    found = assembly(flags).template(stack).only("IAM::Role", role)
    (statement,) = found["AssumeRolePolicyDocument"]["Statement"]
    partition, _, source = (
        statement["Condition"].pop("ArnLike")["aws:SourceArn"].partition(":sagemaker:")
    )
    assert partition in ("arn:aws", "arn:${AWS::Partition}")
    assert f"sagemaker:{source}" == jobs
    assert statement == {
        "Action": "sts:AssumeRole",
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }


#: Services that take on a role of ours, and what of the calling side each trust policy demands.
#: Lambda's guide names no such condition for the role of a function.
SOURCES = {
    "sagemaker.amazonaws.com": ":processing-job/",
    "states.amazonaws.com": ":stateMachine:",
    "events.amazonaws.com": ":rule/",
}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.proves("trust")
def test_no_other_accounts_resource_can_make_a_service_use_a_role(flags: str, stack: str) -> None:
    services = []
    for role in assembly(flags).template(stack).of_type("IAM::Role").values():
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        service = statement["Principal"]["Service"]
        services.append(service)
        if service == "lambda.amazonaws.com":
            assert "Condition" not in statement
            continue
        condition = statement["Condition"]
        account = condition["StringEquals"]["aws:SourceAccount"]
        source = condition["ArnLike"]["aws:SourceArn"]
        assert f":{account}{SOURCES[service]}" in source
    assert {"lambda.amazonaws.com", "sagemaker.amazonaws.com", "states.amazonaws.com"} <= {
        *services
    }
