"""Names of what an account has, known at synthesis or at deployment only."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

ACCOUNT, REGION = "111122223333", "eu-central-1"


class Names:
    """Gives names and ARNs to a stack: literal ones, or tokens.

    Parameters
    ----------
    stack
        Gets the parameters.
    known
        Whether it is told at synthesis.

    Attributes
    ----------
    told
        What deployment has to be told, by the names of parameters and of other stacks' exports.
    """

    def __init__(self, stack: cdk.Stack, *, known: bool) -> None:
        self.stack, self._known = stack, known
        self.told: dict[str, Any] = {}

    def text(self, name: str, value: str) -> str:
        """Return a parameter of the stack."""
        return str(self._parameter(name, value, "String", "value_as_string"))

    def number(self, name: str, value: int) -> Any:
        """Return a parameter that is a number."""
        return self._parameter(name, value, "Number", "value_as_number")

    def listed(self, name: str, values: list[str]) -> list[str]:
        """Return a parameter that is a list."""
        return list(self._parameter(name, values, "CommaDelimitedList", "value_as_list"))

    def arn(self, name: str, service: str, resource: str) -> str:
        """Return an ARN that another stack exports."""
        place = {"s3": ":", "iam": f":{ACCOUNT}"}.get(service, f"{REGION}:{ACCOUNT}")
        value = f"arn:aws:{service}:{place}:{resource}"
        if self._known:
            return value
        self.told[name] = value
        return cdk.Fn.import_value(name)

    def bucket(self, name: str) -> s3.IBucket:
        """Return a bucket that its name stands for."""
        return s3.Bucket.from_bucket_name(self.stack, name, self.text(f"{name}Name", name.lower()))

    def key(self, name: str) -> kms.IKey:
        """Return a key that its ARN stands for."""
        return kms.Key.from_key_arn(self.stack, name, self.arn(name, "kms", f"key/{name.lower()}"))

    def _parameter(self, name: str, value: Any, kind: str, attribute: str) -> Any:
        if self._known:
            return value
        self.told[name] = value
        return getattr(cdk.CfnParameter(self.stack, name, type=kind), attribute)
