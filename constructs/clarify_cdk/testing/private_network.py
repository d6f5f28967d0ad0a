"""Jobs in a VPC, and no way from there to anywhere but what they need."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from aws_cdk import Stack

from clarify_cdk.testing.jobs import MACHINE, PROCESSING_JOB, job_requests, unreadable
from clarify_cdk.testing.policies import listed, texts
from clarify_cdk.testing.review import place, require
from clarify_contract import Finding

_FUNCTION, _MODEL, _SUBNET = "AWS::Lambda::Function", "AWS::SageMaker::Model", "AWS::EC2::Subnet"
_GROUP, _ENDPOINT = "AWS::EC2::SecurityGroup", "AWS::EC2::VPCEndpoint"
_RULES = {"AWS::EC2::SecurityGroupIngress": "ingress", "AWS::EC2::SecurityGroupEgress": "egress"}
_WAYS_OUT = {
    f"AWS::EC2::{kind}" for kind in ("EgressOnlyInternetGateway", "InternetGateway", "NatGateway")
}
_JUDGED = {_ENDPOINT, _GROUP, _MODEL, _SUBNET, MACHINE, PROCESSING_JOB, *_RULES, *_WAYS_OUT}
#: AWS knows no policy for requests to this endpoint.
_WITHOUT_POLICY = ".sagemaker.runtime-fips"
#: A network this wide is everywhere, whoever splits it into halves.
_WIDE_PREFIX = 8


def assert_private_network(
    stack: Stack | Mapping[str, Any],
    *,
    functions: bool = False,
    acknowledged: Mapping[str, str] | None = None,
) -> None:
    """Fail if jobs run outside of a VPC, or a network of the stack leads to the internet.

    Judged are processing jobs, in state machines too, and models, which must name subnets and
    security groups (``job-outside-vpc``, ``model-outside-vpc``, ``definition-unreadable``);
    gateways to the internet (``way-out``) and subnets that give public addresses
    (``public-addresses``); rules of security groups for any address (``open-ingress``,
    ``open-egress``); and endpoints without a policy, which lead to everybody's buckets
    (``endpoint-open``). Port 443 may be open to
    any address in a VPC of this template that has no way out: then it is open to endpoints alone.

    What is elsewhere is not seen: the routes of a VPC that is looked up, or the rules of a group.

    Parameters
    ----------
    stack, acknowledged
        See ``assert_least_privilege``.
    functions
        Lambda functions must be in a VPC too (``function-outside-vpc``).

    Raises
    ------
    AssertionError
        With every finding: where, what was found, what is expected, and what to do.
    """
    __tracebackhide__ = True
    require(
        stack,
        judged=_JUDGED | ({_FUNCTION} if functions else set()),
        findings=partial(_findings, functions=functions),
        acknowledged=acknowledged,
    )


def _findings(resources: Mapping[str, Any], *, functions: bool) -> Iterator[Finding]:
    yield from unreadable(resources)
    yield from _outside(resources, functions=functions)
    yield from _ways_out(resources)
    yield from _open_rules(resources)
    yield from _open_endpoints(resources)


def _outside(resources: Mapping[str, Any], *, functions: bool) -> Iterator[Finding]:
    for path, request in job_requests(resources):
        if not _has_place((request.get("NetworkConfig") or {}).get("VpcConfig"), "Subnets"):
            yield _no_place(
                "job-outside-vpc",
                f"{path} NetworkConfig.VpcConfig",
                "Give the pipeline a network=ClarifyNetwork(...), or ClarifyStack vpc=True.",
            )
    for name, resource in resources.items():
        config = resource.get("Properties", {}).get("VpcConfig")
        if resource["Type"] == _MODEL and not _has_place(config, "Subnets"):
            yield _no_place(
                "model-outside-vpc",
                place(name, resource, "VpcConfig"),
                "Give the model the subnets and a security group of the network.",
            )
        if functions and resource["Type"] == _FUNCTION and not _has_place(config, "SubnetIds"):
            yield _no_place(
                "function-outside-vpc",
                place(name, resource, "VpcConfig"),
                "Give functions_in_vpc=True, or the function a vpc.",
            )


def _has_place(config: Any, subnets: str) -> bool:
    return isinstance(config, Mapping) and bool(
        config.get(subnets) and config.get("SecurityGroupIds")
    )


def _no_place(id: str, path: str, fix: str) -> Finding:
    return Finding(id, path, "no subnets and security groups", "both, of one VPC", fix)


def _ways_out(resources: Mapping[str, Any]) -> Iterator[Finding]:
    for name, resource in resources.items():
        if resource["Type"] in _WAYS_OUT:
            yield Finding(
                "way-out",
                place(name, resource, "").rstrip(),
                "a way from the VPC to the internet",
                "none: endpoints lead to what a job needs",
                "Leave the VPC to ClarifyNetwork, or make one with isolated subnets and no NAT.",
            )
        if resource["Type"] == _SUBNET and resource.get("Properties", {}).get(
            "MapPublicIpOnLaunch"
        ):
            yield Finding(
                "public-addresses",
                place(name, resource, "MapPublicIpOnLaunch"),
                "true",
                "false",
                "Use subnets of the type PRIVATE_ISOLATED.",
            )


def _open_rules(resources: Mapping[str, Any]) -> Iterator[Finding]:
    closed, beside = _closed_vpcs(resources), _groups_with_rules_beside(resources)
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] == _GROUP:
            in_closed = properties.get("VpcId") in closed
            if not properties.get("SecurityGroupEgress") and name not in beside:
                # EC2 gives a group without rules for what goes out one that lets out everything.
                everything = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
                properties = {**properties, "SecurityGroupEgress": [everything]}
            for way in ("ingress", "egress"):
                key = f"SecurityGroup{way.title()}"
                for number, rule in enumerate(properties.get(key, ())):
                    path = place(name, resource, f"{key}[{number}]")
                    yield from _open_rule(way, path, rule, in_closed_vpc=in_closed)
        elif (one_way := _RULES.get(resource["Type"])) is not None:
            vpc = resources.get(_group_of(properties), {}).get("Properties", {}).get("VpcId")
            path = place(name, resource, "").rstrip()
            yield from _open_rule(one_way, path, properties, in_closed_vpc=vpc in closed)


def _group_of(rule: Mapping[str, Any]) -> str:
    """Return the logical id of a rule's group, or the id of one that is made elsewhere."""
    return str(rule.get("GroupId")).removeprefix("${").removesuffix(".GroupId}")


def _groups_with_rules_beside(resources: Mapping[str, Any]) -> set[str]:
    """Return the groups whose rules for what goes out are resources of their own.

    EC2's own rule is taken for gone then: aws/aws-cdk#987 reports the access lost, and AWS's guides
    do not say.
    """
    return {
        _group_of(resource["Properties"])
        for resource in resources.values()
        if _RULES.get(resource["Type"]) == "egress"
    }


def _open_rule(
    way: str, path: str, rule: Mapping[str, Any], *, in_closed_vpc: bool
) -> Iterator[Finding]:
    cidrs = [cidr for key in ("CidrIp", "CidrIpv6") for cidr in texts(rule.get(key))]
    wide = [cidr for cidr in cidrs if _is_wide(cidr)]
    https = rule.get("IpProtocol") == "tcp" and rule.get("FromPort") == rule.get("ToPort") == 443
    if not wide or (way == "egress" and in_closed_vpc and https):
        return
    ports = "port 443" if https else "other ports than 443, too"
    yield Finding(
        f"open-{way}",
        path,
        f"{wide[0]}, {ports}",
        "security groups, prefix lists or the addresses of endpoints",
        "Give ClarifyNetwork s3_prefix_list='pl-...' and reachable=[...], or a group"
        " allow_all_outbound=False."
        if way == "egress"
        else "Name the security groups that may connect; nobody has to connect to a job.",
    )


def _is_wide(cidr: str) -> bool:
    try:
        return ipaddress.ip_network(cidr, strict=False).prefixlen < _WIDE_PREFIX
    except ValueError:
        return False  # a reference, or no address at all


def _closed_vpcs(resources: Mapping[str, Any]) -> set[str]:
    """Return references to the VPCs of this template, if none of its routes leads anywhere."""
    if any(each["Type"] in ("AWS::EC2::Route", *_WAYS_OUT) for each in resources.values()):
        return set()
    return {
        f"${{{name}{attribute}}}"
        for name, each in resources.items()
        if each["Type"] == "AWS::EC2::VPC"
        for attribute in ("", ".VpcId")
    }


def _open_endpoints(resources: Mapping[str, Any]) -> Iterator[Finding]:
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] != _ENDPOINT or str(properties.get("ServiceName")).endswith(
            _WITHOUT_POLICY
        ):
            continue
        document = properties.get("PolicyDocument")
        if not isinstance(document, Mapping) or any(
            map(_passes_all, listed(document["Statement"]))
        ):
            yield Finding(
                "endpoint-open",
                place(name, resource, "PolicyDocument"),
                "everything may pass",
                "the actions and resources that the analyses need",
                "Give ClarifyNetwork endpoint_policies=True, or the endpoint a policy.",
            )


def _passes_all(statement: Mapping[str, Any]) -> bool:
    return (
        statement.get("Effect") == "Allow"
        and "*" in listed(statement.get("Action"))
        and "*" in listed(statement.get("Resource"))
        and not statement.get("Condition")
    )
