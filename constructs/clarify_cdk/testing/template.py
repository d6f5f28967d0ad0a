"""The template of a stack, as a text to read and to keep."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from aws_cdk import Stack
from aws_cdk.assertions import Template

from clarify_cdk.image import MAPPING_ID
from clarify_cdk.testing.readable import readable

_WIDTH = 100
#: What CDK, and an image of this package, add to each stack: it changes with their versions.
_OF_LIBRARIES = {
    "Conditions": {"CDKMetadataAvailable"},
    "Mappings": {"DefaultCrNodeVersionMap", "LatestNodeRuntimeMap", MAPPING_ID},
    "Parameters": {"BootstrapVersion"},
    "Resources": {"CDKMetadata"},
    "Rules": {"CheckBootstrapVersion"},
}
#: Functions of CDK's own, whose runtime is CDK's to choose.
_FUNCTION_OF_CDK = re.compile(
    r"AWS679f53fac|CustomCDKBucketDeployment|Custom\w+CustomResourceProviderHandler"
    r"|LogRetentionaae0aa3c|\w*framework(onEvent|isComplete|onTimeout)"
)
#: Sections beside the resources, by what one of their entries is called.
_SECTIONS = {
    "Parameters": "parameter",
    "Mappings": "mapping",
    "Conditions": "condition",
    "Rules": "rule",
    "Outputs": "output",
}


def template_of(stack: Stack | Mapping[str, Any]) -> dict[str, Any]:
    """Return the template of a stack, made readable, without what the libraries add by themselves.

    Parameters
    ----------
    stack
        A stack, also a nested one; or a template, such as ``Template.from_stack(stack).to_json()``
        or a file of ``cdk.out``.
    """
    given = dict(stack) if isinstance(stack, Mapping) else Template.from_stack(stack).to_json()
    document = readable(given)
    for section, names in _OF_LIBRARIES.items():
        if section in document:
            kept = {name: each for name, each in document[section].items() if name not in names}
            document[section] = kept
    return {section: entries for section, entries in document.items() if entries}


def template_text(stack: Stack | Mapping[str, Any]) -> str:
    """Return a stack's template as a text that a person reads, and that lasts.

    Each resource stands under its logical id and type, references are ``${Name}``, the definition
    of a state machine is unfolded. Masked are the hashes of assets and versions, and the runtimes
    of functions that CDK brings; left out are metadata, the check of the bootstrap version, and
    tables that the libraries keep by Region. So the text changes when what is deployed changes, not
    when a library is updated.

    Parameters
    ----------
    stack
        A stack, also a nested one; or a template, such as ``Template.from_stack(stack).to_json()``
        or a file of ``cdk.out``.

    Examples
    --------
    >>> from clarify_cdk.testing import template_text
    >>> bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Name"}}}
    >>> print(template_text({"Resources": {"Data": bucket}}), end="")
    Data AWS::S3::Bucket: {"Properties": {"BucketName": "${Name}"}}
    """
    return "".join(
        f"{name}:{_lines(entry, '  ')}\n" for name, entry in _entries(template_of(stack))
    )


def _entries(template: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, resource in sorted(template.get("Resources", {}).items()):
        shown = {key: entry for key, entry in resource.items() if key not in ("Type", "Metadata")}
        if resource["Type"] == "AWS::Lambda::Function" and _FUNCTION_OF_CDK.match(name):
            shown["Properties"] = {**shown["Properties"], "Runtime": "<of CDK>"}
        yield f"{name} {resource['Type']}", shown
    for section, kind in _SECTIONS.items():
        for name, entry in sorted(template.get(section, {}).items()):
            yield f"{name} {kind}", entry


def _lines(value: Any, indent: str) -> str:
    """Write JSON with what is short on one line, and the rest indented without braces."""
    short = json.dumps(value, sort_keys=True)
    if not isinstance(value, dict | list) or len(indent) + len(short) <= _WIDTH:
        return f" {short}"
    if isinstance(value, dict):
        return "".join(
            f"\n{indent}{key}:{_lines(value[key], indent + '  ')}" for key in sorted(value)
        )
    return "".join(f"\n{indent}-{_lines(entry, indent + '  ')}" for entry in value)
