"""Partition, Region and account of a stack, for the ARNs of policies."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Stack


@dataclass(frozen=True, slots=True)
class Place:
    """Where ARNs point; each part is a token where only CloudFormation knows it.

    Attributes
    ----------
    partition, region, account
        Of the stack, read once: each read of a stack is a call into another process.
    """

    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, stack: Stack) -> Place:
        """Return the place of a stack."""
        return cls(stack.partition, stack.region, stack.account)

    def arn(self, service: str, resource: str) -> str:
        """Return an ARN in this place; ``resource`` holds its own separators."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"
