"""Reads what an app synthesised: its stacks in deployable order, and the files they need."""

from __future__ import annotations

import graphlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clarify_local.errors import RehearsalFailed

STACK = "aws:cloudformation:stack"


class AssemblyError(RehearsalFailed):
    """A cloud assembly that cannot be deployed here; the message says why and what to do."""


@dataclass(frozen=True)
class FileAsset:
    """A file, or a folder to be zipped, and where in S3 the templates expect it."""

    source: Path
    zipped: bool
    bucket: str
    key: str


@dataclass(frozen=True)
class ImageAsset:
    """An image that a deployment builds: from what, and the address that the templates name."""

    context: Path
    uri: str


@dataclass(frozen=True)
class StackArtifact:
    """One synthesised stack.

    Attributes
    ----------
    name
        The stack's name in CloudFormation.
    template
        Its template's file.
    parameters
        Values that the app gave to template parameters.
    assets
        What must be in S3 before the stack is deployed.
    images
        What `cdk deploy` would build and push. It is not done here: no image is ever run.
    needs
        Names of the stacks that it depends on.
    account, region
        What the app pinned, or None where the stack is free of it.
    """

    name: str
    template: Path
    parameters: dict[str, str]
    assets: tuple[FileAsset, ...]
    images: tuple[ImageAsset, ...]
    needs: tuple[str, ...]
    account: str | None
    region: str | None


def read_assembly(folder: Path, *, account: str, region: str) -> list[StackArtifact]:
    """Return the stacks of a cloud assembly, each after those it depends on.

    Parameters
    ----------
    folder
        The synthesised ``cdk.out``.
    account, region
        What placeholders in the names of asset buckets stand for.

    Raises
    ------
    AssemblyError
        The folder holds no assembly, or an asset this deployment cannot make (one that a command
        builds).
    """
    artifacts = dict(_artifacts(folder))
    names = {"account": account, "region": region}
    stacks = {
        key: _stack(home, artifact, artifacts, names)
        for key, (home, artifact) in artifacts.items()
        if artifact["type"] == STACK
    }
    order = graphlib.TopologicalSorter(
        {key: set(artifacts[key][1].get("dependencies", ())) & stacks.keys() for key in stacks}
    )
    return [stacks[key] for key in order.static_order()]


def select(stacks: Sequence[StackArtifact], name: str | None) -> StackArtifact:
    """Return the stack of a name, or the only one.

    Raises
    ------
    AssemblyError
        There is no such stack, or none was named and there are several.
    """
    known = ", ".join(sorted(stack.name for stack in stacks)) or "none"
    if name is None and len(stacks) == 1:
        return stacks[0]
    if name is None:
        raise AssemblyError(f"the app has these stacks: {known}. Name one with --stack.")
    for stack in stacks:
        if stack.name == name:
            return stack
    raise AssemblyError(f"the app has no stack {name!r}; it has: {known}.")


def with_needed(stacks: Sequence[StackArtifact], chosen: StackArtifact) -> list[StackArtifact]:
    """Return a stack and all that it depends on, in the given order."""
    by_name = {stack.name: stack for stack in stacks}
    wanted: set[str] = set()
    open_names = [chosen.name]
    while open_names:
        name = open_names.pop()
        if name not in wanted:
            wanted.add(name)
            open_names += by_name[name].needs
    return [stack for stack in stacks if stack.name in wanted]


def _name(artifact: dict[str, Any]) -> str:
    name: str = artifact["properties"].get("stackName") or artifact["displayName"]
    return name


def _artifacts(folder: Path) -> Iterator[tuple[str, tuple[Path, dict[str, Any]]]]:
    """Yield every artifact, also those of stages, with the folder its files are in."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise AssemblyError(f"{folder} holds no cloud assembly: the app wrote no manifest.json.")
    for key, artifact in (
        json.loads(manifest.read_text(encoding="utf-8")).get("artifacts", {}).items()
    ):
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _artifacts(folder / artifact["properties"]["directoryName"])
        else:
            yield key, (folder, artifact)


def _stack(
    home: Path,
    artifact: dict[str, Any],
    artifacts: dict[str, tuple[Path, dict[str, Any]]],
    names: dict[str, str],
) -> StackArtifact:
    properties = artifact["properties"]
    account, region = artifact["environment"].removeprefix("aws://").split("/")
    manifests = [
        (folder, json.loads((folder / needed["properties"]["file"]).read_text(encoding="utf-8")))
        for folder, needed in (artifacts[name] for name in artifact.get("dependencies", ()))
        if needed["type"] == "cdk:asset-manifest"
    ]
    return StackArtifact(
        name=_name(artifact),
        template=home / properties["templateFile"],
        parameters=properties.get("parameters", {}),
        assets=tuple(asset for found in manifests for asset in _assets(*found, names)),
        images=tuple(image for found in manifests for image in _images(*found, names)),
        needs=tuple(
            _name(other)
            for _, other in (artifacts[needed] for needed in artifact.get("dependencies", ()))
            if other["type"] == STACK
        ),
        account=None if account == "unknown-account" else account,
        region=None if region == "unknown-region" else region,
    )


def _assets(home: Path, manifest: dict[str, Any], names: dict[str, str]) -> Iterator[FileAsset]:
    for identifier, asset in manifest.get("files", {}).items():
        source = asset["source"]
        if "path" not in source:
            raise AssemblyError(
                f"asset {asset.get('displayName', identifier)} is built by a command at deploy"
                " time, which a rehearsal does not run. Build it at synth time."
            )
        for destination in asset["destinations"].values():
            yield FileAsset(
                source=home / source["path"],
                zipped=source.get("packaging", "file") == "zip",
                bucket=_named(destination["bucketName"], names),
                key=_named(destination["objectKey"], names),
            )


def _images(home: Path, manifest: dict[str, Any], names: dict[str, str]) -> Iterator[ImageAsset]:
    for asset in manifest.get("dockerImages", {}).values():
        if asset["source"].keys() - {"directory", "platform"}:  # stood in for, as any other image
            continue
        for destination in asset["destinations"].values():
            region = _named(destination.get("region", names["region"]), names)
            repository = _named(destination["repositoryName"], names)
            yield ImageAsset(
                context=home / asset["source"]["directory"],
                uri=f"{names['account']}.dkr.ecr.{region}.amazonaws.com/{repository}"
                f":{destination['imageTag']}",
            )


def _named(text: str, names: dict[str, str]) -> str:
    return (
        text.replace("${AWS::AccountId}", names["account"])
        .replace("${AWS::Region}", names["region"])
        .replace("${AWS::Partition}", "aws")
    )
