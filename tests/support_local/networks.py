"""The networks of an emulated account, which a test may spoil before they are judged."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from clarify_contract import Finding
from clarify_local.described_network import DescribedNetwork, Tenant
from clarify_local.reachability import reachability_findings

Change = Callable[["Facts"], None]


@dataclass(frozen=True)
class Described:
    """The networks of the emulated account, and who runs in one of them."""

    network: DescribedNetwork
    tenant: Tenant


class Facts:
    """A copy of a described network that a test may spoil."""

    def __init__(self, described: Described) -> None:
        self.network: Any = copy.deepcopy(described.network)
        self.tenant = described.tenant
        self.subnets = list(described.tenant.subnet_ids)
        (self.job_id,) = described.tenant.group_ids

    @property
    def vpc(self) -> str:
        return str(self.group(self.job_id)["VpcId"])

    def group(self, name: str) -> Any:
        (group,) = (g for g in self.network.security_groups if g["GroupId"] == name)
        return group

    @property
    def job(self) -> Any:
        return self.group(self.job_id)

    def endpoint(self, service: str) -> Any:
        (found,) = (
            endpoint
            for endpoint in self.network.endpoints
            if endpoint["VpcId"] == self.vpc and endpoint["ServiceName"].endswith(f".{service}")
        )
        return found

    @property
    def endpoint_group(self) -> Any:
        return self.group(self.endpoint("sagemaker.api")["Groups"][0]["GroupId"])

    def without(self, *services: str) -> None:
        for service in services:
            self.network.endpoints.remove(self.endpoint(service))

    def route(self, destination: str, **target: str) -> None:
        for table in self.network.route_tables:
            if any(entry.get("SubnetId") in self.subnets for entry in table["Associations"]):
                table["Routes"].append({"DestinationCidrBlock": destination, **target})

    def acl(self, *entries: dict[str, Any]) -> None:
        """Put a network ACL around the subnets, instead of the one that lets everything pass."""
        around = [acl for acl in self.network.acls if acl["VpcId"] == self.vpc]
        for acl in around:
            acl["Entries"] = [*entries]

    def policy(self, service: str, *statements: dict[str, Any]) -> None:
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.endpoint(service)["PolicyDocument"] = document

    def let_out(self, **to: Any) -> None:
        self.job["IpPermissionsEgress"].append(HTTPS | to)

    def other_group(self, *admitted: dict[str, Any]) -> None:
        self.network.security_groups.append(
            {
                "GroupId": "sg-database",
                "GroupName": "database",
                "VpcId": self.vpc,
                "IpPermissions": list(admitted),
                "IpPermissionsEgress": [],
            }
        )


HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
ANYWHERE = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def found(
    described: Described, *changes: Change, services: tuple[str, ...] | None = None
) -> list[Finding]:
    """Return what is found after some changes."""
    facts = Facts(described)
    for change in changes:
        change(facts)
    tenant = facts.tenant if services is None else replace(facts.tenant, services=services)
    return [*reachability_findings(facts.network, tenant)]


def ids(findings: list[Finding]) -> list[str]:
    """Return the id of each finding."""
    return [finding.id for finding in findings]
