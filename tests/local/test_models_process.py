"""`clarify analyze` as a process with a model of one's own: stopped, it ends all it started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

HANGS = """
import os, time
def model(rows):
    open(f"started-{os.getpid()}", "w").close()
    time.sleep(600)
"""
SECONDS = 60


def soon(fact: Callable[[], bool]) -> bool:
    end = time.monotonic() + SECONDS
    while not fact() and time.monotonic() < end:
        time.sleep(0.05)
    return fact()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_analysis_ends_its_models_and_writes_nothing(
    tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "hanging.py").write_text(HANGS)
    (tmp_path / "data.csv").write_text("y,x\n" + "0,1\n1,2\n" * 10)
    keys = {
        "dataset_type": "text/csv",
        "label": "y",
        "predictor": {"endpoint_name": "in-the-cloud"},
        "methods": {"shap": {"baseline": [[0]], "agg_method": "mean_abs"}},
    }
    (tmp_path / "config.json").write_text(json.dumps(keys))
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "clarify_local.cli", "analyze", "config.json"),
            *("--data", "data.csv", "--model", "hanging:model", "--workers", "2"),
        ],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert soon(lambda: bool(list(tmp_path.glob("started-*"))))
        process.send_signal(number)
        output, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    models = [int(file.name.partition("-")[2]) for file in tmp_path.glob("started-*")]
    assert process.returncode == 128 + number, output
    assert output.endswith(f"stopped by signal {number}\n")
    assert soon(lambda: not any(map(is_alive, models)))
    assert not (tmp_path / "analysis").exists()
