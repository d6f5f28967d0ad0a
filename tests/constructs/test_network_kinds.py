"""One network of each kind: what its template holds, and what is refused with the fix."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3

from clarify_cdk import ClarifyNetwork, ClarifyPipeline, ClarifyStack, Existing
from clarify_contract import AnalysisConfig, Refused
from support_constructs.configs import pre_training, with_endpoint, with_model
from support_constructs.given import ROUTE_TABLES, SUBNETS, given_vpc
from support_constructs.networks import (
    ANYWHERE,
    HTTPS,
    S3_LIST,
    analysis,
    egress,
    group_reference,
    network,
    refusal,
    rules,
    warned,
)
from support_constructs.templates import template_of

FRANKFURT = cdk.Environment(account="111122223333", region="eu-central-1")
LOOKED_UP = {
    "cc-api-provider:account=111122223333:expectedMatchCount=exactly-one"
    ":propertiesToReturn.0=PrefixListId"
    ":propertyMatch.PrefixListName=com.amazonaws.eu-central-1.s3"
    ":region=eu-central-1:typeName=AWS$:$:EC2$:$:PrefixList": [{"PrefixListId": "pl-6ea54007"}],
    "vpc-provider:account=111122223333:filter.owner-id=999988887777:filter.vpc-id=vpc-0a1b2c3d"
    ":region=eu-central-1:returnAsymmetricSubnets=true": {
        "vpcId": "vpc-0a1b2c3d",
        "vpcCidrBlock": "10.0.0.0/16",
        "ownerAccountId": "999988887777",
        "availabilityZones": [],
        "subnetGroups": [
            {
                "name": "Shared",
                "type": "Isolated",
                "subnets": [
                    {
                        "subnetId": subnet,
                        "cidr": f"10.0.{number}.0/24",
                        "availabilityZone": f"eu-central-1{letter}",
                        "routeTableId": table,
                    }
                    for number, (letter, subnet, table) in enumerate(
                        zip("ab", SUBNETS, ROUTE_TABLES, strict=True)
                    )
                ],
            }
        ],
    },
}


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Network")


@pytest.fixture
def frankfurt() -> cdk.Stack:
    app = cdk.App(context=LOOKED_UP, analytics_reporting=False)
    return cdk.Stack(app, "Network", env=FRANKFURT)


# --- an own VPC -----------------------------------------------------------------------------------


def test_an_own_vpc_of_a_known_account_opens_the_addresses_of_s3_alone(
    frankfurt: cdk.Stack,
) -> None:
    network(frankfurt, pre_training())
    assert egress(template_of(frankfurt)) == [S3_LIST]
    assert warned(frankfurt, "s3-prefix-list-missing") == 0


def test_an_own_vpc_of_an_unknown_account_opens_any_address_and_says_so(stack: cdk.Stack) -> None:
    network(stack, pre_training())
    assert egress(template_of(stack)) == [ANYWHERE]
    assert warned(stack, "s3-prefix-list-missing") == 1


def test_a_prefix_list_that_is_given_is_not_looked_up(stack: cdk.Stack) -> None:
    network(stack, pre_training(), s3_prefix_list="pl-6ea54007")
    assert egress(template_of(stack)) == [S3_LIST]
    assert warned(stack, "s3-prefix-list-missing") == 0


@pytest.mark.parametrize("config", [pre_training(), with_endpoint()])
def test_one_zone_is_enough_without_a_model(stack: cdk.Stack, config: AnalysisConfig) -> None:
    network(stack, config, zones=1)
    assert len(template_of(stack).of_type("EC2::Subnet")) == 1


def test_a_model_needs_two_zones(stack: cdk.Stack) -> None:
    assert refusal(stack, config=with_model(), zones=1) == "model-needs-two-zones"


def test_a_model_needs_two_zones_of_a_given_vpc_too(stack: cdk.Stack) -> None:
    vpc = given_vpc(stack, availability_zones=["a"], private_subnet_ids=SUBNETS[:1])
    assert refusal(stack, config=with_model(), vpc=vpc) == "model-needs-two-zones"


@pytest.mark.parametrize("zones", [0, 3])
def test_zones_that_a_stack_does_not_have_are_refused(stack: cdk.Stack, zones: int) -> None:
    assert refusal(stack, config=pre_training(), zones=zones) == "zones-range"


def test_a_given_vpc_has_the_zones_of_its_subnets(stack: cdk.Stack) -> None:
    found = refusal(stack, config=pre_training(), vpc=given_vpc(stack), zones=2)
    assert found == "zones-of-given-vpc"


def test_in_an_own_vpc_endpoints_can_be_left_out(stack: cdk.Stack) -> None:
    network(stack, with_model(), s3_endpoint=False, api_endpoint=False, runtime_endpoint=False)
    assert template_of(stack).of_type("EC2::VPCEndpoint") == {}
    assert warned(stack, "sagemaker-unreachable") == 1


# --- a given VPC ----------------------------------------------------------------------------------


def test_in_a_vpc_of_the_same_app_jobs_run_in_the_chosen_subnets(stack: cdk.Stack) -> None:
    kinds = {"Web": ec2.SubnetType.PUBLIC, "Data": ec2.SubnetType.PRIVATE_ISOLATED}
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        restrict_default_security_group=False,
        subnet_configuration=[
            ec2.SubnetConfiguration(name=name, subnet_type=kind) for name, kind in kinds.items()
        ],
    )
    chosen = ec2.SubnetSelection(subnet_group_name="Data")
    made = network(stack, pre_training(), vpc=vpc, subnets=chosen, s3_endpoint=True)
    template = template_of(stack)
    assert len(made.subnets) == 2
    tables = template.only("EC2::VPCEndpoint", "ClarifyS3")["RouteTableIds"]
    assert [table.startswith("${VpcDataSubnet") for table in tables] == [True, True]


def test_in_a_vpc_that_another_account_shares_only_a_group_is_made(frankfurt: cdk.Stack) -> None:
    vpc = ec2.Vpc.from_lookup(
        frankfurt, "Shared", vpc_id="vpc-0a1b2c3d", owner_account_id="999988887777"
    )
    peer = ec2.Peer.ipv4("10.0.0.0/16")
    made = network(frankfurt, with_model(), vpc=vpc, reachable=[peer])
    template = template_of(frankfurt)
    assert [subnet.subnet_id for subnet in made.subnets] == SUBNETS
    assert sorted({kind["Type"] for kind in template.document["Resources"].values()}) == [
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
    ]
    assert egress(template) == [{"CidrIp": "10.0.0.0/16", **HTTPS}, S3_LIST]
    assert warned(frankfurt, "sagemaker-unreachable") == 0


def test_a_given_vpc_of_an_unknown_region_opens_any_address_and_says_so(stack: cdk.Stack) -> None:
    network(stack, pre_training(), vpc=given_vpc(stack))
    assert egress(template_of(stack)) == [ANYWHERE]
    assert warned(stack, "s3-prefix-list-missing") == 1


def test_subnets_that_only_cloudformation_knows_stay_one_list(stack: cdk.Stack) -> None:
    subnets = cdk.CfnParameter(stack, "Subnets", type="List<AWS::EC2::Subnet::Id>").value_as_list
    zones = cdk.CfnParameter(stack, "Zones", type="CommaDelimitedList").value_as_list
    vpc = given_vpc(stack, availability_zones=zones, private_subnet_ids=subnets)
    config = with_model()
    made = ClarifyNetwork(
        stack, "Clarify", config=config, vpc=vpc, runtime_endpoint=True, endpoint_clients=[]
    )
    ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack, config), network=made)
    resources = stack.node.root.synth().get_stack_by_name("Network").template["Resources"]
    kinds = {resource["Type"]: resource["Properties"] for resource in resources.values()}
    assert not [kind for kind in kinds if kind.startswith("Custom::")]
    assert kinds["AWS::EC2::VPCEndpoint"]["SubnetIds"] == {"Ref": "Subnets"}
    texts = [
        resource["Properties"]["DefinitionString"]["Fn::Join"][1]
        for name, resource in resources.items()
        if name.startswith("PipelineStateMachine") and "DefinitionString" in resource["Properties"]
    ]
    ((before, _, after),) = [
        text[place - 1 : place + 2]
        for text in texts
        for place, part in enumerate(text)
        if part == {"Fn::Join": [",", {"Ref": "Subnets"}]}
    ]
    assert before.endswith('"Subnets.$":"States.StringSplit(\'')
    assert after.startswith("', ',')\"")


def test_in_a_given_vpc_endpoints_are_made_when_asked_for(stack: cdk.Stack) -> None:
    vpc = given_vpc(stack, private_subnet_route_table_ids=ROUTE_TABLES)
    notebook = ec2.SecurityGroup(stack, "Notebook", vpc=vpc)
    network(
        stack,
        with_model(),
        vpc=vpc,
        s3_prefix_list="pl-6ea54007",
        s3_endpoint=True,
        api_endpoint=True,
        runtime_endpoint=True,
        endpoint_clients=[notebook],
    )
    template = template_of(stack)
    assert template.only("EC2::VPCEndpoint", "ClarifyS3")["RouteTableIds"] == ROUTE_TABLES
    assert template.only("EC2::VPCEndpoint", "ClarifyApi")["SubnetIds"] == SUBNETS
    assert template.only("EC2::VPCEndpoint", "ClarifyRuntime")["SubnetIds"] == SUBNETS
    admitted = {
        rule["SourceSecurityGroupId"]
        for rule in rules(template, "Ingress", "ClarifyEndpointSecurityGroup")
    }
    assert admitted == {
        group_reference(template, "ClarifyJobSecurityGroup"),
        group_reference(template, "Notebook"),
    }


def test_who_else_uses_an_endpoint_of_a_given_vpc_must_be_said(stack: cdk.Stack) -> None:
    arguments = {"config": with_model(), "vpc": given_vpc(stack), "runtime_endpoint": True}
    assert refusal(stack, **arguments) == "endpoint-clients-unsaid"
    ClarifyNetwork(stack, "Said", endpoint_clients=[], **arguments)


def test_an_s3_gateway_without_route_tables_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(Refused, match="PrivateSubnet1") as refused:
        network(stack, pre_training(), vpc=given_vpc(stack), s3_endpoint=True)
    assert [finding.id for finding in refused.value.findings] == ["route-tables-missing"]


# --- NAT, FIPS, no VPC ----------------------------------------------------------------------------


def test_through_a_nat_gateway_jobs_reach_sagemaker_without_endpoints(stack: cdk.Stack) -> None:
    vpc = ec2.Vpc(stack, "Vpc", restrict_default_security_group=False)
    made = network(stack, with_model(), vpc=vpc, nat=True)
    template = template_of(stack)
    assert [subnet.node.id for subnet in made.subnets] == ["PrivateSubnet1", "PrivateSubnet2"]
    assert template.of_type("EC2::VPCEndpoint") == {}
    assert egress(template) == [ANYWHERE]
    # It was asked for.
    assert warned(stack, "s3-prefix-list-missing") == warned(stack, "sagemaker-unreachable") == 0


def test_through_a_nat_gateway_s3_alone_needs_no_other_address(stack: cdk.Stack) -> None:
    vpc = ec2.Vpc(stack, "Vpc", restrict_default_security_group=False)
    network(stack, pre_training(), vpc=vpc, nat=True, s3_prefix_list="pl-6ea54007")
    assert egress(template_of(stack)) == [S3_LIST]


@pytest.mark.parametrize("kind", [None, ec2.SubnetType.PUBLIC, ec2.SubnetType.PRIVATE_ISOLATED])
def test_subnets_that_lead_to_no_nat_gateway_are_refused(
    stack: cdk.Stack, kind: ec2.SubnetType | None
) -> None:
    given: dict[str, Any] = {}
    if kind is not None:
        given["vpc"] = ec2.Vpc(
            stack,
            "Vpc",
            restrict_default_security_group=False,
            subnet_configuration=[ec2.SubnetConfiguration(name="One", subnet_type=kind)],
        )
        given["subnets"] = ec2.SubnetSelection(subnet_type=kind)
    assert refusal(stack, config=with_model(), nat=True, **given) == "nat-without-way"


def test_fips_endpoints_are_made_and_jobs_ask_for_fips() -> None:
    app = cdk.App(analytics_reporting=False)
    stack = cdk.Stack(app, "Network", env=cdk.Environment(region="us-east-1"))
    config = with_model()
    made = ClarifyNetwork(stack, "Clarify", config=config, fips=True)
    ClarifyPipeline(
        stack,
        "Pipeline",
        analysis=analysis(stack, config),
        network=made,
        functions_in_vpc=True,
        environment={"STAGE": "test"},
    )
    template = template_of(stack)
    for name, service in (("Api", "api"), ("Runtime", "runtime")):
        endpoint = template.only("EC2::VPCEndpoint", f"Clarify{name}")
        assert endpoint["ServiceName"] == f"com.amazonaws.us-east-1.sagemaker.{service}-fips"
        assert endpoint["PrivateDnsEnabled"] is True
    environment = template.state("RunClarifyJob")["Parameters"]["Environment"]
    assert environment["AWS_USE_FIPS_ENDPOINT"] == "true"
    assert environment["STAGE"] == "test"
    for function in template.of_type("Lambda::Function").values():
        variables = function["Properties"]["Environment"]["Variables"]
        assert variables == {"AWS_USE_FIPS_ENDPOINT": "true"}
    # Requests to endpoints know no policy there: the rest keeps its own.
    assert "PolicyDocument" not in template.only("EC2::VPCEndpoint", "ClarifyRuntime")
    assert "PolicyDocument" in template.only("EC2::VPCEndpoint", "ClarifyApi")
    assert warned(stack, "fips-runtime-policy") == 1


def test_fips_is_refused_where_there_is_none(frankfurt: cdk.Stack) -> None:
    assert refusal(frankfurt, config=pre_training(), fips=True) == "fips-region"


def test_settings_of_a_vpc_are_refused_where_none_is_made() -> None:
    app = cdk.App(analytics_reporting=False)
    with pytest.raises(Refused, match="network-settings-without-vpc"):
        ClarifyStack(app, "Loans", config=pre_training(), vpc=False, zones=1)
    with pytest.raises(Refused, match="network-settings-without-vpc"):
        ClarifyStack(app, "Plums", config=pre_training(), vpc=False, fips=True)
    with pytest.raises(Refused, match="no-network"):
        ClarifyStack(app, "Pears", config=pre_training(), vpc=False, functions_in_vpc=True)


def test_the_network_is_connectable(stack: cdk.Stack) -> None:
    made = network(stack, pre_training())
    database = ec2.SecurityGroup(stack, "Database", vpc=made.vpc, allow_all_outbound=False)
    made.connections.allow_to(database, ec2.Port.tcp(5432))
    (rule,) = rules(template_of(stack), "Ingress", "Database")
    assert rule["FromPort"] == 5432


def test_models_of_a_stack_load_their_artifacts_through_its_vpc() -> None:
    app = cdk.App(analytics_reporting=False)
    shelf = cdk.Stack(app, "Shelf")
    bucket = s3.Bucket.from_bucket_name(shelf, "Models", "models")
    existing = Existing(model_data_buckets=["older-models"])
    stack = ClarifyStack(
        app, "Loans", config=with_model(), model_data_buckets=[bucket], existing=existing
    )
    policy = template_of(stack).only("EC2::VPCEndpoint", "NetworkS3")["PolicyDocument"]
    read = [entry for entry in policy["Statement"] if entry["Action"] == "s3:GetObject"]
    for name in ("models", "older-models"):
        assert f"arn:${{AWS::Partition}}:s3:::{name}/*" in read[0]["Resource"]
