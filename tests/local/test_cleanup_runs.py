"""Whatever ends a run early, its endpoint and config are deleted; those of others stay."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest

from clarify_local.deployed import Pipeline
from support_emulator.account import alive
from support_local.ending import Reached, Run, disabled_rules, make_endpoint, make_endpoint_config
from support_local.stage import Stage

POINTS: dict[str, Reached] = {
    "nothing made": lambda run: True,
    "config made": lambda run: bool(run.configs()),
    "endpoint creating": lambda run: run.endpoint() == "Creating",
    "endpoint in service": lambda run: run.endpoint() == "InService",
}
CREATING = POINTS["endpoint creating"]


@pytest.fixture(scope="module")
def pipeline(stage: Stage) -> Pipeline:
    pipeline = stage.deploy("Passes")
    stage.seed(pipeline)
    return pipeline


class Whole(NamedTuple):
    run: Run
    seconds: float


@pytest.fixture(scope="module")
def whole(stage: Stage, pipeline: Pipeline) -> Whole:
    """A run whose engine comes to its end, and how long that lives."""
    run = Run(stage, pipeline)
    run.wait_until(lambda run: False)
    seconds = time.monotonic() - run.started
    run.settled()
    return Whole(run, seconds)


@pytest.fixture(scope="module")
def killed(stage: Stage, pipeline: Pipeline) -> dict[str, Run]:
    """Runs whose engines were killed, by the point."""
    runs = {}
    for point, reached in POINTS.items():
        runs[point] = run = Run(stage, pipeline)
        run.wait_until(reached)
        run.kill()
        run.settled()
    return runs


@pytest.fixture(autouse=True)
def _nothing_left(stage: Stage) -> Iterator[None]:
    yield
    assert stage.endpoints() == []


@contextmanager
def neighbours(stage: Stage, prefix: str) -> Iterator[None]:
    """Have an endpoint and configs whose names resemble a run's; they must stay."""
    other = "0" if prefix[-1] != "0" else "1"
    configs = [f"{prefix[:-1]}{other}-config-1-ab12", f"prod-{prefix}-config", f"prod-{prefix}"]
    sagemaker = stage.aws.client("sagemaker")
    others = [e["EndpointName"] for e in sagemaker.list_endpoints()["Endpoints"]]
    for name in configs:
        make_endpoint_config(stage, name)
    make_endpoint(stage, f"prod-{prefix}")
    try:
        yield
        kept = sagemaker.list_endpoint_configs()["EndpointConfigs"]
        assert set(configs) <= {config["EndpointConfigName"] for config in kept}
        endpoints = {e["EndpointName"] for e in sagemaker.list_endpoints()["Endpoints"]}
        assert endpoints == {*others, configs[-1]}
    finally:
        sagemaker.delete_endpoint(EndpointName=configs[-1])
        for name in configs:
            sagemaker.delete_endpoint_config(EndpointConfigName=name)


@pytest.mark.parametrize("point", POINTS)
def test_an_engine_that_is_killed_leaves_nothing(killed: dict[str, Run], point: str) -> None:
    assert killed[point].settled() == "Failed"
    assert killed[point].left() == []


@pytest.mark.proves("nothing-left")
def test_nothing_is_left_at_any_of_twenty_points_of_an_engines_life(
    stage: Stage, pipeline: Pipeline, whole: Whole, killed: dict[str, Run]
) -> None:
    """Killed where it does something that can be seen, and at even distances."""
    life = whole.seconds
    runs = [whole.run, *killed.values()]
    even = 20 - len(killed)
    points = [(number + 0.5) / even for number in range(even)]
    while points and len(runs) < 50:
        run = Run(stage, pipeline)
        end = run.started + life * points[0]
        run.wait_until(lambda run, end=end: time.monotonic() >= end)  # type: ignore[misc]
        runs.append(run)
        if alive(run.engine):
            run.kill()
            points.pop(0)
        else:  # the machine has become faster: this is how long a life is now
            life = time.monotonic() - run.started
    ended = [run.settled() for run in runs]
    assert [run.left() for run in runs] == [[]] * len(runs)
    assert ended[0] == "Completed"
    assert ended.count("Failed") == 20


@pytest.mark.proves("nothing-left")
def test_neighbours_with_similar_names_are_left_alone(stage: Stage, pipeline: Pipeline) -> None:
    run = Run(stage, pipeline)
    with neighbours(stage, run.prefix):
        run.wait_until(CREATING)
        run.kill()
        assert run.settled() == "Failed"
        assert run.left() == []


def test_an_aborted_execution_whose_engine_cannot_clean_up_leaves_nothing(
    stage: Stage, pipeline: Pipeline
) -> None:
    run = Run(stage, pipeline)
    run.wait_until(CREATING)
    run.abort()
    run.kill()
    assert run.settled() in ("Failed", "Stopped")
    assert run.execution_status() == "ABORTED"
    assert run.left() == []


def test_a_job_that_is_stopped_leaves_nothing(stage: Stage, pipeline: Pipeline) -> None:
    run = Run(stage, pipeline)
    run.wait_until(CREATING)
    run.stop_job()
    run.kill()
    assert run.settled() in ("Failed", "Stopped")
    assert run.left() == []


def test_a_job_whose_time_is_over_leaves_nothing(stage: Stage, pipeline: Pipeline) -> None:
    states = stage.aws.client("stepfunctions")
    arn = pipeline.state_machine_arn
    deployed = states.describe_state_machine(stateMachineArn=arn)["definition"]
    impatient = json.loads(deployed)
    parameters = impatient["States"]["RunClarifyJob"]["Parameters"]
    parameters["StoppingCondition"] = {"MaxRuntimeInSeconds": 1}
    states.update_state_machine(stateMachineArn=arn, definition=json.dumps(impatient))
    try:
        run = Run(stage, pipeline)
        assert run.settled() == "Stopped"
        assert run.left() == []
    finally:
        states.update_state_machine(stateMachineArn=arn, definition=deployed)


def test_the_workflow_starts_a_clean_up_even_if_the_event_is_lost(
    stage: Stage, pipeline: Pipeline
) -> None:
    run = Run(stage, pipeline)
    with disabled_rules(stage):
        run.wait_until(CREATING)
        run.kill()
        assert run.settled() == "Failed"
    assert run.left() == []


def test_the_clean_up_ends_well_and_names_the_run_by_its_job(killed: dict[str, Run]) -> None:
    # One by the event, one by the workflow; neither minds the other.
    assert killed["endpoint creating"].cleanups() == ["SUCCEEDED", "SUCCEEDED"]


def test_a_run_that_comes_to_its_end_starts_no_clean_up(whole: Whole) -> None:
    assert whole.run.settled() == "Completed"
    assert whole.run.cleanups() == []
