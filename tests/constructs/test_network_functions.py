"""The functions of a pipeline in the network of its jobs."""

from __future__ import annotations

import json

import aws_cdk as cdk
import pytest

from clarify_cdk import ClarifyNetwork, ClarifyPipeline, ResultsCheck
from clarify_contract import Baseline, NoWorse, Rules
from support_constructs.configs import with_model
from support_constructs.networks import (
    ANYWHERE,
    HTTPS,
    analysis,
    group_reference,
    rules,
)
from support_constructs.templates import Template, template_of


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Network")


@pytest.fixture
def functions(stack: cdk.Stack) -> Template:
    config = with_model()
    made = ClarifyNetwork(stack, "Clarify", config=config)
    given = analysis(stack, config)
    ClarifyPipeline(stack, "Pipeline", analysis=given, network=made, functions_in_vpc=True)
    return template_of(stack)


def test_both_functions_run_in_the_subnets_of_the_jobs_in_a_group_of_their_own(
    functions: Template,
) -> None:
    group = group_reference(functions, "ClarifyFunctionSecurityGroup")
    subnets = {f"${{{name}}}" for name in functions.of_type("EC2::Subnet")}
    made = functions.of_type("Lambda::Function")
    assert len(made) == 2
    for function in made.values():
        place = function["Properties"]["VpcConfig"]
        assert place["SecurityGroupIds"] == [group]
        assert set(place["SubnetIds"]) == subnets


def test_functions_reach_s3_and_the_sagemaker_api_and_nobody_reaches_them(
    functions: Template,
) -> None:
    endpoints = group_reference(functions, "ClarifyEndpointSecurityGroup")
    found = rules(functions, "Egress", "ClarifyFunctionSecurityGroup")
    assert sorted(found, key=str) == [
        ANYWHERE,
        {"DestinationSecurityGroupId": endpoints, **HTTPS},
    ]
    assert rules(functions, "Ingress", "ClarifyFunctionSecurityGroup") == []
    group = group_reference(functions, "ClarifyFunctionSecurityGroup")
    admitted = rules(functions, "Ingress", "ClarifyEndpointSecurityGroup")
    assert {**HTTPS, "SourceSecurityGroupId": group} in admitted


@pytest.mark.parametrize("role", ["PipelinePreparationRole", "PipelineCheckRole"])
def test_lambda_may_connect_a_function_and_its_own_code_may_not(
    functions: Template, role: str
) -> None:
    """The actions of the managed policy for it, as the Lambda guide lists them."""
    network = [
        statement
        for statement in functions.statements(role)
        if any(action.startswith("ec2:") for action in statement["Action"])
    ]
    allow, deny = sorted(network, key=lambda statement: str(statement["Effect"]))
    assert (
        allow["Action"]
        == deny["Action"]
        == [
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        ]
    )
    assert (allow["Effect"], deny["Effect"]) == ("Allow", "Deny")
    function = next(
        name
        for name in functions.of_type("Lambda::Function")
        if name.startswith(role.removesuffix("Role"))
    )
    assert deny["Condition"] == {"ArnEquals": {"lambda:SourceFunctionArn": f"${{{function}.Arn}}"}}


def test_functions_stay_outside_unless_asked_for(stack: cdk.Stack) -> None:
    config = with_model()
    made = ClarifyNetwork(stack, "Clarify", config=config)
    ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack, config), network=made)
    template = template_of(stack)
    assert len(template.of_type("EC2::SecurityGroup")) == 2
    for function in template.of_type("Lambda::Function").values():
        assert "VpcConfig" not in function["Properties"]


def test_the_baseline_of_a_check_in_the_network_passes_the_endpoint(stack: cdk.Stack) -> None:
    config = with_model()
    made, given = ClarifyNetwork(stack, "Clarify", config=config), analysis(stack, config)
    rules = Rules(baseline=Baseline(uri="s3://former/analysis.json"), no_worse=[NoWorse()])
    check = ResultsCheck(stack, "Check", analysis=given, rules=rules, network=made)
    ClarifyPipeline(
        stack, "Pipeline", analysis=given, network=made, check=check, functions_in_vpc=True
    )
    (gateway,) = [
        endpoint["Properties"]
        for endpoint in template_of(stack).of_type("EC2::VPCEndpoint").values()
        if endpoint["Properties"]["VpcEndpointType"] == "Gateway"
    ]
    assert "s3:::former/*" in json.dumps(gateway["PolicyDocument"])
