"""Stacks are deployed as `cdk deploy` does it; here to a plain moto server."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from clarify_local.assembly import read_assembly
from clarify_local.aws import ACCOUNT, REGION, EmulatedAws, isolated
from clarify_local.deploy import DeploymentFailed, deploy_all, zipped
from support_local.assemblies import write_stack

SESSION = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")


@pytest.fixture(scope="module")
def aws() -> Iterator[EmulatedAws]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield EmulatedAws(f"http://localhost:{server.get_host_and_port()[1]}", SESSION)
    server.stop()


def stacks_in(folder: Path) -> list[Any]:
    return read_assembly(folder, account=ACCOUNT, region=REGION)


def queue(name: str) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}


def test_assets_are_published_and_resources_read_back(aws: EmulatedAws, tmp_path: Path) -> None:
    (tmp_path / "asset").mkdir()
    (tmp_path / "asset" / "h.py").write_text("def handler(event, context): return {}\n")
    template = {"Resources": {"Q": queue("first")}}
    write_stack(tmp_path, "One", template, folders={"abc": tmp_path / "asset"})

    deployed = deploy_all(aws, stacks_in(tmp_path))["One"]

    (resource,) = deployed.of_type("AWS::SQS::Queue")
    assert resource.logical_id == "Q"
    assert resource.physical_id.endswith("/first")
    asset = aws.client("s3").get_object(
        Bucket=f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}", Key="abc.zip"
    )
    with zipfile.ZipFile(io.BytesIO(asset["Body"].read())) as archive:
        assert archive.namelist() == ["h.py"]


def test_a_stack_finds_what_the_one_it_needs_has_made(aws: EmulatedAws, tmp_path: Path) -> None:
    owner = {
        "Resources": {
            "P": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Name": "/queue-name", "Type": "String", "Value": "agreed"},
            }
        }
    }
    user = {
        "Parameters": {
            "Name": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/queue-name"}
        },
        "Resources": {"Q": queue("") | {"Properties": {"QueueName": {"Ref": "Name"}}}},
    }
    write_stack(tmp_path, "User", user, needs=["Owner"])
    write_stack(tmp_path, "Owner", owner)

    deployed = deploy_all(aws, stacks_in(tmp_path))

    assert deployed["User"].resources[0].physical_id.endswith("/agreed")


def test_the_template_can_be_larger_than_a_request_may_be(aws: EmulatedAws, tmp_path: Path) -> None:
    template = {
        "Description": "large",
        "Metadata": {"Padding": "x" * 60_000},
        "Resources": {"Q": queue("large")},
    }
    write_stack(tmp_path, "Large", template)
    assert deploy_all(aws, stacks_in(tmp_path))["Large"].resources


def test_a_stack_that_cannot_be_created_says_which_and_why(
    aws: EmulatedAws, tmp_path: Path
) -> None:
    broken = {
        "Resources": {"Q": queue("") | {"Properties": {"QueueName": {"Fn::ImportValue": "n"}}}}
    }
    write_stack(tmp_path, "Broken", broken)
    with pytest.raises(
        DeploymentFailed, match=r"stack Broken was not created: .*No export named n"
    ):
        deploy_all(aws, stacks_in(tmp_path))


def test_the_same_folder_is_zipped_to_the_same_bytes(tmp_path: Path) -> None:
    for folder, when in (("a", 1_000_000_000), ("b", 1_700_000_000)):
        (tmp_path / folder / "deep").mkdir(parents=True)
        for name in ("z.py", "a.py", "deep/m.py"):
            file = tmp_path / folder / name
            file.write_text(name)
            os.utime(file, (when, when))
    assert zipped(tmp_path / "a") == zipped(tmp_path / "b")
    with zipfile.ZipFile(io.BytesIO(zipped(tmp_path / "a"))) as archive:
        assert archive.namelist() == ["a.py", "deep/m.py", "z.py"]
        assert archive.read("deep/m.py") == b"deep/m.py"


@pytest.mark.parametrize(
    "endpoint", ["https://s3.amazonaws.com", "http://localhost.example.com:80", "http://10.0.0.1:1"]
)
def test_no_client_is_made_for_anything_but_loopback(endpoint: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        EmulatedAws(endpoint, SESSION)


def test_within_isolation_nothing_of_the_person_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://s3.amazonaws.com")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid")
    monkeypatch.setenv("https_proxy", "http://proxy.invalid")
    before = dict(os.environ)
    with isolated():
        assert {n for n in os.environ if n.startswith("AWS_")} == {
            "AWS_CONFIG_FILE",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_SHARED_CREDENTIALS_FILE",
        }
        assert not [name for name in os.environ if name.lower().endswith("_proxy")]
    assert dict(os.environ) == before
