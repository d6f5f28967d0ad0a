"""Ends runs early: at a point of the engine's life, in each way that there is."""

from __future__ import annotations

import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from clarify_local.deployed import Pipeline
from clarify_local.endpoints import EndpointWatch
from clarify_local.execution import Execution
from support_emulator.account import alive, wait_until
from support_local.stage import MODEL_NAME, Stage

_numbers = itertools.count(1)


class Run:
    """One execution that is going on, seen from outside; its engine runs."""

    def __init__(self, stage: Stage, pipeline: Pipeline) -> None:
        self._stage = stage
        self._states = stage.aws.client("stepfunctions")
        self._sagemaker = stage.aws.client("sagemaker")
        self._watch = EndpointWatch(stage.aws)
        # What CloudFormation put before the names of the stack's state machines.
        self._stack = pipeline.state_machine_arn.partition(pipeline.logical_id)[0]
        others = set(engines(stage))
        self.execution = self._states.start_execution(
            stateMachineArn=pipeline.state_machine_arn, name=f"early-{next(_numbers)}", input="{}"
        )["executionArn"]
        self.engine: int = wait_until(lambda: next(iter(set(engines(stage)) - others), None))
        self.started = time.monotonic()
        history = self._states.get_execution_history(executionArn=self.execution)
        execution = Execution(self.execution)
        execution.take(history["events"], pipeline.prepare)
        self.job = str(execution.run["job_name"])
        self.prefix = str(execution.run["endpoint_name_prefix"])

    def wait_until(self, reached: Callable[[Run], bool], seconds: float = 120) -> None:
        """Wait for a point of the engine's life; its end is one, too."""
        end = time.monotonic() + seconds
        while not reached(self) and alive(self.engine):
            assert time.monotonic() < end, "the point was not reached"
            time.sleep(0.01)

    def endpoint(self) -> str | None:
        """Return the status of this run's endpoint, if there is one."""
        found = self._sagemaker.list_endpoints(NameContains=self.prefix)["Endpoints"]
        own = [e["EndpointStatus"] for e in found if e["EndpointName"].startswith(self.prefix)]
        return own[0] if own else None

    def configs(self) -> list[str]:
        """Return the names of this run's endpoint configs."""
        listed = self._sagemaker.list_endpoint_configs(NameContains=self.prefix)
        names = [config["EndpointConfigName"] for config in listed["EndpointConfigs"]]
        return [name for name in names if name.startswith(self.prefix)]

    def left(self) -> list[str]:
        """Return what there is of this run."""
        return [*self.configs(), *filter(None, [self.endpoint()])]

    def kill(self) -> None:
        """Kill the engine, which nothing can prepare for."""
        if alive(self.engine):
            os.kill(self.engine, signal.SIGKILL)

    def stop_job(self) -> None:
        """Stop the job, as a person in the console does."""
        self._sagemaker.stop_processing_job(ProcessingJobName=self.job)

    def abort(self) -> None:
        """Abort the execution; Step Functions stops the job."""
        self._states.stop_execution(executionArn=self.execution)

    def settled(self) -> str:
        """Wait for the end of job, execution and clean-ups; return the job's status."""
        wait_until(lambda: self.execution_status() != "RUNNING")
        self._watch.settle()
        wait_until(lambda: "RUNNING" not in self.cleanups())
        described = self._sagemaker.describe_processing_job(ProcessingJobName=self.job)
        return str(described["ProcessingJobStatus"])

    def execution_status(self) -> str:
        """Return how the execution is."""
        return str(self._states.describe_execution(executionArn=self.execution)["status"])

    def cleanups(self) -> list[str]:
        """Return the states of the clean-ups that its own stack started for this run's job.

        The rule of another stack hears of a job, too, if its jobs' names begin alike.
        """
        found = []
        machines = self._stage.aws.listed("stepfunctions", "list_state_machines", "stateMachines")
        arns = [machine["stateMachineArn"] for machine in machines]
        for arn in filter(lambda arn: arn.startswith(self._stack), arns):
            for execution in self._states.list_executions(stateMachineArn=arn)["executions"]:
                described = self._states.describe_execution(executionArn=execution["executionArn"])
                if json.loads(described["input"]).get("job_name") == self.job:
                    found.append(str(described["status"]))
        return found


Reached = Callable[[Run], bool]


def engines(stage: Stage) -> list[int]:
    """Return the ids of the engines that run: children of the emulator."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            command = (process / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        own = int(parent) == stage.emulator.process_id and state != "Z"
        if own and b"clarify_engine" in command:
            found.append(int(process.name))
    return found


@contextmanager
def disabled_rules(stage: Stage) -> Iterator[None]:
    """Have no rule hear of anything."""
    events = stage.aws.client("events")
    names = [rule["Name"] for rule in events.list_rules()["Rules"]]
    assert names
    for name in names:
        events.disable_rule(Name=name)
    yield
    for name in names:
        events.enable_rule(Name=name)


def make_endpoint_config(stage: Stage, name: str) -> None:
    """Make a config of the example's model."""
    variant: dict[str, Any] = {
        "VariantName": "AllTraffic",
        "ModelName": MODEL_NAME,
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.xlarge",
    }
    stage.aws.client("sagemaker").create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[variant]
    )


def make_endpoint(stage: Stage, name: str) -> None:
    """Make an endpoint from the config of its name, and wait until it serves."""
    sagemaker = stage.aws.client("sagemaker")
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"] == "InService"
    )
