"""The network of a job: an isolated VPC of its own, or a place in a given one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import jsii
from aws_cdk import Stack, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct, IValidation

from clarify_cdk import network_findings as found
from clarify_cdk.analysis import Analysis
from clarify_cdk.endpoint_policies import api_statements, runtime_statements, s3_statements
from clarify_cdk.network_place import isolated_vpc, known_zones, s3_addresses, selected_subnets
from clarify_cdk.place import Place
from clarify_cdk.shared_vpc import other_owner, shared_vpc_findings
from clarify_cdk.vpc_endpoints import NoSecondEndpoint, interface_endpoint, s3_gateway
from clarify_cdk.warn import warn
from clarify_contract import AnalysisConfig, Refused
from clarify_contract.tokens import is_token

_HTTPS = ec2.Port.tcp(443)
_TO_SAGEMAKER = "to the SageMaker endpoints"
_ZONES = 2
#: Argument -> id, service, and its FIPS variant.
_ENDPOINTS = {
    "api_endpoint": (
        "ApiEndpoint",
        ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_API,
        ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_API_FIPS,
    ),
    "runtime_endpoint": (
        "RuntimeEndpoint",
        ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME,
        ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME_FIPS,
    ),
}


@jsii.implements(ec2.IConnectable)
class ClarifyNetwork(Construct):
    """Subnets, security groups and endpoints of Clarify jobs.

    Without ``vpc`` it makes one: two zones, isolated subnets, a gateway endpoint to S3 and, when
    the config needs predictions, interface endpoints to the SageMaker API and Runtime. Nothing
    passes these but what the analyses need that the network serves.

    In a given VPC nothing is made but a security group, unless asked for: an endpoint with private
    DNS, or a second route to S3, changes the network of everything else in that VPC. In one that
    another account shares with this, nothing else can be made: endpoints are its owner's to make.

    The ids of its children are part of what it promises: ``Vpc``, ``JobSecurityGroup``,
    ``FunctionSecurityGroup``, ``EndpointSecurityGroup``, ``S3Endpoint``, ``ApiEndpoint`` and
    ``RuntimeEndpoint``; and ``S3PrefixList``, which is looked up.

    Parameters
    ----------
    config
        Tells whether jobs talk to SageMaker.
    vpc
        A VPC to run in. Default: one is made.
    vpc_owner
        The account that shares the VPC with this one. Default: what a look-up of the VPC told.
    subnets
        Which subnets of it. Default: the isolated ones of the own VPC, the private ones of a given.
    zones
        How many zones the own VPC has. Default: two. One costs half of each interface endpoint, and
        is enough unless the config names a model.
    s3_endpoint
        True makes a gateway endpoint to S3 on the route tables of these subnets; an existing one,
        or False, makes none. Default: one is made in an own VPC.
    api_endpoint, runtime_endpoint
        True makes an interface endpoint to the SageMaker API, or Runtime. An existing one is used:
        its security groups admit the jobs then, unless they were imported with ``mutable=False``.
        False: none is made. Default: one is made in an own VPC, when the config needs predictions.
    endpoint_policies
        Let only that pass which the analyses need that the network serves. It binds everybody who
        uses an endpoint made here. Default: in an own VPC. The FIPS endpoint of the Runtime gets
        none, since AWS judges none for requests there (warning ``fips-runtime-policy``).
    endpoint_clients
        Who else may use the interface endpoints that are made here. Must be said in a given VPC,
        where private DNS leads everybody's requests to them.
    model_data_buckets
        Where models that run in this VPC load their artifacts from: through this S3 endpoint.
    s3_prefix_list
        Id of the Region's prefix list of S3 (``pl-…``), the only addresses outside of the VPC that
        jobs may reach then. Default: it is looked up, if account and Region of the stack are known;
        else port 443 is open to any address (warning ``s3-prefix-list-missing``).
    reachable
        Other peers that jobs may reach on port 443, such as the addresses of central endpoints in
        another VPC, which DNS leads to.
    nat
        Jobs reach SageMaker through a NAT gateway: port 443 is open to any address, unless both
        endpoints are there. The default subnets of a given VPC are then those with egress.
    fips
        Use the FIPS variants of both SageMaker endpoints, and have jobs ask for FIPS everywhere.

    Attributes
    ----------
    vpc, subnets, security_group
        Where jobs run.
    s3_endpoint, api_endpoint, runtime_endpoint
        What was made or given; None where there is none.
    environment
        Variables that jobs and functions in this network need; a pipeline sets them.

    Raises
    ------
    Refused
        If a VPC lacks what was asked for; every id is in ``network_findings``, and for a VPC of
        another account in ``shared_vpc``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: AnalysisConfig,
        vpc: ec2.IVpc | None = None,
        vpc_owner: str | None = None,
        subnets: ec2.SubnetSelection | None = None,
        zones: int | None = None,
        s3_endpoint: bool | ec2.IGatewayVpcEndpoint | None = None,
        api_endpoint: bool | ec2.IInterfaceVpcEndpoint | None = None,
        runtime_endpoint: bool | ec2.IInterfaceVpcEndpoint | None = None,
        endpoint_policies: bool | None = None,
        endpoint_clients: Sequence[ec2.IConnectable] | None = None,
        model_data_buckets: Sequence[s3.IBucket] = (),
        s3_prefix_list: str | None = None,
        reachable: Sequence[ec2.IPeer] = (),
        nat: bool = False,
        fips: bool = False,
    ) -> None:
        super().__init__(scope, id)
        own, region = vpc is None, Stack.of(self).region
        findings = [
            *found.zone_findings(
                config, own_vpc=own, asked=zones, known=known_zones(vpc, Stack.of(self))
            )
        ]
        if fips and not Token.is_unresolved(region) and region not in found.FIPS_REGIONS:
            findings.append(found.fips_region(region))
        findings += shared_vpc_findings(
            other_owner(vpc, Stack.of(self), vpc_owner),
            s3_endpoint=s3_endpoint is True,
            interfaces={"api_endpoint": api_endpoint, "runtime_endpoint": runtime_endpoint},
            reachable=reachable,
        )
        if any(finding.severity == "error" for finding in findings):
            raise Refused(findings)
        warn(self, *findings)
        self._fips = fips
        tight = own if endpoint_policies is None else endpoint_policies
        self._model_data_buckets = model_data_buckets
        self.environment: Mapping[str, str] = {"AWS_USE_FIPS_ENDPOINT": "true"} if fips else {}
        self.vpc: ec2.IVpc = (
            vpc if vpc is not None else isolated_vpc(self, "Vpc", zones=zones or _ZONES)
        )
        self.subnets: list[ec2.ISubnet] = selected_subnets(self.vpc, subnets, own=own, nat=nat)
        make = own and config.needs_predictions
        asked = {
            "api_endpoint": make if api_endpoint is None else api_endpoint,
            "runtime_endpoint": make if runtime_endpoint is None else runtime_endpoint,
        }
        lacking = config.needs_predictions and False in asked.values()
        through_nat = nat and lacking
        s3_peer = None if through_nat else s3_addresses(self, s3_prefix_list)
        if s3_peer is None and not through_nat:
            warn(self, found.s3_any_address(own_vpc=own))
        if lacking and not nat and not reachable and (own or s3_peer is not None):
            warn(self, found.sagemaker_unreachable())
        outside = "S3 and SageMaker, through a NAT gateway" if through_nat else "S3, among others"
        if own:
            # Isolated subnets lead to the VPC itself and, by gateway, to S3.
            outside = "S3, by the only route there is"
        self._out = [
            (s3_peer, "S3") if s3_peer is not None else (ec2.Peer.any_ipv4(), outside),
            *((peer, "named by the deployer") for peer in reachable),
        ]
        self.security_group: ec2.ISecurityGroup = self._group(
            "JobSecurityGroup", "Clarify processing jobs"
        )
        # The instances of one job talk to each other, on ports that are not documented.
        self.connections.allow_internally(ec2.Port.all_traffic(), "instances of the same job")
        self._let_out(self.security_group)
        self._made: dict[str, ec2.VpcEndpoint] = {}
        self.s3_endpoint: ec2.IGatewayVpcEndpoint | None = self._gateway(
            own if s3_endpoint is None else s3_endpoint
        )
        group = None
        if True in asked.values():
            if endpoint_clients is None and not own:
                raise Refused([found.clients_unsaid()])
            group = self._group(
                "EndpointSecurityGroup", "SageMaker endpoints of Clarify processing jobs"
            )
            for client in (self, *(endpoint_clients or ())):
                group.connections.allow_from(client, _HTTPS, _TO_SAGEMAKER)
        self.api_endpoint, self.runtime_endpoint = (
            self._interface(name, asked[name], group) for name in asked
        )
        self._with_policy = {*self._made} if tight else set()
        if fips and "runtime_endpoint" in self._with_policy:
            self._with_policy.remove("runtime_endpoint")
            warn(self, found.fips_runtime_open())
        self._without_statements = {*self._with_policy}
        self.node.add_validation(_Served(self))
        self.node.add_validation(NoSecondEndpoint([*self._made.values()]))

    @property
    def connections(self) -> ec2.Connections:
        """The job's side of every connection."""
        return self.security_group.connections

    @cached_property
    def function_security_group(self) -> ec2.ISecurityGroup:
        """A group for functions: they reach S3 and the SageMaker API, and nobody reaches them."""
        group = self._group("FunctionSecurityGroup", "Functions of Clarify pipelines")
        self._let_out(group)
        if self.api_endpoint is not None:
            group.connections.allow_to(self.api_endpoint, _HTTPS, _TO_SAGEMAKER)
        return group

    @property
    def unserved_endpoints(self) -> list[str]:
        """Endpoints with a policy that no analysis needs: an empty policy lets everything pass."""
        return sorted(self._without_statements)

    def serve(
        self,
        analysis: Analysis,
        *,
        also_read: Sequence[str] = (),
        user: IConstruct | None = None,
    ) -> None:
        """Let what an analysis needs pass the endpoints; a ``ClarifyPipeline`` does it itself.

        Where there are no endpoint policies, everything passes anyway.

        Parameters
        ----------
        analysis
            What is read, asked and written.
        also_read
            S3 URIs of what else is read, such as the baseline of a check in this network.
        user
            What runs in the network. Its stack needs this one.

        Raises
        ------
        Refused
            If a policy here would name a bucket of that stack: each would need the other.
        """
        if not self._with_policy:
            return
        if user is not None:
            self._refuse_cycle(analysis, Stack.of(user))
        place = Place.of(Stack.of(self))
        needed = {
            "s3_endpoint": s3_statements(
                place.partition,
                analysis,
                model_data_buckets=self._model_data_buckets,
                also_read=also_read,
            ),
            "api_endpoint": api_statements(place, analysis),
            "runtime_endpoint": runtime_statements(place, analysis),
        }
        for name in sorted(self._with_policy):
            for statement in needed[name]:
                self._made[name].add_to_policy(statement)
                self._without_statements.discard(name)

    def _refuse_cycle(self, analysis: Analysis, user: Stack) -> None:
        if user.node.path == Stack.of(self).node.path:
            return
        for bucket in (analysis.results_bucket, analysis.dataset_bucket):
            if bucket is None or not is_token(bucket.bucket_name):
                continue
            if Stack.of(bucket).node.path == user.node.path:
                stack = Stack.of(self).stack_name
                raise Refused([found.buckets_need_network(bucket.node.path, stack)])

    def _let_out(self, group: ec2.SecurityGroup) -> None:
        for peer, reason in self._out:
            group.add_egress_rule(peer, _HTTPS, reason)

    def _group(self, id: str, description: str) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self, id, vpc=self.vpc, description=description, allow_all_outbound=False
        )

    def _gateway(self, asked: bool | ec2.IGatewayVpcEndpoint) -> ec2.IGatewayVpcEndpoint | None:
        if not isinstance(asked, bool):
            return asked
        if not asked:
            return None
        made = s3_gateway(self, "S3Endpoint", vpc=self.vpc, subnets=self.subnets)
        self._made["s3_endpoint"] = made
        return made

    def _interface(
        self,
        name: str,
        asked: bool | ec2.IInterfaceVpcEndpoint,
        group: ec2.SecurityGroup | None,
    ) -> ec2.IInterfaceVpcEndpoint | None:
        if not isinstance(asked, bool):
            if not asked.connections.security_groups:
                raise Refused([found.endpoint_without_group(name)])
            # From this side: the rule stands in this stack, even if the endpoint is another's.
            self.connections.allow_to(asked, _HTTPS, _TO_SAGEMAKER)
            return asked
        if group is None or not asked:
            return None
        child, service, fips_service = _ENDPOINTS[name]
        made = interface_endpoint(
            self,
            child,
            service=fips_service if self._fips else service,
            vpc=self.vpc,
            subnets=self.subnets,
            security_group=group,
        )
        self._made[name] = made
        return made


@jsii.implements(IValidation)
class _Served:
    """Finds at synthesis which endpoint policies hold nothing, and so let everything through."""

    def __init__(self, network: ClarifyNetwork) -> None:
        self._network = network

    def validate(self) -> list[str]:
        """Return one line for each such endpoint."""
        return [
            str(found.nobody_served(f"{self._network.node.path}: {name}"))
            for name in self._network.unserved_endpoints
        ]
