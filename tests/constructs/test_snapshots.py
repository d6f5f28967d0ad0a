"""One readable template for each configuration: what a change to the constructs changes.

References are short texts, definitions are unfolded and asset hashes masked; the context is pinned
to that of `cdk.json`. After a change that is meant: pytest tests/constructs --snapshot-update.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from support_constructs.templates import assembly


class TextFile(SingleFileSnapshotExtension):
    """One file for each configuration, with its name."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TextFile)


def lines(value: Any, indent: str = "") -> str:
    """Write JSON with what is short on one line, and the rest indented without braces."""
    short = json.dumps(value)
    if not isinstance(value, dict | list) or len(indent) + len(short) <= 100:
        return f" {short}"
    if isinstance(value, dict):
        return "".join(
            f"\n{indent}{key}:{lines(value[key], indent + '  ')}" for key in sorted(value)
        )
    return "".join(f"\n{indent}-{lines(entry, indent + '  ')}" for entry in value)


@pytest.mark.parametrize(
    "stack",
    [
        "ModelInOwnVpc",
        "PreTrainingInOwnVpc",
        "FunctionsInOneZone",
        "PreTrainingWithoutVpc",
        "OpenEngineWithoutVpc",
        "EndpointInGivenVpc",
    ],
)
def test_template(stack: str, snapshot: SnapshotAssertion) -> None:
    document = assembly("recommended-flags").template(stack).document
    resources = {
        f"{name} {resource['Type']}": {
            key: value for key, value in resource.items() if key not in ("Type", "Metadata")
        }
        for name, resource in document["Resources"].items()
    }
    assert lines(resources).lstrip() + "\n" == snapshot
