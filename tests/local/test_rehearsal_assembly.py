"""What an app synthesised is read as it is meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clarify_local.assembly import AssemblyError, StackArtifact, read_assembly, select
from support_local.assemblies import write_stack


def read(folder: Path) -> list[StackArtifact]:
    return read_assembly(folder, account="123456789012", region="us-east-1")


def test_stacks_come_after_those_they_depend_on(tmp_path: Path) -> None:
    write_stack(tmp_path, "A", {}, needs=["C"])
    write_stack(tmp_path, "B", {})
    write_stack(tmp_path, "C", {}, needs=["B"])
    order = [stack.name for stack in read(tmp_path)]
    assert sorted(order) == ["A", "B", "C"]
    assert order.index("B") < order.index("C") < order.index("A")


def test_assets_name_their_bucket_in_this_account_and_region(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    write_stack(tmp_path, "A", {}, folders={"abc": tmp_path / "code"})
    (stack,) = read(tmp_path)
    (asset,) = stack.assets
    assert asset.bucket == "cdk-hnb659fds-assets-123456789012-us-east-1"
    assert (asset.key, asset.zipped, asset.source) == ("abc.zip", True, tmp_path / "code")


def test_an_image_asset_tells_its_build_context_and_the_address_that_templates_name(
    tmp_path: Path,
) -> None:
    write_stack(tmp_path, "A", {})
    destination = {
        "repositoryName": "cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}",
        "imageTag": "abc",
    }
    elsewhere = destination | {"region": "eu-west-1", "repositoryName": "own"}
    manifest = {
        "dockerImages": {
            "abc": {
                "source": {"directory": "asset.abc", "platform": "linux/amd64"},
                "destinations": {"current": destination, "other": elsewhere},
            },
            "def": {
                "source": {"directory": "asset.def", "dockerFile": "Dockerfile.arm"},
                "destinations": {"current": destination},
            },
            "ghi": {
                "source": {"executable": ["make", "image"]},
                "destinations": {"current": destination},
            },
        }
    }
    (tmp_path / "A.assets.json").write_text(json.dumps(manifest))
    (stack,) = read(tmp_path)
    repository = "cdk-hnb659fds-container-assets-123456789012-us-east-1"
    assert [(image.uri, image.context) for image in stack.images] == [
        (
            f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{repository}:abc",
            tmp_path / "asset.abc",
        ),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/own:abc", tmp_path / "asset.abc"),
    ]


def test_a_pinned_environment_is_known_and_an_open_one_is_none(tmp_path: Path) -> None:
    write_stack(tmp_path, "A", {}, environment="aws://111122223333/eu-west-1")
    write_stack(tmp_path, "B", {}, needs=["A"])
    a, b = read(tmp_path)
    assert (a.account, a.region) == ("111122223333", "eu-west-1")
    assert (b.account, b.region) == (None, None)


def test_the_stacks_of_a_stage_are_found(tmp_path: Path) -> None:
    write_stack(tmp_path / "assembly-Prod", "Prod-A", {})
    (tmp_path / "manifest.json").write_text(
        json.dumps(
            {
                "artifacts": {
                    "assembly-Prod": {
                        "type": "cdk:cloud-assembly",
                        "properties": {"directoryName": "assembly-Prod"},
                    }
                }
            }
        )
    )
    (stack,) = read(tmp_path)
    assert stack.template == tmp_path / "assembly-Prod" / "Prod-A.template.json"


def test_an_asset_that_a_command_builds_is_refused_by_name(tmp_path: Path) -> None:
    write_stack(tmp_path, "A", {})
    (tmp_path / "A.assets.json").write_text(
        json.dumps({"files": {"x": {"displayName": "Site", "source": {"executable": ["make"]}}}})
    )
    with pytest.raises(AssemblyError, match="asset Site is built by a command"):
        read(tmp_path)


def test_a_folder_without_an_assembly_says_so(tmp_path: Path) -> None:
    with pytest.raises(AssemblyError, match=r"holds no cloud assembly"):
        read(tmp_path)


def test_one_stack_is_chosen_by_name_or_by_being_the_only_one(tmp_path: Path) -> None:
    stacks = read(write_stack(tmp_path, "A", {}))
    assert select(stacks, None).name == "A"
    stacks = read(write_stack(tmp_path, "B", {}))
    assert select(stacks, "B").name == "B"
    with pytest.raises(AssemblyError, match=r"these stacks: A, B\. Name one with --stack"):
        select(stacks, None)
    with pytest.raises(AssemblyError, match=r"no stack 'C'; it has: A, B"):
        select(stacks, "C")
