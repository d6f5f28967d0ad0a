"""A pipeline with the open engine's image: what is run is read from the deployed job request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_local.deployed import Pipeline
from clarify_local.emulator.recipe import read_recipe
from clarify_local.outcome import Outcome
from support_local.stage import Stage


@pytest.fixture(scope="module")
def pipeline(stage: Stage) -> Pipeline:
    return stage.deploy("OpenEngine")


@pytest.fixture(scope="module")
def outcome(stage: Stage, pipeline: Pipeline) -> Outcome:
    stage.seed(pipeline)
    return stage.run(pipeline)


def requested_image(pipeline: Pipeline, stage: Stage) -> str:
    described = stage.aws.client("stepfunctions").describe_state_machine(
        stateMachineArn=pipeline.state_machine_arn
    )
    state: Any = json.loads(described["definition"])["States"]["RunClarifyJob"]
    return str(state["Parameters"]["AppSpecification"]["ImageUri"])


def test_the_whole_analysis_runs_by_the_sources_of_the_image_with_the_roles_rights(
    stage: Stage, pipeline: Pipeline, outcome: Outcome
) -> None:
    assert outcome.verdict == "passed", outcome.reason
    assert outcome.endpoints.startswith("created and deleted")
    image = requested_image(pipeline, stage)
    (note,) = (note for note in stage.emulator.notes() if image in note)
    assert "its sources ran by its entry point (python -P -m clarify_engine)" in note


def test_its_numbers_are_those_of_the_installed_engine(stage: Stage, outcome: Outcome) -> None:
    installed = stage.deploy("Passes")
    stage.seed(installed)
    assert analysis(stage.run(installed)) == analysis(outcome)


def analysis(outcome: Outcome) -> Any:
    return json.loads((outcome.folder / "output" / "analysis.json").read_text())


def test_what_would_be_built_is_run_and_not_what_is_installed(
    stage: Stage, pipeline: Pipeline, tmp_path: Path
) -> None:
    (image,) = stage.stacks["OpenEngine"].images
    assert image.uri == requested_image(pipeline, stage)
    assert read_recipe(image.context).entrypoint[-1] == "clarify_engine"
    package = tmp_path / "packages" / "clarify_engine"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("raise SystemExit(7)\n")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "Dockerfile").write_text((image.context / "Dockerfile").read_text())
    stage.emulator.build_context(image.uri, tmp_path)
    try:
        broken = stage.run(pipeline)
    finally:
        stage.emulator.build_context(image.uri, image.context)
    assert broken.verdict == "failed"
    assert "exit code: 7" in broken.reason
