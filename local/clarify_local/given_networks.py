"""VPCs that only the account has: what the CDK looked up of them, for the emulator to make.

A look-up tells subnets, zones and route tables; it does not tell endpoints and rules, so whether
anything can be reached there stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clarify_local.errors import RehearsalFailed

_KEY = re.compile(r"vpc-provider:account=(?P<account>\d{12}):.*:region=(?P<region>[a-z0-9-]+)")
_GROUP = re.compile(r"\bsg-[0-9a-f]{8,17}\b")


def given_networks(
    context: Mapping[str, Any], templates: Sequence[str], *, account: str
) -> Iterator[dict[str, Any]]:
    """Yield the looked-up VPCs that templates name, as ``Emulator.give_network`` takes them.

    Parameters
    ----------
    context
        Of the app, with what ``cdk.context.json`` holds.
    templates
        The texts of what will be deployed. The security groups that they name by id are made too.
    account
        Other accounts' VPCs are not made.

    Raises
    ------
    RehearsalFailed
        A look-up is of an old CDK, and does not tell the addresses.
    """
    given: set[str] = set()
    for key, found in context.items():
        at = _KEY.match(key)
        if at is None or at["account"] != account or not isinstance(found, Mapping):
            continue
        vpc = str(found["vpcId"])
        naming = [text for text in templates if vpc in text]
        if not naming or vpc in given:
            continue
        given.add(vpc)
        subnets = [subnet for group in found.get("subnetGroups", ()) for subnet in group["subnets"]]
        if "vpcCidrBlock" not in found or not all("cidr" in subnet for subnet in subnets):
            raise RehearsalFailed(
                f"cdk.context.json does not tell the addresses of {vpc}: run `cdk context --clear`"
                " and `cdk synth` once, with access to the account"
            )
        yield {
            "region": at["region"],
            "vpc": vpc,
            "cidr": found["vpcCidrBlock"],
            "subnets": [
                {
                    "id": subnet["subnetId"],
                    "cidr": subnet["cidr"],
                    "zone": subnet["availabilityZone"],
                    "table": subnet["routeTableId"],
                }
                for subnet in subnets
            ],
            "groups": sorted({group for text in naming for group in _GROUP.findall(text)}),
        }
