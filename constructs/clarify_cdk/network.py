"""The network of a job: an isolated VPC of its own, or a place in a given one."""

from __future__ import annotations

from collections.abc import Sequence

import jsii
from aws_cdk import Annotations
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from clarify_contract import AnalysisConfig, Finding, Refused

_HTTPS = ec2.Port.tcp(443)


@jsii.implements(ec2.IConnectable)
class ClarifyNetwork(Construct):
    """Subnets, security group and endpoints of Clarify jobs.

    Without ``vpc`` it makes one: two zones, isolated subnets, a gateway endpoint to S3 and, when
    the config needs predictions, interface endpoints to the SageMaker API and Runtime.

    In a given VPC nothing is made unless asked for: an endpoint with private DNS, or a second route
    to S3, changes the network of everything else in that VPC.

    Parameters
    ----------
    config
        Tells whether jobs talk to SageMaker.
    vpc
        A VPC to run in. Default: one is made.
    subnets
        Which subnets of it. Default: the isolated ones of the own VPC, the private ones of a given.
    s3_endpoint
        Make a gateway endpoint to S3 on the route tables of these subnets. Default: in an own VPC.
    sagemaker_endpoints
        Make interface endpoints to SageMaker API and Runtime. Default: in an own VPC, when the
        config needs predictions.
    s3_prefix_list
        Id of the Region's prefix list of S3 (``pl-…``), the only S3 addresses that jobs may then
        reach. Needed in a given VPC: there, a rule to "any address" would reach the internet.
    reachable
        Other peers that jobs may reach on port 443, such as the endpoints that a given VPC has.
    endpoint_clients
        Who else may use the interface endpoints that are made here.

    Attributes
    ----------
    vpc, subnets, security_group
        Where jobs run.
    s3_endpoint, sagemaker_endpoints
        What was made, such as to add a policy to it; None and empty where nothing was.

    Raises
    ------
    Refused
        If a given VPC lacks what was asked for.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: AnalysisConfig,
        vpc: ec2.IVpc | None = None,
        subnets: ec2.SubnetSelection | None = None,
        s3_endpoint: bool | None = None,
        sagemaker_endpoints: bool | None = None,
        s3_prefix_list: str | None = None,
        reachable: Sequence[ec2.IPeer] = (),
        endpoint_clients: Sequence[ec2.IConnectable] = (),
    ) -> None:
        super().__init__(scope, id)
        own = vpc is None
        self.vpc: ec2.IVpc = vpc if vpc is not None else self._isolated_vpc()
        if subnets is None and own:
            subnets = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.subnets: list[ec2.ISubnet] = self._selected(subnets or ec2.SubnetSelection())
        self.security_group: ec2.ISecurityGroup = self._job_group(own, s3_prefix_list, reachable)
        self.s3_endpoint: ec2.GatewayVpcEndpoint | None = None
        self.sagemaker_endpoints: list[ec2.InterfaceVpcEndpoint] = []
        if s3_endpoint is None:
            s3_endpoint = own
        if s3_endpoint:
            self.s3_endpoint = self._reach_s3()
        if sagemaker_endpoints is None:
            sagemaker_endpoints = own and config.needs_predictions
        if sagemaker_endpoints:
            self.sagemaker_endpoints = self._reach_sagemaker(endpoint_clients)
        elif config.needs_predictions and not reachable:
            warning = _sagemaker_unreachable()
            Annotations.of(self).add_warning_v2(f"clarify-cdk:{warning.id}", str(warning))

    @property
    def connections(self) -> ec2.Connections:
        """The job's side of every connection."""
        return self.security_group.connections

    def _isolated_vpc(self) -> ec2.Vpc:
        return ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=0,
            # The default security group is used by nothing here; emptying it takes a custom
            # resource, which would be the one function with wide rights in the stack.
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Job", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24
                )
            ],
        )

    def _job_group(
        self, own: bool, s3_prefix_list: str | None, reachable: Sequence[ec2.IPeer]
    ) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(
            self,
            "JobSecurityGroup",
            vpc=self.vpc,
            description="Clarify processing jobs",
            allow_all_outbound=False,
        )
        # The instances of one job talk to each other, on ports that are not documented.
        group.connections.allow_internally(ec2.Port.all_traffic(), "instances of the same job")
        if s3_prefix_list is not None:
            group.add_egress_rule(ec2.Peer.prefix_list(s3_prefix_list), _HTTPS, "S3")
        elif own:
            # S3 has no fixed addresses, and its prefix list has another id in every Region, which
            # only a lookup in the account or a custom resource finds. In the own VPC the routes
            # are the limit: isolated subnets lead to the VPC itself and, by gateway, to S3.
            group.add_egress_rule(ec2.Peer.any_ipv4(), _HTTPS, "S3, by the only route there is")
        else:
            raise Refused([_prefix_list_missing()])
        for peer in reachable:
            group.add_egress_rule(peer, _HTTPS, "named by the deployer")
        return group

    def _reach_s3(self) -> ec2.GatewayVpcEndpoint:
        without = [subnet.node.path for subnet in self.subnets if not _has_route_table(subnet)]
        if without:
            raise Refused([_route_tables_missing(without)])
        return ec2.GatewayVpcEndpoint(
            self,
            "S3Endpoint",
            vpc=self.vpc,
            service=ec2.GatewayVpcEndpointAwsService.S3,
            subnets=[ec2.SubnetSelection(subnets=self.subnets)],
        )

    def _reach_sagemaker(
        self, clients: Sequence[ec2.IConnectable]
    ) -> list[ec2.InterfaceVpcEndpoint]:
        group = ec2.SecurityGroup(
            self,
            "EndpointSecurityGroup",
            vpc=self.vpc,
            description="SageMaker endpoints of Clarify processing jobs",
            allow_all_outbound=False,
        )
        for client in (self, *clients):
            group.connections.allow_from(client, _HTTPS, "to the SageMaker endpoints")
        return [
            ec2.InterfaceVpcEndpoint(
                self,
                name,
                vpc=self.vpc,
                service=service,
                subnets=ec2.SubnetSelection(subnets=self.subnets),
                security_groups=[group],
                private_dns_enabled=True,
                # Not for the whole VPC: for those who are named above.
                open=False,
            )
            for name, service in (
                ("ApiEndpoint", ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_API),
                ("RuntimeEndpoint", ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME),
            )
        ]

    def _selected(self, subnets: ec2.SubnetSelection) -> list[ec2.ISubnet]:
        return self.vpc.select_subnets(
            availability_zones=subnets.availability_zones,
            one_per_az=subnets.one_per_az,
            subnet_filters=subnets.subnet_filters,
            subnet_group_name=subnets.subnet_group_name,
            subnets=subnets.subnets,
            subnet_type=subnets.subnet_type,
        ).subnets


def _has_route_table(subnet: ec2.ISubnet) -> bool:
    try:
        return bool(subnet.route_table.route_table_id)
    except RuntimeError:
        # An imported subnet may know none; asking for it then is an error of jsii or of the subnet.
        return False


def _prefix_list_missing() -> Finding:
    return Finding(
        "s3-prefix-list-missing",
        "s3_prefix_list",
        "a given VPC and no prefix list",
        "the id of the prefix list com.amazonaws.<region>.s3, such as 'pl-6da54004'",
        "Find it with `aws ec2 describe-managed-prefix-lists`, or pass "
        "ec2.PrefixList.from_lookup(...).prefix_list_id in a stack of a known account and Region.",
    )


def _sagemaker_unreachable() -> Finding:
    return Finding(
        "sagemaker-unreachable",
        "sagemaker_endpoints",
        "a config that asks a model, and a security group that lets nothing out to SageMaker",
        "endpoints to SageMaker, or a way to those that the VPC has",
        "Pass sagemaker_endpoints=True, or the security group of existing endpoints in reachable.",
        severity="warning",
    )


def _route_tables_missing(subnets: Sequence[str]) -> Finding:
    return Finding(
        "route-tables-missing",
        "vpc",
        f"subnets without a known route table: {', '.join(subnets)}",
        "subnets with their route tables, which a gateway endpoint writes its route into",
        "Pass the route table ids to Vpc.from_vpc_attributes (or Subnet.from_subnet_attributes), "
        "use Vpc.from_lookup, or leave s3_endpoint out.",
    )
