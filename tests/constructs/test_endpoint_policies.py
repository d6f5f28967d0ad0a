"""What passes the endpoints of a network: what its analyses need, and nothing else."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyNetwork, ClarifyPipeline
from clarify_contract import Refused
from support_constructs.configs import pre_training, with_endpoint, with_model
from support_constructs.given import ROUTE_TABLES, given_vpc
from support_constructs.networks import analysis
from support_constructs.templates import Template, statements_of, template_of

SAGEMAKER = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Network")


def statements(template: Template, endpoint: str) -> dict[str, set[str]]:
    """Return the resources of each action that passes an endpoint; all of it is for anybody."""
    policy = template.only("EC2::VPCEndpoint", f"Clarify{endpoint}")["PolicyDocument"]
    passing: dict[str, set[str]] = {}
    for statement in statements_of(policy):
        assert (statement["Effect"], statement["Principal"]) == ("Allow", "*")
        assert statement.keys() == {"Effect", "Principal", "Action", "Resource"}
        for action in statement["Action"]:
            passing.setdefault(action, set()).update(statement["Resource"])
    return passing


def buckets(*names: str, suffix: str = "") -> set[str]:
    return {f"arn:${{AWS::Partition}}:s3:::{name}{suffix}" for name in names}


def test_s3_lets_the_buckets_in_use_pass_and_writes_to_the_results_alone(stack: cdk.Stack) -> None:
    config = with_model()
    models = s3.Bucket.from_bucket_name(stack, "Models", "models")
    network = ClarifyNetwork(stack, "Clarify", config=config, model_data_buckets=[models])
    network.serve(analysis(stack, config, allowed_datasets=["s3://archive/loans/"]))
    everything = ("results", "data", "archive", "models")
    assert statements(template_of(stack), "S3") == {
        "s3:ListBucket": buckets(*everything),
        "s3:GetObject": buckets(*everything, suffix="/*"),
        "s3:PutObject": buckets("results", suffix="/*"),
    }


def test_s3_lets_side_data_and_baselines_of_the_config_pass(stack: cdk.Stack) -> None:
    config = with_endpoint()
    network = ClarifyNetwork(stack, "Clarify", config=config)
    network.serve(analysis(stack, config))
    passing = statements(template_of(stack), "S3")
    assert passing["s3:ListBucket"] == buckets("results", "lake", "people")


def test_the_runtime_lets_requests_to_the_shadow_endpoint_pass(stack: cdk.Stack) -> None:
    config = with_model()
    ClarifyNetwork(stack, "Clarify", config=config).serve(analysis(stack, config))
    passing = statements(template_of(stack), "Runtime")
    assert passing.keys() == {"sagemaker:InvokeEndpoint"}
    assert {arn.rpartition("/")[0] for arn in passing["sagemaker:InvokeEndpoint"]} == {
        f"{SAGEMAKER}:endpoint"
    }
    assert all("sm-clarify-" in arn for arn in passing["sagemaker:InvokeEndpoint"])


def test_the_runtime_lets_requests_to_existing_endpoints_pass(stack: cdk.Stack) -> None:
    config = with_endpoint()
    network = ClarifyNetwork(stack, "Clarify", config=config)
    network.serve(analysis(stack, config, allowed_endpoints=["loans-canary"]))
    template = template_of(stack)
    endpoints = {f"{SAGEMAKER}:endpoint/{name}" for name in ("loans-live", "loans-canary")}
    assert statements(template, "Runtime") == {"sagemaker:InvokeEndpoint": endpoints}
    assert statements(template, "Api") == {"sagemaker:DescribeEndpoint": endpoints}


def test_the_api_lets_the_life_of_the_shadow_endpoint_pass(stack: cdk.Stack) -> None:
    """The operations of the guide's table, and those that failures of real jobs showed."""
    config = with_model()
    ClarifyNetwork(stack, "Clarify", config=config).serve(analysis(stack, config))
    passing = statements(template_of(stack), "Api")
    assert passing.keys() == {
        f"sagemaker:{action}"
        for action in (
            "AddTags",
            "CreateEndpoint",
            "CreateEndpointConfig",
            "DeleteEndpoint",
            "DeleteEndpointConfig",
            "DescribeEndpoint",
            "DescribeEndpointConfig",
            "DescribeModel",
            "ListTags",
        )
    }
    assert passing["sagemaker:ListTags"] == {f"{SAGEMAKER}:processing-job/clarify-*"}
    assert all("/sm-clarify-" in arn for arn in passing["sagemaker:DeleteEndpoint"])
    assert all(arn.startswith(f"{SAGEMAKER}:model/") for arn in passing["sagemaker:DescribeModel"])


def test_a_network_of_two_pipelines_lets_the_needs_of_both_pass(stack: cdk.Stack) -> None:
    first, second = with_model(), with_endpoint()
    network = ClarifyNetwork(stack, "Clarify", config=first)
    given = analysis(stack, first)
    ClarifyPipeline(stack, "First", analysis=given, network=network)
    other = Analysis(config=second, results_bucket=given.results_bucket, job_name_prefix="loans")
    ClarifyPipeline(stack, "Second", analysis=other, network=network)
    template = template_of(stack)
    assert statements(template, "S3")["s3:ListBucket"] == buckets(
        "results", "data", "lake", "people"
    )
    asked = statements(template, "Runtime")["sagemaker:InvokeEndpoint"]
    assert f"{SAGEMAKER}:endpoint/loans-live" in asked
    assert any("sm-clarify-" in arn for arn in asked)


@pytest.mark.parametrize("asked", [None, False, True])
def test_policies_of_a_given_vpc_are_open_unless_asked_for(
    stack: cdk.Stack, asked: bool | None
) -> None:
    config = with_model()
    network = ClarifyNetwork(
        stack,
        "Clarify",
        config=config,
        vpc=given_vpc(stack, private_subnet_route_table_ids=ROUTE_TABLES),
        s3_endpoint=True,
        api_endpoint=True,
        runtime_endpoint=True,
        endpoint_clients=[],
        endpoint_policies=asked,
    )
    network.serve(analysis(stack, config))
    policed = [
        name
        for name, endpoint in template_of(stack).of_type("EC2::VPCEndpoint").items()
        if "PolicyDocument" in endpoint["Properties"]
    ]
    assert len(policed) == (3 if asked else 0)


def test_an_own_vpc_can_be_left_open(stack: cdk.Stack) -> None:
    ClarifyNetwork(stack, "Clarify", config=pre_training(), endpoint_policies=False)
    assert "PolicyDocument" not in template_of(stack).only("EC2::VPCEndpoint")


@pytest.mark.parametrize(
    ("served", "empty"),
    [([], ["api", "runtime", "s3"]), ([pre_training()], ["api", "runtime"]), ([with_model()], [])],
)
def test_an_empty_policy_which_would_be_an_open_one_is_refused(
    stack: cdk.Stack, served: list[Any], empty: list[str]
) -> None:
    network = ClarifyNetwork(stack, "Clarify", config=with_model())
    for config in served:
        network.serve(analysis(stack, config))
    if not empty:
        template_of(stack)
        return
    with pytest.raises(RuntimeError) as refused:
        template_of(stack)
    assert [
        name
        for name in ("api", "runtime", "s3")
        if f"[endpoint-policies-empty] Network/Clarify: {name}_endpoint:" in str(refused.value)
    ] == empty


def test_stacks_that_would_need_each_other_are_refused_with_the_way_out() -> None:
    app = cdk.App(analytics_reporting=False)
    network = ClarifyNetwork(cdk.Stack(app, "Network"), "Clarify", config=pre_training())
    stack = cdk.Stack(app, "Loans")
    made = Analysis(
        config=pre_training(),
        results_bucket=s3.Bucket(stack, "Results"),
        dataset_bucket=s3.Bucket.from_bucket_name(stack, "Data", "data"),
    )
    with pytest.raises(Refused, match=r"network-in-other-stack.*Loans/Results"):
        ClarifyPipeline(stack, "Pipeline", analysis=made, network=network)


@pytest.mark.parametrize("own_buckets", [True, False])
def test_a_network_of_another_stack_serves_buckets_that_it_may_name(own_buckets: bool) -> None:
    app = cdk.App(analytics_reporting=False)
    below = cdk.Stack(app, "Below")
    network = ClarifyNetwork(below, "Clarify", config=pre_training())
    stack = cdk.Stack(app, "Loans")
    results = (
        s3.Bucket(below, "Results")
        if own_buckets
        else s3.Bucket.from_bucket_name(stack, "Results", "results")
    )
    made = Analysis(
        config=pre_training(),
        results_bucket=results,
        dataset_bucket=s3.Bucket.from_bucket_name(stack, "Data", "data"),
    )
    ClarifyPipeline(stack, "Pipeline", analysis=made, network=network)
    written = statements(template_of(below), "S3")["s3:PutObject"]
    assert len(written) == 1
