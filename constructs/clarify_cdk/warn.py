"""Findings that do not stop a synthesis, as warnings of a construct."""

from __future__ import annotations

from aws_cdk import Annotations
from constructs import IConstruct

from clarify_contract import Finding


def warn(scope: IConstruct, *findings: Finding) -> None:
    """Warn of findings; each can be acknowledged by ``clarify-cdk:<id>``."""
    for finding in findings:
        Annotations.of(scope).add_warning_v2(f"clarify-cdk:{finding.id}", str(finding))
