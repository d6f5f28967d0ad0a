"""The container as SageMaker starts and stops it: a process, signals, and nothing left behind."""

from __future__ import annotations

import importlib.util
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clarify_engine.predict import ENDPOINT_WORKERS
from support_run import cases
from support_run.fakes import FakeRuntime, FakeSageMaker
from support_run.jobs import JobFolder
from support_run.loopback import serving

RESULTS = ["analysis.json", "intervals.json", "provenance.json", "report_data.json"]
SECONDS = 60


class Account:
    """Emulated SageMaker, and the process that uses it."""

    def __init__(self) -> None:
        self.sagemaker = FakeSageMaker(looks_creating=1)
        self.runtime = FakeRuntime(self._answer)
        self.on_invoke: Callable[[], None] = lambda: None
        self.pid: int | None = None
        self._started = threading.Event()

    def run(self, job: JobFolder) -> tuple[int, str]:
        with serving(self.sagemaker, self.runtime) as url:
            process = job.start(url)
            self.pid = process.pid
            self._started.set()
            try:
                output, _ = process.communicate(timeout=SECONDS)
            finally:
                process.kill()
        return process.returncode, output

    def stop_job(self, number: int = signal.SIGTERM) -> None:
        """Signal the process in the middle of a call, and answer a little later."""
        assert self._started.wait(SECONDS)
        assert self.pid is not None
        os.kill(self.pid, number)
        time.sleep(0.5)

    def is_running(self) -> bool:
        assert self.pid is not None
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def assert_nothing_left(self) -> None:
        assert self.sagemaker.endpoints == {}
        assert self.sagemaker.configs == {}

    def _answer(self, request: dict[str, Any]) -> tuple[str, str]:
        self.on_invoke()
        return cases.answer_csv(request)


@pytest.fixture
def account() -> Account:
    return Account()


def once(act: Callable[[], None]) -> Callable[[], None]:
    waiting = [act]
    return lambda: waiting.pop()() if waiting else None


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    # FT would load scikit-learn, which takes longer than all the rest.
    methods = {"post_training_bias": {"methods": ["AD", "DPPL"]}}
    return JobFolder(tmp_path, cases.config(predictor=cases.SHADOW, methods=methods))


def test_a_job_runs_through_and_leaves_only_its_results(account: Account, job: JobFolder) -> None:
    account.sagemaker.job_tags = [{"Key": "team", "Value": "risk"}]
    code, output = account.run(job)
    assert (code, job.results, job.message) == (0, RESULTS, ""), output
    account.assert_nothing_left()
    assert dict(account.sagemaker.requests)["create_endpoint"]["Tags"] == [
        {"Key": "team", "Value": "risk"}
    ]
    phases = [line.rpartition("Phase: ")[2] for line in output.splitlines() if "Phase: " in line]
    assert phases == [
        f"{phase}."
        for phase in ("validate", "endpoint", "load", "predict", "compute", "delete", "write")
    ]


@pytest.mark.parametrize(
    "call",
    [
        "list_tags",
        "create_endpoint_config",
        "create_endpoint",
        "describe_endpoint",
        "invoke_endpoint",
        "delete_endpoint",
    ],
)
def test_a_job_that_is_stopped_in_a_call_leaves_nothing(
    account: Account, job: JobFolder, call: str
) -> None:
    if call == "invoke_endpoint":
        account.on_invoke = once(account.stop_job)
    else:
        account.sagemaker.before[call] = once(account.stop_job)
    code, output = account.run(job)
    assert job.message == "Signal 15 received, cleaning up.", output
    assert code == 128 + signal.SIGTERM
    assert job.results == []
    account.assert_nothing_left()


def test_a_second_signal_does_not_disturb_the_clean_up(account: Account, job: JobFolder) -> None:
    account.sagemaker.before["describe_endpoint"] = once(account.stop_job)
    account.sagemaker.before["delete_endpoint"] = once(lambda: account.stop_job(signal.SIGINT))
    code, output = account.run(job)
    assert job.message == "Signal 15 received, cleaning up."
    assert code == 128 + signal.SIGTERM
    assert "Signal 2 received again, still cleaning up." in output
    account.assert_nothing_left()


def test_a_stopped_job_does_not_wait_for_an_endpoint_that_never_answers(
    account: Account, job: JobFolder
) -> None:
    header, *rows = job.data.read_text().splitlines(keepends=True)
    job.data.write_text(header + "".join(rows) * 20)  # enough rows for every worker
    signal_once = once(account.stop_job)
    under_way = threading.Barrier(ENDPOINT_WORKERS)
    stopped: list[float] = []

    def never_answer() -> None:
        if under_way.wait(SECONDS) == 0:
            stopped.append(time.monotonic())
            signal_once()
        while account.is_running():
            time.sleep(0.05)

    account.on_invoke = never_answer
    code, output = account.run(job)
    assert code == 128 + signal.SIGTERM, output
    assert time.monotonic() - stopped[0] < 10
    assert job.results == []
    account.assert_nothing_left()


def test_pre_training_bias_needs_no_aws_at_all(tmp_path: Path) -> None:
    job = JobFolder(tmp_path, cases.config(methods=cases.PRE_TRAINING))
    process = job.start()
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, output
    assert job.results == RESULTS


def test_what_the_image_does_not_have_is_not_loaded(tmp_path: Path) -> None:
    """Where pandas is installed, pyarrow would import it: half a second of each job."""
    assert importlib.util.find_spec("pandas") is not None
    job = JobFolder(tmp_path, cases.config(methods=cases.PRE_TRAINING))
    process = job.start(python=["-X", "importtime"])
    output, _ = process.communicate(timeout=SECONDS)
    assert (process.returncode, job.results) == (0, RESULTS), output
    loaded = {line.rpartition("|")[2].strip() for line in output.splitlines() if "|" in line}
    assert "pyarrow.compute" in loaded
    assert not {name for name in loaded if name.startswith("pandas.")}
