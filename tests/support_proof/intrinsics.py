"""CloudFormation's functions, worked out as a deployment would do it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HASH = re.compile(r"[0-9A-F]{8}$")
#: What makes the ARN of a resource whose kind is in an account and a Region.
_ARNS = {
    "AWS::Events::EventBus": "events:{region}:{account}:event-bus/{name}",
    "AWS::Events::Rule": "events:{region}:{account}:rule/{name}",
    "AWS::IAM::ManagedPolicy": "iam::{account}:policy/{name}",
    "AWS::KMS::Key": "kms:{region}:{account}:key/{name}",
    "AWS::Lambda::Function": "lambda:{region}:{account}:function:{name}",
    "AWS::Logs::LogGroup": "logs:{region}:{account}:log-group:{name}:*",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::SNS::Topic": "sns:{region}:{account}:{name}",
    "AWS::StepFunctions::StateMachine": "states:{region}:{account}:stateMachine:{name}",
}
#: Whose `Ref` is their ARN; of all others it is their name.
_REFERRED_BY_ARN = {
    "AWS::IAM::ManagedPolicy",
    "AWS::SNS::Topic",
    "AWS::StepFunctions::StateMachine",
}


@dataclass(frozen=True)
class Place:
    """Where a stack is deployed."""

    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, region: str, account: str) -> Place:
        """Return the place of a Region, whose partition its name tells."""
        for begin, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
            if region.startswith(begin):
                return cls(partition, region, account)
        return cls("aws", region, account)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of this place."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


class Resolver:
    """Works out the values of one template.

    Parameters
    ----------
    template
        As it was synthesised.
    place
        These.
    """

    def __init__(self, template: Mapping[str, Any], place: Place) -> None:
        self._resources: Mapping[str, Any] = template["Resources"]
        self._mappings: Mapping[str, Any] = template.get("Mappings", {})
        self._place = place

    def name(self, logical_id: str) -> str:
        """Return the name that a resource is given here: its logical id without the hash."""
        kind = self._resources[logical_id]["Type"]
        plain = _HASH.sub("", logical_id)
        return plain.lower() if kind == "AWS::S3::Bucket" else plain

    def arn(self, logical_id: str) -> str:
        """Return a resource's ARN."""
        resource, place = self._resources[logical_id], self._place
        if resource["Type"] == "AWS::IAM::Role":
            path = resource["Properties"].get("Path", "/")
            return f"arn:{place.partition}:iam::{place.account}:role{path}{self.name(logical_id)}"
        rest = _ARNS[resource["Type"]].format(
            region=place.region, account=place.account, name=self.name(logical_id)
        )
        return f"arn:{place.partition}:{rest}"

    def value(self, value: Any) -> Any:
        """Return a value with every function in it worked out."""
        if isinstance(value, list):
            return [self.value(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        match value:
            case {"Ref": str(name), **rest} if not rest:
                return self._reference(name)
            case {"Fn::GetAtt": [logical_id, "Arn"], **rest} if not rest:
                return self.arn(logical_id)
            case {"Fn::GetAtt": [logical_id, attribute], **rest} if not rest:
                return f"{self.name(logical_id)}.{attribute}"
            case {"Fn::Join": [separator, parts], **rest} if not rest:
                return separator.join(self.value(parts))
            case {"Fn::Split": [separator, text], **rest} if not rest:
                return self.value(text).split(separator)
            case {"Fn::Select": [index, entries], **rest} if not rest:
                return self.value(entries)[int(index)]
            case {"Fn::FindInMap": [name, *keys], **rest} if not rest:
                first, second = self.value(keys)
                return self._mappings[name][first][second]
            case {"Fn::Sub": str(text), **rest} if not rest:
                return re.sub(r"\$\{([^}]+)\}", lambda m: self._reference(m[1]), text)
        return {key: self.value(entry) for key, entry in value.items()}

    def definition(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Return the definition of a state machine."""
        parsed = json.loads(self.value(properties["DefinitionString"]))
        assert isinstance(parsed, dict)
        return parsed

    def _reference(self, name: str) -> str:
        known = {
            "AWS::Partition": self._place.partition,
            "AWS::Region": self._place.region,
            "AWS::AccountId": self._place.account,
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in known:
            return known[name]
        kind = self._resources[name]["Type"]
        return self.arn(name) if kind in _REFERRED_BY_ARN else self.name(name)
