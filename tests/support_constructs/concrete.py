"""Policies with values in place of references, for tools that know no CloudFormation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from support_constructs.templates import Template, documents

_ACCOUNT, _REGION = "111122223333", "eu-central-1"
_PSEUDO = {
    "AWS::AccountId": _ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": _REGION,
    "AWS::URLSuffix": "amazonaws.com",
}
#: Type -> ARN of a resource, by its name.
_ARNS = {
    "AWS::IAM::Role": f"arn:aws:iam::{_ACCOUNT}:role/{{}}",
    "AWS::Lambda::Function": f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:{{}}",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{_REGION}:{_ACCOUNT}:log-group:{{}}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{}",
    "AWS::StepFunctions::StateMachine": f"arn:aws:states:{_REGION}:{_ACCOUNT}:stateMachine:{{}}",
}
_REFERENCE = re.compile(r"\$\{([\w:]+?)(\.Arn)?\}")
#: An account of the table of images.
_MAPPED = re.compile(r"\$\{\w+\[[\w-]+\]\.account\}")
#: The name of a state machine, taken out of its ARN.
_PART = re.compile(r"\$\{split\(':', ([^)]+)\)\[(\d)\]\}")


def concrete_policies(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every policy document of a template, with the logical id of its resource.

    A resource has its logical id for a name.
    """
    resources = template.document["Resources"]
    types = {name: resource["Type"] for name, resource in resources.items()}
    for name, resource in resources.items():
        for document in documents(resource.get("Properties", {})):
            text = _with_values(json.dumps(document), types)
            assert "${" not in text, text
            yield name, json.loads(text)


def _with_values(text: str, types: Mapping[str, str]) -> str:
    def value(reference: re.Match[str]) -> str:
        name, arn = reference.groups()
        if name in _PSEUDO:
            return _PSEUDO[name]
        # Of a state machine, CloudFormation makes the ARN of a plain reference.
        if arn or types[name] == "AWS::StepFunctions::StateMachine":
            return _ARNS[types[name]].format(name.lower())
        return name.lower()

    text = _MAPPED.sub("444455556666", _REFERENCE.sub(value, text))
    return _PART.sub(lambda found: found[1].split(":")[int(found[2])], text)
