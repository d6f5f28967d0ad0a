"""Carries out one processing job: inputs, the engine in a process of its own, outputs.

Images are not run: ``job_program`` says what does the work, in a folder that stands for the
container's root directory.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from clarify_contract.container import (
    DEFAULT_RUNTIME_SECONDS,
    EXIT_MESSAGE_MAX,
    JOB_CONFIG_FILE,
    LOG_GROUP,
    MESSAGE_FILE,
    RESOURCE_CONFIG_FILE,
)
from clarify_local.emulator import logs
from clarify_local.emulator.authorization import as_request
from clarify_local.emulator.identities import (
    Credentials,
    NotTrusted,
    assume_as_service,
    client,
    find_role,
    role_allows,
)
from clarify_local.emulator.job_data import (
    TransferFailed,
    download_inputs,
    local_path,
    upload_outputs,
)
from clarify_local.emulator.job_program import program
from clarify_local.emulator.job_rights import image_permissions, key_permissions
from clarify_local.emulator.network_paths import missing_path
from clarify_local.emulator.variables import without_detours
from clarify_local.emulator.world import World
from clarify_local.environment import bare_environment

_REASON_PREFIXES = ("AlgorithmError:", "ClientError:", "InternalServerError:", "CapacityError:")


@dataclass(frozen=True)
class Outcome:
    """How a job ended: what ``DescribeProcessingJob`` says of it."""

    status: Literal["Completed", "Failed", "Stopped"]
    failure_reason: str | None = None
    exit_message: str | None = None


@dataclass(frozen=True)
class Job:
    """A job that was accepted."""

    request: Mapping[str, Any]
    arn: str
    region: str
    stop: threading.Event

    @property
    def name(self) -> str:
        """The job's name."""
        return str(self.request["ProcessingJobName"])


def run(world: World, job: Job) -> Outcome:
    """Carry out a job and return how it ended; never raises."""
    try:
        return _run(world, job)
    except (TransferFailed, NotTrusted) as error:
        reason = str(error) if isinstance(error, TransferFailed) else f"ClientError: {error}"
        return Outcome("Failed", reason[:1024])
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        return Outcome("Failed", f"InternalServerError: the emulator failed: {error!r}"[:1024])


def _run(world: World, job: Job) -> Outcome:
    if reason := world.controls.next_job_failure():
        return Outcome("Failed", reason)
    if reason := _missing_right(world, job):
        return Outcome("Failed", reason)
    credentials = assume_as_service(
        world, job.request["RoleArn"], "sagemaker.amazonaws.com", job.region, [job.arn]
    )
    network = (job.request.get("NetworkConfig") or {}).get("VpcConfig")
    if reason := missing_path(world, network, job.region, "s3"):
        return Outcome("Failed", f"ClientError: Failed to download data. {reason}")
    if network:
        world.networks[credentials.access_key] = network
    s3 = client(world, "s3", job.region, credentials)
    with tempfile.TemporaryDirectory(
        prefix="job-", dir=world.folder, ignore_cleanup_errors=True
    ) as folder:
        root = Path(folder) / "root"
        _lay_out(job, root)
        download_inputs(s3, job.request, root)
        if job.stop.is_set():
            return Outcome("Stopped")
        outcome = _run_engine(world, job, root, Path(folder), credentials)
        if outcome.status == "Completed":
            upload_outputs(s3, job.request, root)
        return outcome


def _missing_right(world: World, job: Job) -> str | None:
    if not world.controls.enforce_iam:
        return None
    role = find_role(world, job.request["RoleArn"])
    for permission in (
        *image_permissions(job.request),
        *key_permissions(job.request, world.options.account, job.region),
    ):
        if not role_allows(world, role, as_request(world, permission, job.region)):
            return (
                f"ClientError: The role {role.arn} does not have permission to perform"
                f" {permission.action} on {permission.resource}."
            )
    return None


def _lay_out(job: Job, root: Path) -> None:
    """Make the folders and files that a container finds when it starts."""
    request = job.request
    for output in (request.get("ProcessingOutputConfig") or {}).get("Outputs", ()):
        local_path(root, output["S3Output"]["LocalPath"]).mkdir(parents=True, exist_ok=True)
    local_path(root, MESSAGE_FILE).parent.mkdir(parents=True, exist_ok=True)
    cluster = request["ProcessingResources"]["ClusterConfig"]
    hosts = [f"algo-{number}" for number in range(1, cluster.get("InstanceCount", 1) + 1)]
    description = {**request, "ProcessingJobArn": job.arn}
    for path, content in (
        (JOB_CONFIG_FILE, description),
        (RESOURCE_CONFIG_FILE, {"current_host": "algo-1", "hosts": hosts}),
    ):
        file = local_path(root, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")


def _environment(world: World, job: Job, folder: Path, credentials: Credentials) -> dict[str, str]:
    return {
        **without_detours(job.request.get("Environment") or {}),
        **bare_environment(home=folder),
        **credentials.environment(),
        "AWS_ENDPOINT_URL": world.endpoint,
        "AWS_REGION": job.region,
        "AWS_DEFAULT_REGION": job.region,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _run_engine(
    world: World, job: Job, root: Path, folder: Path, credentials: Credentials
) -> Outcome:
    standing_in = program(world, job.request["AppSpecification"]["ImageUri"], root)
    process = world.children.start(
        [*standing_in.command, "--root", str(root)],
        folder=folder,
        environment={
            **standing_in.environment,
            **_environment(world, job, folder, credentials),
        },
    )
    stream = f"{job.name}/algo-1-{int(time.time())}"
    reader = threading.Thread(target=_copy_log, args=(world, job, stream, process), daemon=True)
    reader.start()
    stopping = job.request.get("StoppingCondition") or {}
    limit = stopping.get("MaxRuntimeInSeconds", DEFAULT_RUNTIME_SECONDS)
    try:
        stopped = _wait(world, job, process, time.monotonic() + limit)
    finally:
        world.children.end(process)
    reader.join(timeout=5)
    message = _exit_message(root)
    if stopped:
        return Outcome("Stopped", exit_message=message)
    if process.returncode == 0:
        return Outcome("Completed", exit_message=message)
    reason = message or "See job logs for more information"
    if not reason.startswith(_REASON_PREFIXES):
        reason = f"AlgorithmError: {reason}"
    code = process.returncode if process.returncode >= 0 else 128 - process.returncode
    tail = f", exit code: {code}"
    return Outcome("Failed", reason[: 1024 - len(tail)] + tail, message)


def _wait(world: World, job: Job, process: subprocess.Popen[bytes], end: float) -> bool:
    """Wait for the program; stop it when asked to or when its time is over. True if stopped."""
    while process.poll() is None:
        if job.stop.wait(0.05) or time.monotonic() > end:
            process.send_signal(signal.SIGTERM)  # to the first process alone, as containers get it
            try:
                process.wait(world.options.stop_grace_seconds)
            except subprocess.TimeoutExpired:
                world.children.signal(process, signal.SIGKILL)
                process.wait()
            return True
    return job.stop.is_set()


def _copy_log(world: World, job: Job, stream: str, process: subprocess.Popen[bytes]) -> None:
    if process.stdout is None:
        return
    log = logs.Log(world, job.request["RoleArn"], job.region, LOG_GROUP, stream)
    with process.stdout as output:
        for line in output:
            text = line.decode("utf-8", errors="replace").rstrip("\n")
            log.write([text])


def _exit_message(root: Path) -> str | None:
    file = local_path(root, MESSAGE_FILE)
    if not file.is_file():
        return None
    with file.open("rb") as content:
        text = content.read(EXIT_MESSAGE_MAX).decode("utf-8", errors="ignore").strip()
    return text or None
