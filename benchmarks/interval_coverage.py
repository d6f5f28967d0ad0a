"""How often the 95 % intervals of `intervals.json` cover the true value, metric by metric.

python benchmarks/interval_coverage.py [--draws 2000]

Tables are drawn from populations whose true metrics are known. It ends with an error where an
interval covers the true value in less than 93 % or more than 97 % of the draws.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from timing import machine

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from clarify_engine.bias.intervals.formulas import FORMULAS
from clarify_engine.bias.intervals.group import group_intervals
from support_bias.populations import POPULATIONS, Population

LOW, HIGH, ROUNDING = 0.93, 0.97, 1e-9


def coverage(population: Population, draws: int) -> tuple[dict[str, tuple[int, int]], float]:
    """Return by metric how many intervals there were and covered; and the longest time of one."""
    rng = np.random.default_rng(2026)
    truth = population.truth()
    given, covered, longest = dict.fromkeys(FORMULAS, 0), dict.fromkeys(FORMULAS, 0), 0.0
    for _ in range(draws):
        table = population.draw(rng)
        began = time.perf_counter()
        intervals = group_intervals(table, FORMULAS)
        longest = max(longest, time.perf_counter() - began)
        for code, interval in intervals.items():
            given[code] += 1
            covered[code] += interval.low - ROUNDING <= truth[code] <= interval.high + ROUNDING
    return {code: (given[code], covered[code]) for code in FORMULAS}, longest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2_000)
    draws = parser.parse_args().draws
    print(machine())
    outside = []
    for population in POPULATIONS:
        found, longest = coverage(population, draws)
        truth = population.truth()
        print(f"{population.name}: {population.rows} rows, {draws} draws, longest {longest:.3f} s")
        for code, (given, covered) in found.items():
            share = covered / given if given else float("nan")
            print(f"  {code:6} true {truth[code]:8.4f}  {given:5} intervals, {share:7.2%} cover")
            # Where few draws have an interval, their share says nothing.
            if given >= draws / 2 and not LOW <= share <= HIGH:
                outside.append(f"{code} ({population.name})")
        sys.stdout.flush()
    if outside:
        sys.exit(f"outside of {LOW:.0%} to {HIGH:.0%}: {', '.join(outside)}")


if __name__ == "__main__":
    main()
