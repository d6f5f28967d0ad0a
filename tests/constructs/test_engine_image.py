"""The open engine as an image: one asset for a stack, and a pipeline that is otherwise the same."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest

from clarify_cdk import ClarifyImage
from clarify_cdk.engine_context import PACKAGES
from support_constructs.configs import ROOT
from support_constructs.templates import FLAGS, Template, assembly

REPOSITORY = "cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}"
MANAGED = "sagemaker-clarify-processing"


def images(folder: Path, stack: str) -> dict[str, Any]:
    manifest = json.loads((folder / f"{stack}.assets.json").read_text("utf-8"))
    found: dict[str, Any] = manifest.get("dockerImages", {})
    return found


def without_image(template: Template) -> tuple[str, list[str], list[str]]:
    """Return a template as text without its images, those images, and their repositories."""
    resources = json.loads(json.dumps(template.document["Resources"]))
    for resource in resources.values():
        resource.pop("Metadata", None)
    (machine,) = (r for r in resources.values() if r["Type"] == "AWS::StepFunctions::StateMachine")
    job = machine["Properties"]["DefinitionString"]["States"]["RunClarifyJob"]["Parameters"]
    named = [job["AppSpecification"].pop("ImageUri")]
    pulled = [
        statement.pop("Resource")
        for resource in resources.values()
        if resource["Type"] == "AWS::IAM::Policy"
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]
        if "ecr:BatchGetImage" in statement["Action"]
    ]
    return json.dumps(resources, sort_keys=True), named, pulled


@pytest.mark.parametrize("flags", FLAGS)
def test_the_pipeline_is_the_managed_images_but_for_what_is_run_and_pulled(flags: str) -> None:
    managed, managed_uris, managed_arns = without_image(
        assembly(flags).template("PreTrainingWithoutVpc")
    )
    engine, engine_uris, engine_arns = without_image(
        assembly(flags).template("OpenEngineWithoutVpc")
    )
    assert engine.replace("OpenEngine", "PreTraining") == managed
    assert engine_uris == [
        f"${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}/{REPOSITORY}:<asset>"
    ]
    assert engine_arns == [
        f"arn:${{AWS::Partition}}:ecr:${{AWS::Region}}:${{AWS::AccountId}}:repository/{REPOSITORY}"
    ]
    assert all(MANAGED in text for text in (*managed_uris, *managed_arns))


def test_the_stack_asks_for_one_image_of_the_job_instances_platform() -> None:
    folder = assembly("recommended-flags").folder
    ((identifier, image),) = images(folder, "OpenEngineWithoutVpc").items()
    (destination,) = image["destinations"].values()
    assert image["source"] == {"directory": f"asset.{identifier}", "platform": "linux/amd64"}
    assert (destination["repositoryName"], destination["imageTag"]) == (REPOSITORY, identifier)
    assert images(folder, "PreTrainingWithoutVpc") == {}


def test_pipelines_and_stacks_of_an_app_share_one_asset(tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path / "out"), analytics_reporting=False)
    for name in ("One", "Two"):
        stack = cdk.Stack(app, name)
        first, second = (ClarifyImage.open_engine().bind(stack) for _ in range(2))
        assert first == second
        cdk.CfnOutput(stack, "Image", value=first.uri)
    app.synth()
    one, two = (images(tmp_path / "out", name) for name in ("One", "Two"))
    assert len(one) == 1
    assert one == two
    assert len(list((tmp_path / "out").glob("asset.*"))) == 1


def test_an_app_that_does_not_stage_its_assets_finds_the_context_too(tmp_path: Path) -> None:
    app = cdk.App(
        outdir=str(tmp_path / "out"),
        context={"aws:cdk:disable-asset-staging": True},
        analytics_reporting=False,
    )
    stack = cdk.Stack(app, "Unstaged")
    ClarifyImage.open_engine().bind(stack)
    app.synth()
    ((_, image),) = images(tmp_path / "out", "Unstaged").items()
    assert (tmp_path / "out" / image["source"]["directory"] / "Dockerfile").is_file()


def tag(outdir: Path) -> str:
    """Return the tag of the engine's image, as a fresh app stages it."""
    stack = cdk.Stack(cdk.App(outdir=str(outdir), analytics_reporting=False), "Tagged")
    ClarifyImage.open_engine().bind(stack)
    (staged,) = outdir.glob("asset.*")
    return staged.name


def test_the_tag_follows_the_sources_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_checkout = tag(tmp_path / "checkout")
    site = tmp_path / "site-packages"
    for root, package in zip(("contract", "engine"), PACKAGES, strict=True):
        shutil.copytree(ROOT / root / package, site / package)
    installed = {
        package: SimpleNamespace(origin=str(site / package / "__init__.py")) for package in PACKAGES
    }
    monkeypatch.setattr(importlib.util, "find_spec", installed.__getitem__)
    assert tag(tmp_path / "installed") == from_checkout
    (site / "clarify_engine" / "__main__.py").write_text("import clarify_engine\n")
    assert tag(tmp_path / "changed") != from_checkout
