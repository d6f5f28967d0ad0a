"""What the CDK CLI would look up in the account while an app synthesises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clarify_local.errors import RehearsalFailed

_ZONES = "availability-zones"
_RESOURCES = "cc-api-provider"
S3_PREFIX_LIST = "pl-63a5400a"
"""What the addresses of S3 are called; the emulator lets any prefix list stand for them."""
_PREFIX_LISTS = [{"PrefixListId": S3_PREFIX_LIST}]


def zones(account: str, region: str) -> dict[str, list[str]]:
    """Return the context under which an app finds a region's availability zones.

    Every emulated region has at least these three.
    """
    key = f"{_ZONES}:account={account}:region={region}"
    return {key: [f"{region}{letter}" for letter in "abc"]}


def commonly_asked(account: str, region: str) -> dict[str, Any]:
    """Return context for what most apps look up, so that they need not be run a second time.

    The keys are the CDK's own. Were they others one day, an app would ask, and ``answers`` tell.
    """
    prefix_list = (
        f"{_RESOURCES}:account={account}:expectedMatchCount=exactly-one"
        f":propertiesToReturn.0=PrefixListId:propertyMatch.PrefixListName={_s3(region)}"
        f":region={region}:typeName=AWS$:$:EC2$:$:PrefixList"
    )
    return {**zones(account, region), prefix_list: _PREFIX_LISTS}


def answers(assembly: Path) -> dict[str, Any]:
    """Return context for the look-ups that an app asked for and did not find; often none.

    Raises
    ------
    RehearsalFailed
        It asked for something of the account that nobody here can know, such as a VPC.
    """
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    missing: list[Mapping[str, Any]] = manifest.get("missing", [])
    if unknown := sorted(entry["key"] for entry in missing if _answer(entry) is None):
        raise RehearsalFailed(
            "the app looks up what only the account knows: "
            + "; ".join(unknown)
            + ". Run `cdk synth` with access to the account once: cdk.context.json then holds it."
        )
    return {key: value for entry in missing for key, value in (_answer(entry) or {}).items()}


def _answer(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the context that answers one look-up; None where nobody here knows."""
    asked = entry["props"]
    if entry["provider"] == _ZONES:
        return zones(asked["account"], asked["region"])
    s3 = {"PrefixListName": _s3(asked.get("region"))}
    if entry["provider"] == _RESOURCES and asked.get("propertyMatch") == s3:
        return {entry["key"]: _PREFIX_LISTS}
    return None


def _s3(region: str | None) -> str:
    return f"com.amazonaws.{region}.s3"
