"""How long `clarify rehearse` takes, by phase: the median of several runs of the example.

OMP_NUM_THREADS=1 python benchmarks/rehearsal.py [--runs 5]

The first three phases run side by side, so the phases add up to more than the total. "processor"
is the time that all processes of a run spent computing: what stays the same on a busy machine.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
from pathlib import Path

from timing import machine, require_one_thread

from clarify_local.deployed import Pipeline
from clarify_local.execution import Execution
from clarify_local.planning import example_plan
from clarify_local.rehearsal import rehearse


class Silent:
    """Shows nothing."""

    def phase(self, name: str, seconds: float | None) -> None:
        pass

    def execution(self, pipeline: Pipeline, execution: Execution) -> None:
        pass


def processor_seconds() -> float:
    """Return what this process and all its ended children have computed so far."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    require_one_thread()
    print(machine())
    taken: dict[str, list[float]] = {}
    for _ in range(runs):
        before = processor_seconds()
        with tempfile.TemporaryDirectory() as output:
            rehearsal = rehearse(example_plan(output=Path(output), given={}), Silent())
        if rehearsal.outcome.verdict != "passed":
            raise SystemExit(f"not the example's verdict: {rehearsal.outcome.reason}")
        for step in rehearsal.outcome.execution.steps:
            taken.setdefault(f"  {step.name}", []).append(step.seconds or 0.0)
        for phase, seconds in rehearsal.seconds.items():
            taken.setdefault(phase, []).append(seconds)
        taken.setdefault("processor", []).append(processor_seconds() - before)
    for name, all_runs in taken.items():
        middle, least, most = statistics.median(all_runs), min(all_runs), max(all_runs)
        print(f"{name:18} {middle:6.2f} s  ({least:.2f} to {most:.2f})")


if __name__ == "__main__":
    main()
