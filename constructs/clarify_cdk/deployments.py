"""The context key ``clarify``: which analysis goes into which account. Pure: no stack is made here.

One entry for each stack, so one for each account and stage (`examples/stages` has three)::

    {"clarify": {"LoansBias": {"config": "analysis_config.json",
                               "account": "111122223333", "region": "eu-central-1",
                               "limits": {"DPL": {"min": -0.1, "max": 0.1}}}}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from clarify_cdk.existing import Existing
from clarify_contract import AnalysisConfig, Finding, Limit, Refused, Rules, load_rules
from clarify_contract.checks.loading import read_limits

CONTEXT_KEY = "clarify"
OPEN_ENGINE = "open-engine"
"""What an entry names as its image to run this project's own engine."""


#: Settings that are read here; the others go to the stack by name.
_READ = ("config", "limits", "rules", *(field.name for field in fields(Existing)))


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One entry, read and found sound; what was not given is None.

    Attributes are the entry's keys; ``config``, ``limits`` and ``rules`` are read already, and what
    the account has already stands in ``existing``.
    """

    stack_name: str
    config: AnalysisConfig
    limits: Mapping[str, Sequence[Limit]]
    rules: Rules | None
    existing: Existing
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class _Setting:
    """One key of an entry: what is allowed, in code and in words."""

    holds: Callable[[Any], bool]
    allowed: str


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _matching(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _count(value: Any) -> bool:
    # A whole number comes back from jsii as a float at times.
    return (
        not isinstance(value, bool) and isinstance(value, int | float) and value == int(value) > 0
    )


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _all_matching(pattern: str) -> Callable[[Any], bool]:
    holds = _matching(pattern)
    return lambda value: isinstance(value, list) and bool(value) and all(map(holds, value))


def _arn(service: str, resource: str) -> str:
    return rf"arn:aws(-[a-z]+)*:{service}:[a-z0-9-]*:\d{{12}}:{resource}"


_KEY = _arn("kms", "key/.+")
_ROLE = _arn("iam", "role/.+")
_TOPIC = _arn("sns", r"[\w-]+")
_BUS = _arn("events", "event-bus/.+")
_BOUNDARY = rf"[\w+=,.@/-]+|{_arn('iam', 'policy/.+')}"


SETTINGS: Mapping[str, _Setting] = {
    "config": _Setting(_text, "the path of an analysis_config.json"),
    "limits": _Setting(
        lambda value: _text(value) or isinstance(value, Mapping),
        "limits by metric, or the path of a JSON file with them",
    ),
    "rules": _Setting(
        lambda value: _text(value) or isinstance(value, Mapping),
        "rules, or the path of a JSON file with them",
    ),
    "account": _Setting(_matching(r"\d{12}"), "twelve digits, as a text"),
    "region": _Setting(_matching(r"[a-z]{2,}(-[a-z]+)+-\d+"), "a Region, such as 'eu-central-1'"),
    "dataset": _Setting(_text, "a key in the data bucket; a folder ends with '/'"),
    "vpc": _Setting(_flag, "true or false"),
    "zones": _Setting(_count, "a whole number above 0"),
    "fips": _Setting(_flag, "true or false"),
    "functions_in_vpc": _Setting(_flag, "true or false"),
    "model_data_buckets": _Setting(
        _all_matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), "a list of bucket names"
    ),
    "image": _Setting(_text, f"{OPEN_ENGINE!r}, or the ECR address of an image"),
    "instance_type": _Setting(_matching(r"ml\.[a-z0-9-]+\.[a-z0-9-]+"), "such as 'ml.m5.xlarge'"),
    "instance_count": _Setting(_count, "a whole number above 0"),
    "volume_gib": _Setting(_count, "a whole number above 0"),
    "max_runtime_minutes": _Setting(_count, "a whole number above 0"),
    "allowed_models": _Setting(_texts, "a list of model names"),
    "allowed_endpoints": _Setting(_texts, "a list of endpoint names"),
    "allowed_datasets": _Setting(_texts, "a list of S3 URIs"),
    "termination_protection": _Setting(_flag, "true or false"),
    "publish_metrics": _Setting(_flag, "true or false"),
    "schedule": _Setting(
        _matching(r"(cron|rate|at)\(.+\)"), "cron(…), rate(…) or at(…), as EventBridge has them"
    ),
    "time_zone": _Setting(_matching(r"[A-Za-z_]+(/[\w+-]+)*"), "such as 'Europe/Berlin'"),
    "vpc_id": _Setting(_matching(r"vpc-[0-9a-f]+"), "the id of a VPC: vpc-…"),
    "subnet_ids": _Setting(_all_matching(r"subnet-[0-9a-f]+"), "a list of ids: subnet-…"),
    "s3_prefix_list": _Setting(_matching(r"pl-[0-9a-f]+"), "the id of a prefix list: pl-…"),
    "s3_endpoint": _Setting(_flag, "true or false"),
    "sagemaker_endpoints": _Setting(_flag, "true or false"),
    "endpoint_clients": _Setting(_all_matching(r"sg-[0-9a-f]+"), "a list of ids: sg-…"),
    "nat": _Setting(_flag, "true or false"),
    "reachable_security_groups": _Setting(_all_matching(r"sg-[0-9a-f]+"), "a list of ids: sg-…"),
    "reachable_addresses": _Setting(
        _all_matching(r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}"), "a list of IPv4 ranges: 10.0.1.0/24"
    ),
    "job_role": _Setting(_matching(_ROLE), "the ARN of a role"),
    "permissions_boundary": _Setting(_matching(_BOUNDARY), "the name or ARN of a policy"),
    "access_log_bucket": _Setting(
        _matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"), "a bucket's name"
    ),
    "bucket_key": _Setting(_matching(_KEY), "the ARN of a KMS key"),
    "data_keys": _Setting(_all_matching(_KEY), "a list of ARNs of KMS keys"),
    "volume_key": _Setting(_matching(_KEY), "the ARN of a KMS key"),
    "log_key": _Setting(_matching(_KEY), "the ARN of a KMS key"),
    "notify_topic": _Setting(_matching(_TOPIC), "the ARN of an SNS topic"),
    "notify_topic_key": _Setting(_matching(_KEY), "the ARN of a KMS key"),
    "notify_bus": _Setting(_matching(_BUS), "the ARN of an event bus"),
}


def read_deployments(context: object, root: Path) -> list[Deployment]:
    """Read the value of the context key ``clarify``.

    Parameters
    ----------
    context
        A mapping of stack name to entry; each entry has ``config`` and any of the other settings.
    root
        Folder that the paths in it are relative to.

    Raises
    ------
    Refused
        With every finding of every entry, those of its config, limits and rules too.
    """
    if not isinstance(context, Mapping) or not context:
        raise Refused([_no_entries(context)])
    findings: list[Finding] = []
    deployments: list[Deployment] = []
    for name, entry in context.items():
        try:
            deployments.append(_deployment(name, entry, root))
        except Refused as refused:
            findings += refused.findings
    if findings:
        raise Refused(findings)
    return deployments


def _deployment(name: str, entry: object, root: Path) -> Deployment:
    place = f"{CONTEXT_KEY}.{name}"
    findings = list(_entry_findings(place, name, entry))
    if findings or not isinstance(entry, Mapping):
        raise Refused(findings)
    try:
        config = AnalysisConfig.load(root / entry["config"])
    except Refused as refused:
        findings += refused.findings
    try:
        limits = _limits(f"{place}.limits", entry.get("limits", {}), root)
    except Refused as refused:
        findings += refused.findings
    try:
        rules = _rules(entry.get("rules"), root)
    except Refused as refused:
        findings += refused.findings
    given = {field.name: entry[field.name] for field in fields(Existing) if field.name in entry}
    try:
        existing = Existing(**given)
    except Refused as refused:
        findings += [replace(found, path=f"{place}.{found.path}") for found in refused.findings]
    if findings:
        raise Refused(findings)
    settings = {key: value for key, value in entry.items() if key not in _READ}
    return Deployment(
        stack_name=name,
        config=config,
        limits=limits,
        rules=rules,
        existing=existing,
        settings=settings,
    )


def _entry_findings(place: str, name: str, entry: object) -> Iterator[Finding]:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,127}", name):
        yield Finding(
            "stack-name",
            place,
            repr(name),
            "a letter, then letters, digits and hyphens, at most 128",
            "Rename the entry: its key is the name of the stack.",
        )
    if not isinstance(entry, Mapping):
        yield Finding(
            "entry-not-an-object", place, _kind(entry), "an object", 'Write {"config": "…"}.'
        )
        return
    if "config" not in entry:
        yield Finding(
            "config-missing", f"{place}.config", "nothing", SETTINGS["config"].allowed, "Name it."
        )
    yield from _together(place, entry)
    for key, value in entry.items():
        if key not in SETTINGS:
            yield Finding(
                "setting-unknown",
                f"{place}.{key}",
                "a key that no setting has",
                ", ".join(sorted(SETTINGS)),
                "Correct or remove it.",
            )
        elif not SETTINGS[key].holds(value):
            yield Finding(
                "setting-wrong",
                f"{place}.{key}",
                _kind(value),
                SETTINGS[key].allowed,
                "Correct the value.",
            )


def _together(place: str, entry: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what says nothing, or the opposite, beside another setting."""
    for name, needed in (
        ("time_zone", ("schedule",)),
        # CDK looks a VPC up in an account that it knows.
        ("vpc_id", ("account", "region")),
    ):
        if name in entry and (missing := [other for other in needed if other not in entry]):
            yield Finding(
                "setting-alone",
                f"{place}.{name}",
                f"a value, and no {' and no '.join(missing)}",
                f"{name} with {' and '.join(needed)}",
                f"Name {' and '.join(missing)} too.",
            )
    if "vpc_id" in entry and "vpc" in entry:
        yield Finding(
            "setting-twice",
            f"{place}.vpc",
            "a value beside vpc_id",
            "one of the two: vpc makes a VPC or none, vpc_id names one",
            "Remove vpc.",
        )


def _limits(place: str, given: object, root: Path) -> dict[str, list[Limit]]:
    if isinstance(given, str):
        path = root / given
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Refused([_unreadable(place, str(path), error)]) from error
    findings: list[Finding] = []
    limits = read_limits(given, place, findings)
    if findings:
        raise Refused(findings)
    return limits


def _rules(given: Any, root: Path) -> Rules | None:
    if given is None:
        return None
    return load_rules(root / given if isinstance(given, str) else given)


def _no_entries(context: object) -> Finding:
    return Finding(
        "context-missing",
        CONTEXT_KEY,
        "nothing" if not context else _kind(context),
        "an object with one entry for each stack",
        'Write "context": {"clarify": {"MyStack": {"config": "analysis_config.json"}}} '
        "into cdk.json.",
    )


def _unreadable(place: str, path: str, error: Exception) -> Finding:
    return Finding(
        "limits-unreadable",
        place,
        f"{path}: {type(error).__name__}",
        "a readable file with one JSON object",
        "Correct the path or the file.",
    )


def _kind(value: object) -> str:
    if isinstance(value, str | int | float | bool):
        return repr(value)
    return f"a {type(value).__name__}"
