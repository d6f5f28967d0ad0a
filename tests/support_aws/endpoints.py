"""Endpoints and endpoint configs whose names begin so; they cost money until they are deleted."""

from __future__ import annotations

from typing import Any

from support_aws.account import Account


def endpoints(account: Account, prefix: str) -> list[dict[str, Any]]:
    """Return the endpoints whose names begin so."""
    listed = account.client("sagemaker").list_endpoints(NameContains=prefix)["Endpoints"]
    return [one for one in listed if one["EndpointName"].startswith(prefix)]


def endpoint_configs(account: Account, prefix: str) -> list[dict[str, Any]]:
    """Return the endpoint configs whose names begin so."""
    listed = account.client("sagemaker").list_endpoint_configs(NameContains=prefix)
    found = listed["EndpointConfigs"]
    return [one for one in found if one["EndpointConfigName"].startswith(prefix)]


def remove_endpoints(account: Account, prefix: str) -> None:
    """Delete what a test left, once it can be deleted."""
    sagemaker = account.client("sagemaker")

    def settled() -> bool:
        found = [one["EndpointStatus"] for one in endpoints(account, prefix)]
        return not {"Creating", "Deleting"} & {*found}

    account.wait_for(settled, 60)
    for one in endpoints(account, prefix):
        sagemaker.delete_endpoint(EndpointName=one["EndpointName"])
    for one in endpoint_configs(account, prefix):
        sagemaker.delete_endpoint_config(EndpointConfigName=one["EndpointConfigName"])
