"""A whole analysis of a CSV file beside a scan of the same columns by pyarrow.

OMP_NUM_THREADS=1 python benchmarks/csv_run.py [--rows 3000000]
"""

from __future__ import annotations

import argparse
import tempfile
from functools import partial
from pathlib import Path

import pyarrow.csv as pcsv
from people import COUNTED, DATA, config, people
from timing import machine, medians_in_turn, require_one_thread

from clarify_engine.run import analyze


def written(rows: int) -> Path:
    path = DATA / f"people-{rows}.csv"
    if not path.exists():
        DATA.mkdir(exist_ok=True)
        batches = people(rows)
        first = next(batches)
        with pcsv.CSVWriter(path, first.schema) as writer:
            writer.write_batch(first)
            for batch in batches:
                writer.write_batch(batch)
    return path


def scan(path: Path) -> None:
    options = pcsv.ConvertOptions(include_columns=COUNTED)
    with pcsv.open_csv(path, convert_options=options) as reader:
        for _ in reader:
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    given = parser.parse_args()
    require_one_thread()
    path = written(given.rows)
    print(machine())
    scan(path)  # from here on the file is in memory
    with tempfile.TemporaryDirectory() as output:
        analysis = partial(analyze, config("text/csv"), path, Path(output))
        scanned, ran = medians_in_turn([partial(scan, path), analysis])
    print(
        f"{given.rows} rows, {path.stat().st_size / 1e6:.0f} MB (medians of 5): "
        f"scan {scanned[0]:.2f} s wall, {scanned[1]:.2f} s processor; "
        f"analysis {ran[0]:.2f} s wall, {ran[1]:.2f} s processor; "
        f"ratio {ran[0] / scanned[0]:.2f} by wall clock, "
        f"{ran[1] / scanned[1]:.2f} by processor time"
    )


if __name__ == "__main__":
    main()
