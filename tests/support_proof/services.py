"""What services call in the name of a role, beside what the role's own code calls."""

from __future__ import annotations

#: EC2, of a processing job in a VPC.
JOB_INTERFACES = (
    "CreateNetworkInterface",
    "CreateNetworkInterfacePermission",
    "DeleteNetworkInterface",
    "DeleteNetworkInterfacePermission",
    "DescribeDhcpOptions",
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeVpcs",
)
#: EC2, of a function in a VPC.
FUNCTION_INTERFACES = (
    "AssignPrivateIpAddresses",
    "CreateNetworkInterface",
    "DeleteNetworkInterface",
    "DescribeNetworkInterfaces",
    "DescribeSubnets",
    "UnassignPrivateIpAddresses",
)
#: CloudWatch Logs, of a state machine.
LOG_DELIVERY = (
    "CreateLogDelivery",
    "DeleteLogDelivery",
    "DescribeLogGroups",
    "DescribeResourcePolicies",
    "GetLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "UpdateLogDelivery",
)
#: X-Ray: of functions the first, of state machines both.
TRACE_SEGMENTS = ("PutTelemetryRecords", "PutTraceSegments")
TRACE_SAMPLING = ("GetSamplingRules", "GetSamplingTargets")
