"""Findings that do not stop a synthesis, as warnings of a construct."""

from __future__ import annotations

from aws_cdk import Annotations
from constructs import IConstruct

from clarify_contract import Finding
from clarify_contract.findings import read_on


def warn(scope: IConstruct, *findings: Finding) -> None:
    """Warn of findings; each can be acknowledged by ``clarify-cdk:<id>``."""
    for finding in findings:
        tell(scope, finding.id, str(finding))


def tell(scope: IConstruct, name: str, text: str) -> None:
    """Warn of what no input is wrong about; it can be acknowledged by ``clarify-cdk:<name>``."""
    words = f"{text} {read_on(name)}"
    Annotations.of(scope).add_warning_v2(f"clarify-cdk:{name}", words)
