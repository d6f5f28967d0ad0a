"""What the benchmarks share: medians, and a line about the machine. Standard library only."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path


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
        f"numpy {version('numpy')}, pyarrow {version('pyarrow')}; OMP_NUM_THREADS={threads}"
    )


def require_one_thread() -> None:
    """End unless the environment asks for one thread, which libraries read when they are loaded."""
    if os.environ.get("OMP_NUM_THREADS") != "1":
        sys.exit("Run it with OMP_NUM_THREADS=1 in the environment.")
