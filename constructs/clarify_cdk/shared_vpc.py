"""A VPC that another account shares with this one: what is its owner's to make, found at synthesis.

Whoever takes part may run in its subnets, with security groups of their own. Route tables, network
ACLs and endpoints are the owner's, and so are the rules of the owner's groups. Source: VPC user
guide, responsibilities and permissions for owners and participants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aws_cdk import Stack, Token
from aws_cdk import aws_ec2 as ec2

from clarify_contract import Finding


def other_owner(vpc: ec2.IVpc | None, stack: Stack, told: str | None) -> str | None:
    """Return the account that shares a VPC with a stack's; None if it is the stack's, or unknown.

    Parameters
    ----------
    vpc
        A VPC that was looked up knows its owner; one that was imported by attributes does not.
    stack
        Whose account takes part.
    told
        The owner, where somebody knows better.
    """
    if vpc is None:
        return None
    owner = told if told is not None else vpc.env.account
    if Token.is_unresolved(owner) or owner == stack.account:
        return None
    # An account that only the deployment knows may be the very one that a look-up found.
    return None if told is None and Token.is_unresolved(stack.account) else owner


def shared_vpc_findings(
    owner: str | None,
    *,
    s3_endpoint: bool,
    interfaces: Mapping[str, bool | ec2.IInterfaceVpcEndpoint | None],
    reachable: Sequence[ec2.IPeer],
) -> Iterator[Finding]:
    """Yield what an account that takes part in a VPC cannot have there.

    Parameters
    ----------
    owner
        The account that shares the VPC; nothing is found where it is None.
    s3_endpoint
        Whether one is to be made.
    interfaces
        By argument of ``ClarifyNetwork``: to be made (True), given, or neither.
    reachable
        Other peers of the jobs.
    """
    if owner is None:
        return
    for name, asked in (("s3_endpoint", s3_endpoint), *interfaces.items()):
        if asked is True:
            yield Finding(
                "shared-vpc-endpoint",
                name,
                f"true, and a VPC of account {owner}",
                "an endpoint that its owner makes: nobody else can",
                f"Ask {owner} for the endpoint, leave {name} out, and name the addresses of the"
                " endpoint's subnets in reachable (none for S3).",
            )
        elif asked:
            yield Finding(
                "shared-vpc-rule",
                name,
                f"an endpoint in a VPC of account {owner}, whose security group would get a rule",
                "no rule in a group of the owner: nobody else can write it",
                f"Leave {name} out, name the addresses of its subnets in reachable, and ask {owner}"
                " to let the jobs' subnets in on port 443.",
            )
    if groups := [*_named_groups(reachable)]:
        yield Finding(
            "shared-vpc-group",
            "reachable",
            f"{', '.join(groups)}, in a VPC of account {owner}",
            "addresses, or groups of this account: EC2 wants the account before the id of any other"
            " group, and CloudFormation has no place for it in a rule of what may go out",
            "Name the addresses of the subnets instead, unless the groups are of this account.",
            severity="warning",
        )


def _named_groups(peers: Sequence[ec2.IPeer]) -> Iterator[str]:
    """Yield the security groups that are known by their id: what a stack makes is its account's."""
    for peer in peers:
        group = peer.to_egress_rule_config().destination_security_group_id
        if group is not None and not Token.is_unresolved(group):
            yield str(group)
