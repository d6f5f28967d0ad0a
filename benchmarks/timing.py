"""What the benchmarks share: medians, and a line about the machine. Standard library only."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path


def median_seconds(work: Callable[[], object], runs: int = 5) -> tuple[float, float]:
    """Return the median wall-clock and processor time of some runs of the same work.

    On a machine that is busy with other work only the processor time says something.
    """
    (medians,) = medians_in_turn([work], runs)
    return medians


def medians_in_turn(
    works: Sequence[Callable[[], object]], runs: int = 5
) -> list[tuple[float, float]]:
    """Return the medians of several works that take turns, so that all meet the same machine."""
    times: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(runs):
        for work, done in zip(works, times, strict=True):
            wall, processor = time.perf_counter(), time.process_time()
            work()
            done.append((time.perf_counter() - wall, time.process_time() - processor))
    return [
        (statistics.median(wall for wall, _ in done), statistics.median(spent for _, spent in done))
        for done in times
    ]


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


def print_peak_megabytes() -> None:
    """Print the largest memory that this process has had.

    Not by getrusage: its peak includes that of the parent before exec.
    """
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(int(status["VmHWM"].split()[0]) / 1024)
