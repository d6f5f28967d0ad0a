"""parliament finds nothing in any policy, but what is known to be otherwise.

It knows the resource types and condition keys of every action. Apart from the default tests: it
comes from the package index into a folder of its own, since it needs a setuptools of long ago.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support_constructs.acknowledged import OVERRULED, Overruled
from support_constructs.concrete import concrete_policies
from support_constructs.reviewed import STACKS, reviewed_app
from support_constructs.templates import Assembly

pytestmark = pytest.mark.registry

PACKAGES = ("parliament==1.6.4", "json-cfg==0.4.2", "kwonly-args==1.0.10", "setuptools<81")
PROGRAM = """
import json, sys, parliament
for name, document in json.load(sys.stdin):
    for found in parliament.analyze_policy_string(json.dumps(document)).findings:
        print(json.dumps([name, found.issue, found.detail]))
"""


@pytest.fixture(scope="module")
def parliament(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it, beside the boto3 and PyYAML that are here."""
    folder = tmp_path_factory.mktemp("parliament")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(folder), *PACKAGES],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


def run(folder: Path, policies: list[tuple[str, object]]) -> list[tuple[str, str, str]]:
    """Return each finding: the policy, the issue, and one action or condition that it is about."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        input=json.dumps(policies),
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [
        (name, issue, about)
        for name, issue, detail in map(json.loads, done.stdout.splitlines())
        for about in subjects(detail)
    ]


def subjects(detail: object) -> list[str]:
    """Return what a finding is about: parliament names actions in three ways."""
    if not isinstance(detail, list):
        return [str(detail)]
    return [each["action"] if isinstance(each, dict) else str(each) for each in detail]


def trusts(document: object) -> bool:
    """Tell whether a document says who may assume a role: parliament knows no such policies."""
    return "sts:AssumeRole" in json.dumps(document)


@pytest.fixture(scope="module")
def found(parliament: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    folder = tmp_path_factory.mktemp("reviewed")
    reviewed_app(folder).synth()
    policies: list[tuple[str, object]] = [
        (f"{stack}/{name}", document)
        for stack in STACKS
        for name, document in concrete_policies(Assembly(folder).template(stack))
        if not trusts(document)
    ]
    return run(parliament, policies)


def overrules(entry: Overruled, finding: tuple[str, str, str]) -> bool:
    _, issue, about = finding
    return issue == entry.issue and re.search(f"(^| )({entry.about})$", about) is not None


def test_it_finds_nothing_but_what_is_known_to_be_otherwise(
    found: list[tuple[str, str, str]],
) -> None:
    assert [each for each in found if not any(overrules(entry, each) for entry in OVERRULED)] == []


@pytest.mark.parametrize("entry", OVERRULED, ids=lambda entry: entry.issue)
def test_nothing_is_overruled_that_it_does_not_say(
    entry: Overruled, found: list[tuple[str, str, str]]
) -> None:
    assert [each for each in found if overrules(entry, each)]


def test_it_does_find_what_is_wrong(parliament: Path) -> None:
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    assert run(parliament, [("wrong", policy)]) == [("wrong", "RESOURCE_MISMATCH", "s3:ListBucket")]
