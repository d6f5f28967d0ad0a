"""Where a policy of ours says ``*``, because AWS forces it; all else names its resources."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NETWORK = "the SageMaker guide forbids to narrow it: the check of the role at job creation fails"
_FUNCTION_NETWORK = "Lambda makes the interfaces of a function in a VPC: it needs every resource"
_DELIVERY = "log delivery is configured for the account: these calls have no resource type"
_LIST = "lists have no resource type: what is not this run's is left alone, and cannot be deleted"
_TRACE = "X-Ray has no resource type for what is traced"

#: IAM action -> why its resource is ``*``. A test finds no other action with it in any template.
FORCED_WILDCARDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cloudwatch:PutMetricData": "metrics have no resource type: narrowed by their namespace",
        "ec2:AssignPrivateIpAddresses": _FUNCTION_NETWORK,
        "ec2:CreateNetworkInterface": _NETWORK,
        "ec2:CreateNetworkInterfacePermission": _NETWORK,
        "ec2:DeleteNetworkInterface": _NETWORK,
        "ec2:DeleteNetworkInterfacePermission": _NETWORK,
        "ec2:DescribeDhcpOptions": _NETWORK,
        "ec2:DescribeNetworkInterfaces": _NETWORK,
        "ec2:DescribeSecurityGroups": _NETWORK,
        "ec2:DescribeSubnets": f"descriptions have no resource type; and {_NETWORK}",
        "ec2:DescribeVpcs": _NETWORK,
        "ec2:UnassignPrivateIpAddresses": _FUNCTION_NETWORK,
        "ecr:GetAuthorizationToken": "the token is for the whole registry: no resource type",
        "logs:CreateLogDelivery": _DELIVERY,
        "logs:DeleteLogDelivery": _DELIVERY,
        "logs:DescribeLogGroups": _DELIVERY,
        "logs:DescribeResourcePolicies": _DELIVERY,
        "logs:GetLogDelivery": _DELIVERY,
        "logs:ListLogDeliveries": _DELIVERY,
        "logs:PutResourcePolicy": _DELIVERY,
        "logs:UpdateLogDelivery": _DELIVERY,
        "sagemaker:ListEndpointConfigs": _LIST,
        "sagemaker:ListEndpoints": _LIST,
        "xray:GetSamplingRules": _TRACE,
        "xray:GetSamplingTargets": _TRACE,
        "xray:PutTelemetryRecords": _TRACE,
        "xray:PutTraceSegments": _TRACE,
    }
)
