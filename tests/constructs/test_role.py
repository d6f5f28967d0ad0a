"""The job's role as accounts want it, and what its owner is told where it may not be changed."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyNetwork, ClarifyPipeline, ClarifyRole
from clarify_contract import AnalysisConfig, Refused
from support_constructs.configs import pre_training, with_model
from support_constructs.stacks import FRANKFURT
from support_constructs.templates import Template, template_of

FIXED = "arn:aws:iam::111122223333:role/team/fixed"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Loans", env=FRANKFURT)


def analysis(stack: cdk.Stack, config: AnalysisConfig | None = None, **more: Any) -> Analysis:
    arguments: dict[str, Any] = {
        "config": config or pre_training(),
        "results_bucket": s3.Bucket.from_bucket_name(stack, "ResultsBucket", "results"),
        "dataset_bucket": s3.Bucket.from_bucket_name(stack, "DataBucket", "data"),
    }
    return Analysis(**(arguments | more))


def printed(template: Template, output: str) -> dict[str, Any]:
    """Return a policy that an output prints."""
    document = json.loads(template.document["Outputs"][output]["Value"])
    assert isinstance(document, dict)
    return document


def statements(document: dict[str, Any]) -> list[str]:
    """Return statements in a form that compares: one line of sorted JSON each, sorted."""
    return sorted(json.dumps(statement, sort_keys=True) for statement in document["Statement"])


def test_boundary_path_name_and_further_trust_are_the_deployers(stack: cdk.Stack) -> None:
    boundary = iam.ManagedPolicy.from_managed_policy_name(stack, "Boundary", "team-boundary")
    ClarifyRole(
        stack,
        "Role",
        analysis=analysis(stack),
        permissions_boundary=boundary,
        path="/clarify/",
        role_name="clarify-loans",
        trust_conditions={
            "StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
            "Bool": {"aws:PrincipalIsAWSService": "true"},
        },
    )
    role = template_of(stack).only("IAM::Role")
    assert role["PermissionsBoundary"].endswith(":iam::111122223333:policy/team-boundary")
    assert (role["Path"], role["RoleName"]) == ("/clarify/", "clarify-loans")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    jobs = trust["Condition"].pop("ArnLike")["aws:SourceArn"]
    assert jobs.endswith(":sagemaker:eu-central-1:111122223333:processing-job/clarify-*")
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333", "aws:SourceOrgID": "o-a1b2c3d4e5"},
        "Bool": {"aws:PrincipalIsAWSService": "true"},
    }


def test_without_them_the_role_says_nothing_of_it(stack: cdk.Stack) -> None:
    ClarifyRole(stack, "Role", analysis=analysis(stack))
    role = template_of(stack).only("IAM::Role")
    assert role.keys() == {"AssumeRolePolicyDocument", "Description"}


def test_the_roles_own_conditions_cannot_be_taken_away(stack: cdk.Stack) -> None:
    with pytest.raises(Refused) as refused:
        ClarifyRole(
            stack,
            "Role",
            analysis=analysis(stack),
            trust_conditions={"StringEquals": {"aws:SourceAccount": "999922223333"}},
        )
    (finding,) = refused.value.findings
    assert (finding.id, finding.path) == ("trust-condition-taken", "trust_conditions")
    assert finding.given == "StringEquals aws:SourceAccount"


@pytest.mark.parametrize(
    "arn", [FIXED, "arn:aws:iam::999922223333:role/elsewhere"], ids=["immutable", "other-account"]
)
def test_a_role_that_may_not_be_changed_stays_as_it_is_and_its_owner_is_told(
    stack: cdk.Stack, arn: str
) -> None:
    role = iam.Role.from_role_arn(stack, "Fixed", arn, mutable=arn != FIXED)
    ClarifyPipeline(stack, "Bias", analysis=analysis(stack), role=role)
    template = template_of(stack)
    assert template.state("RunClarifyJob")["Parameters"]["RoleArn"] == arn
    holders = {
        holder
        for policy in template.of_type("IAM::Policy").values()
        for holder in policy["Properties"]["Roles"]
    }
    assert not [holder for holder in holders if "JobRole" in holder or holder == "fixed"]
    assert not [name for name in template.document["Resources"] if "JobRights" in name]
    (warning,) = assertions.Annotations.from_stack(stack).find_warning(
        "/Loans/Bias", assertions.Match.string_like_regexp("clarify-cdk:role-unchanged")
    )
    (output,) = [name for name in template.document["Outputs"] if "JobPolicy" in name]
    assert f"the stack's output {output} " in str(warning.entry.data)


def test_a_role_that_is_changed_needs_no_printed_policy(stack: cdk.Stack) -> None:
    role = iam.Role.from_role_arn(stack, "Given", FIXED)
    ClarifyPipeline(stack, "Bias", analysis=analysis(stack), role=role)
    template = template_of(stack)
    assert "Outputs" not in template.document
    assert [
        policy["Properties"]["Roles"]
        for name, policy in template.of_type("IAM::Policy").items()
        if name.startswith("BiasJobRights")
    ] == [["fixed"]]
    assert not assertions.Annotations.from_stack(stack).find_warning(
        "*", assertions.Match.string_like_regexp("role-unchanged")
    )


@pytest.mark.parametrize("config", [pre_training, with_model])
def test_the_printed_policy_is_what_a_role_of_our_own_gets(config: Any) -> None:
    documents = []
    for fixed in (True, False):
        app = cdk.App(analytics_reporting=False)
        stack = cdk.Stack(app, "Loans", env=FRANKFURT)
        own = analysis(
            stack,
            config(),
            results_key=kms.Key.from_key_arn(
                stack, "ResultsKey", "arn:aws:kms:eu-central-1:111122223333:key/results"
            ),
            encryption_keys=[
                kms.Key.from_key_arn(
                    stack, "LakeKey", "arn:aws:kms:eu-central-1:999922223333:key/lake"
                )
            ],
        )
        pipeline = ClarifyPipeline(
            stack,
            "Bias",
            analysis=own,
            role=iam.Role.from_role_arn(stack, "Fixed", FIXED, mutable=False) if fixed else None,
            network=ClarifyNetwork(stack, "Network", config=own.config),
            volume_key=kms.Key.from_key_arn(
                stack, "VolumeKey", "arn:aws:kms:eu-central-1:111122223333:key/volume"
            ),
        )
        template = template_of(stack)
        if fixed:
            output = next(name for name in template.document["Outputs"] if "JobPolicy" in name)
            documents.append(statements(printed(template, output)))
            assert pipeline.job_policy.statement_count == len(documents[0])
        else:
            policies = [
                policy["Properties"]["PolicyDocument"]
                for policy in template.of_type("IAM::Policy").values()
                if policy["Properties"]["Roles"][0].startswith("${BiasJobRole")
            ]
            assert len(policies) == 2, "its own rights, and those to keys"
            documents.append(sorted(line for policy in policies for line in statements(policy)))
    first, second = documents
    assert first == second
    assert any("kms:CreateGrant" in line for line in first)
