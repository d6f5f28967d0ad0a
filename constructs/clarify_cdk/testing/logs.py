"""What happened is written down, for a while, and without the data it was about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aws_cdk import Stack

from clarify_cdk.testing.jobs import MACHINE
from clarify_cdk.testing.review import place, require
from clarify_contract import Finding

_FUNCTION, _LOG_GROUP = "AWS::Lambda::Function", "AWS::Logs::LogGroup"
_JUDGED = {MACHINE, _FUNCTION, _LOG_GROUP}


def assert_logged(
    stack: Stack | Mapping[str, Any], *, acknowledged: Mapping[str, str] | None = None
) -> None:
    """Fail if a run leaves no log, or one with data in it, or one that is kept for ever.

    Judged are state machines, which must log (``machine-unlogged``), but not what they carry
    (``machine-logs-data``); functions, which must write to a log group of this template
    (``function-log-elsewhere``); and log groups, which must say how long they keep what is in them
    (``log-kept-forever``).

    Parameters
    ----------
    stack, acknowledged
        See ``assert_least_privilege``.

    Raises
    ------
    AssertionError
        With every finding: where, what was found, what is expected, and what to do.
    """
    __tracebackhide__ = True
    require(stack, judged=_JUDGED, findings=_findings, acknowledged=acknowledged)


def _findings(resources: Mapping[str, Any]) -> Iterator[Finding]:
    for name, resource in resources.items():
        yield from _of_resource(name, resource, resources)


def _of_resource(
    name: str, resource: Mapping[str, Any], resources: Mapping[str, Any]
) -> Iterator[Finding]:
    kind, properties = resource["Type"], resource.get("Properties", {})
    logging = properties.get("LoggingConfiguration") or {}
    if kind == MACHINE and logging.get("Level", "OFF") == "OFF":
        yield Finding(
            "machine-unlogged",
            place(name, resource, "LoggingConfiguration.Level"),
            "OFF",
            "ALL, or ERROR",
            "Give logs=sfn.LogOptions(destination=..., level=sfn.LogLevel.ALL).",
        )
    if kind == MACHINE and logging.get("IncludeExecutionData", False) is not False:
        yield Finding(
            "machine-logs-data",
            place(name, resource, "LoggingConfiguration.IncludeExecutionData"),
            "true: inputs and outputs of every state, configs with their baselines among them",
            "false",
            "Leave include_execution_data out.",
        )
    if kind == _FUNCTION:
        group = (properties.get("LoggingConfig") or {}).get("LogGroup")
        named = {f"${{{other}}}" for other, each in resources.items() if each["Type"] == _LOG_GROUP}
        if group not in named:
            yield Finding(
                "function-log-elsewhere",
                place(name, resource, "LoggingConfig.LogGroup"),
                "no log group of this template",
                "one, whose retention and key are known",
                "Give log_group=logs.LogGroup(...).",
            )
    if kind == _LOG_GROUP and not properties.get("RetentionInDays"):
        yield Finding(
            "log-kept-forever",
            place(name, resource, "RetentionInDays"),
            "nothing said, which is for ever",
            "a number of days",
            "Give retention=logs.RetentionDays.THREE_MONTHS, or what your rules say.",
        )
