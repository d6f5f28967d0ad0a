"""What the benchmarks share: data of a given size, medians, and a line about the machine."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

HERE = Path(__file__).parent
DATA = HERE / ".data"

CHUNK = 1 << 20


def people(rows: int) -> Iterator[pa.RecordBatch]:
    """Yield rows like those of UCI Adult, a chunk at a time, the same ones at every call."""
    rng = np.random.default_rng(2026)
    for start in range(0, rows, CHUNK):
        n = min(CHUNK, rows - start)
        sex = rng.integers(0, 2, n)
        age = rng.integers(17, 91, n)
        target = (rng.random(n) < 0.2 + 0.1 * sex).astype(np.int64)
        flipped = rng.random(n) < 0.15
        yield pa.RecordBatch.from_pydict(
            {
                "Sex": sex,
                "Age": age,
                "Hours": rng.normal(40, 12, n).round(2),
                "Target": target,
                "Predicted": np.where(flipped, 1 - target, target),
            }
        )


def median_seconds(work: Callable[[], object], runs: int = 5) -> tuple[float, float]:
    """Return the median wall-clock and processor time of some runs of the same work.

    On a machine that is busy with other work only the processor time says something.
    """
    wall, processor = [], []
    for _ in range(runs):
        start = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - start[0])
        processor.append(time.process_time() - start[1])
    return statistics.median(wall), statistics.median(processor)


def machine() -> str:
    """Say on what this runs."""
    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = lines[0].partition(":")[2].strip() if lines else model
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    threads = os.environ.get("OMP_NUM_THREADS", "unset")
    return (
        f"{model}, {os.cpu_count()} CPUs{load}; Python {platform.python_version()}, "
        f"numpy {np.__version__}, pyarrow {pa.__version__}; OMP_NUM_THREADS={threads}"
    )


def require_one_thread() -> None:
    """End unless the environment asks for one thread, which libraries read when they are loaded."""
    if os.environ.get("OMP_NUM_THREADS") != "1":
        sys.exit("Run it with OMP_NUM_THREADS=1 in the environment.")
