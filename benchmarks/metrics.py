"""20 bias metrics of rows in memory: the engine beside smclarify 0.5.

OMP_NUM_THREADS=1 python benchmarks/metrics.py [--rows 3000000] [--oracle-runs 5]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from oracle import oracle_python
from people import COUNTED, DATA, HERE, people
from timing import machine, median_seconds, require_one_thread

from clarify_contract import POST_TRAINING, PRE_TRAINING
from clarify_engine.bias import BiasPlan, BiasTally, FacetPlan

FACETS = {"categorical": ("Sex", 0), "continuous": ("Hours", 45.0)}


def ours(batch: pa.RecordBatch, facet: str, value: float) -> dict[str, float]:
    plan = BiasPlan(
        label="Target",
        positive=(1,),
        facets=(FacetPlan(facet, (value,)),),
        group="Age",
        predicted="Predicted",
        features=(),
        pre_training=tuple(sorted(PRE_TRAINING)),
        post_training=tuple(sorted(code for code in POST_TRAINING if code != "FT")),
    )
    tally = BiasTally(plan)
    tally.update(batch)
    sections = tally.sections().values()
    groups = [section["facets"][facet][0] for section in sections]
    return {metric["name"]: metric["value"] for group in groups for metric in group["metrics"]}


def oracle(data: Path, facet: str, value: float, runs: int) -> dict[str, Any]:
    script = str(HERE / "oracle_metrics.py")
    command = [oracle_python(), script, data, facet, json.dumps(value), str(runs)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=-1).stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--facet", choices=[*FACETS, "both"], default="both")
    parser.add_argument("--oracle-runs", type=int, default=5, help="0: only the engine")
    given = parser.parse_args()
    require_one_thread()
    table = pa.Table.from_batches(people(given.rows)).select([*COUNTED, "Hours"])
    batch = table.combine_chunks().to_batches()[0]
    DATA.mkdir(exist_ok=True)
    data = DATA / f"metrics-{given.rows}.parquet"
    if given.oracle_runs:
        pq.write_table(pa.table(batch), data)
    print(machine())
    for name, (facet, value) in FACETS.items():
        if given.facet not in (name, "both"):
            continue
        wall, processor = median_seconds(lambda: ours(batch, facet, value))  # noqa: B023
        print(
            f"{name}, {given.rows} rows: engine {wall:.3f} s wall, {processor:.3f} s processor "
            "(medians of 5)",
            flush=True,
        )
        if not given.oracle_runs:
            continue
        theirs = oracle(data, facet, value, given.oracle_runs)
        values = ours(batch, facet, value)
        apart = max(abs(values[code] - theirs["values"][code]) for code in values)
        if len(values) != 20 or apart > 1e-12:
            sys.exit(f"{len(values)} metrics, and the two differ by {apart}")
        print(
            f"{name}: smclarify {theirs['wall']:.1f} s wall, {theirs['processor']:.1f} s processor "
            f"(medians of {given.oracle_runs}); the engine is {theirs['wall'] / wall:.0f} times as "
            f"fast by wall clock, {theirs['processor'] / processor:.0f} times by processor time; "
            f"20 metrics, largest difference {apart:.1e}",
            flush=True,
        )


if __name__ == "__main__":
    main()
