"""What cannot work in a network, or is looser than it could be: found at synthesis. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clarify_contract import AnalysisConfig, Finding

#: Regions with FIPS variants of both the SageMaker API and the Runtime, by botocore's endpoints.
FIPS_REGIONS = ("us-east-1", "us-east-2", "us-gov-west-1", "us-west-1", "us-west-2")


def zone_findings(
    config: AnalysisConfig, *, own_vpc: bool, asked: int | None, known: int | None
) -> Iterator[Finding]:
    """Yield what does not go together: the zones of a VPC, and what runs in it.

    Parameters
    ----------
    config
        Tells whether there is a model, which needs two zones.
    own_vpc
        Whether the VPC is made here.
    asked
        How many zones it was asked to have; None where it was not asked.
    known
        How many zones the VPC, or for an own one the stack, can have; None where nobody knows.
    """
    if asked is not None and not own_vpc:
        yield Finding(
            "zones-of-given-vpc",
            "zones",
            f"{asked}, and a given VPC",
            "nothing: subnets tell the zones of a given VPC",
            "Leave zones out, and choose subnets.",
        )
        return
    if asked is not None and (asked < 1 or (known is not None and asked > known)):
        yield Finding(
            "zones-range",
            "zones",
            str(asked),
            f"1 to {known}, which this stack knows" if known is not None else "1 or more",
            "Choose fewer, or name account and Region of the stack.",
        )
    model = config.predictor is not None and config.predictor.model_name is not None
    if model and config.needs_predictions and 1 in (asked, None if own_vpc else known):
        yield Finding(
            "model-needs-two-zones",
            "zones" if own_vpc else "vpc",
            "a VPC in one zone, and a config that names a model",
            "two zones: SageMaker hosts a model in a VPC in no less",
            "Make it two, or name an existing endpoint in the config.",
        )


def fips_region(region: str) -> Finding:
    """Return the refusal of FIPS endpoints in a Region that lacks them."""
    return Finding(
        "fips-region",
        "fips",
        f"true, in {region}",
        f"false, or one of {', '.join(FIPS_REGIONS)}",
        "Leave fips out, or deploy to one of these Regions.",
    )


def fips_runtime_open() -> Finding:
    """Return the warning that one endpoint's policy has no effect."""
    return Finding(
        "fips-runtime-policy",
        "endpoint_policies",
        "policies, and the FIPS endpoint of the SageMaker Runtime, where AWS judges none for"
        " requests",
        "an endpoint that lets requests to every SageMaker endpoint through",
        "Rely on the role of the job, which names the endpoints; or leave fips out.",
        severity="warning",
    )


def s3_any_address(*, own_vpc: bool) -> Finding:
    """Return the warning that the security group does not name S3 alone."""
    return Finding(
        "s3-prefix-list-missing",
        "s3_prefix_list",
        "a stack whose account or Region is not known, so port 443 is open to any address"
        + (": in this VPC the routes lead to S3 alone" if own_vpc else ""),
        "the id of the prefix list com.amazonaws.<region>.s3, such as 'pl-6da54004'",
        "Name account and Region of the stack (env=...), or find the id with `aws ec2"
        " describe-managed-prefix-lists`.",
        severity="warning",
    )


def sagemaker_unreachable() -> Finding:
    """Return the warning that nothing leads from the jobs to SageMaker."""
    return Finding(
        "sagemaker-unreachable",
        "api_endpoint, runtime_endpoint",
        "a config that asks a model, and a security group that lets nothing out to SageMaker",
        "both endpoints, a way to those that the VPC has, or a NAT gateway",
        "Pass api_endpoint=True and runtime_endpoint=True, existing endpoints, their addresses in"
        " reachable, or nat=True.",
        severity="warning",
    )


def route_tables_missing(subnets: Sequence[str]) -> Finding:
    """Return the refusal of a gateway endpoint for subnets whose route tables nobody knows."""
    return Finding(
        "route-tables-missing",
        "vpc",
        f"subnets without a known route table: {', '.join(subnets)}",
        "subnets with their route tables, which a gateway endpoint writes its route into",
        "Pass the route table ids to Vpc.from_vpc_attributes (or Subnet.from_subnet_attributes), "
        "use Vpc.from_lookup, or leave s3_endpoint out.",
    )


def clients_unsaid() -> Finding:
    """Return the refusal of an endpoint that would capture everybody's requests in a given VPC."""
    return Finding(
        "endpoint-clients-unsaid",
        "endpoint_clients",
        "an endpoint with private DNS for a given VPC, and nobody who else may use it",
        "everybody who asks SageMaker from that VPC: its name leads to this endpoint then",
        "Name their security groups or Peer.ipv4(vpc.vpc_cidr_block); pass [] if there is nobody.",
    )


def endpoint_without_group(name: str) -> Finding:
    """Return the refusal of an endpoint that no rule can name."""
    return Finding(
        "endpoint-without-group",
        name,
        "an endpoint that was imported without its security groups",
        "one with security groups, which the rules of the jobs name",
        "Pass security_groups to its import, or leave it out and name its addresses in reachable.",
    )


def nat_without_way(subnets: Sequence[str]) -> Finding:
    """Return the refusal of a NAT gateway that these subnets do not lead to."""
    return Finding(
        "nat-without-way",
        "nat",
        f"true, and subnets without a route to a NAT gateway: {', '.join(subnets)}"
        if subnets
        else "true, and an own VPC, which has no way out",
        "private subnets with egress in a given VPC: jobs have no public address",
        "Choose such subnets, or leave nat out and let endpoints be made.",
    )


def nobody_served(path: str) -> Finding:
    """Return the refusal of endpoint policies that were asked for and hold nothing."""
    return Finding(
        "endpoint-policies-empty",
        path,
        "an endpoint with a policy, and no analysis that needs it",
        "at least one: an endpoint without statements lets everything pass",
        "Give the network to a ClarifyPipeline, call serve(analysis), or pass"
        " endpoint_policies=False.",
    )


def second_endpoint(path: str, other: str) -> Finding:
    """Return the refusal of an endpoint that a VPC has already."""
    return Finding(
        "endpoint-exists",
        path,
        f"a second endpoint to the same service, beside {other}",
        "one: the deployment of a second route, or a second private DNS name, fails",
        "Pass the existing endpoint in place of True.",
    )


def buckets_need_network(bucket: str, stack: str) -> Finding:
    """Return the refusal of two stacks that would need each other."""
    return Finding(
        "network-in-other-stack",
        "network",
        f"endpoint policies of stack {stack} that name bucket {bucket}, of the stack that uses it",
        "one direction: this stack needs the network, so the network cannot need its buckets",
        "Make network and buckets in one stack, the buckets in a third, or pass"
        " endpoint_policies=False.",
    )


def settings_without_vpc(names: Sequence[str]) -> Finding:
    """Return the refusal of settings that would have no effect."""
    return Finding(
        "network-settings-without-vpc",
        ", ".join(names),
        "settings of a VPC that is made here, and none is made",
        "none of them: the job runs in SageMaker's own network, or in a VPC of the account",
        "Leave them out, or let a VPC be made.",
    )
