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


def zones(account: str, region: str) -> dict[str, list[str]]:
    """Return the context under which an app finds a region's availability zones.

    Every emulated region has at least these three.
    """
    key = f"{_ZONES}:account={account}:region={region}"
    return {key: [f"{region}{letter}" for letter in "abc"]}


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
    s3 = f"com.amazonaws.{asked.get('region')}.s3"
    if entry["provider"] == _RESOURCES and asked.get("propertyMatch") == {"PrefixListName": s3}:
        return {entry["key"]: [{"PrefixListId": S3_PREFIX_LIST}]}
    return None
