"""Networks alone: VPCs to run in, and the rules of their security groups."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match

from clarify_cdk import Analysis, ClarifyNetwork
from clarify_contract import AnalysisConfig, Refused
from support_constructs.templates import Template

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
ANYWHERE = {**HTTPS, "CidrIp": "0.0.0.0/0"}
S3_LIST = {**HTTPS, "DestinationPrefixListId": "pl-6ea54007"}


def analysis(stack: cdk.Stack, config: AnalysisConfig, **more: Any) -> Analysis:
    """Return an analysis of data in bucket ``data``, with results in ``results``."""
    if config.dataset_uri is None:
        more = {"dataset_bucket": s3.Bucket.from_bucket_name(stack, "Data", "data"), **more}
    results = s3.Bucket.from_bucket_name(stack, "Results", "results")
    return Analysis(config=config, results_bucket=results, **more)


def rules(template: Template, kind: str, group: str) -> list[dict[str, Any]]:
    """Return a group's rules without descriptions: those that stand in it and beside it.

    A group that was made here is told by what its logical id begins with, any other by its id.
    """
    made = [name for name in template.of_type("EC2::SecurityGroup") if name.startswith(group)]
    inline = template.only("EC2::SecurityGroup", group) if made else {}
    beside = [
        {key: value for key, value in rule["Properties"].items() if key != "GroupId"}
        for rule in template.of_type(f"EC2::SecurityGroup{kind}").values()
        if rule["Properties"]["GroupId"].removeprefix("${").startswith(group)
    ]
    return [
        {key: value for key, value in rule.items() if key != "Description"}
        for rule in [*inline.get(f"SecurityGroup{kind}", []), *beside]
    ]


def group_reference(template: Template, group: str) -> str:
    """Return how rules name a group that was made here."""
    return f"${{{template.logical_id('EC2::SecurityGroup', group)}.GroupId}}"


def network(stack: cdk.Stack, config: AnalysisConfig, **more: Any) -> ClarifyNetwork:
    """Return a network that serves an analysis of that config."""
    made = ClarifyNetwork(stack, "Clarify", config=config, **more)
    made.serve(analysis(stack, config))
    return made


def egress(template: Template) -> list[dict[str, Any]]:
    """Return where jobs may go, apart from each other."""
    job = group_reference(template, "ClarifyJobSecurityGroup")
    found = rules(template, "Egress", "ClarifyJobSecurityGroup")
    fellows = {"IpProtocol": "-1", "DestinationSecurityGroupId": job}
    assert fellows in found
    return sorted((rule for rule in found if rule != fellows), key=str)


def refusal(stack: cdk.Stack, **arguments: Any) -> str:
    """Return the id of the one thing that is refused."""
    with pytest.raises(Refused) as refused:
        ClarifyNetwork(stack, "Clarify", **arguments)
    (finding,) = refused.value.findings
    assert finding.severity == "error"
    return finding.id


def warned(stack: cdk.Stack, warning: str) -> int:
    """Return how often the network warns so, by the id that acknowledges it."""
    found = Annotations.from_stack(stack).find_warning(
        "/Network/Clarify", Match.string_like_regexp(rf".*\[{warning}\].*clarify-cdk:{warning}.*")
    )
    return len(found)
