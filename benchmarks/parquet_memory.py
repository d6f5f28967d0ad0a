"""Peak memory of a whole analysis of Parquet files, one of which has ten times the rows.

OMP_NUM_THREADS=1 python benchmarks/parquet_memory.py [--rows 3000000]

Linux only: the peak is read from /proc.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from people import DATA, config, people
from timing import machine, print_peak_megabytes, require_one_thread


def written(rows: int) -> Path:
    path = DATA / f"people-{rows}.parquet"
    if not path.exists():
        DATA.mkdir(exist_ok=True)
        batches = people(rows)
        first = next(batches)
        with pq.ParquetWriter(path, first.schema) as writer:
            writer.write_batch(first)
            for batch in batches:
                writer.write_batch(batch)
    return path


def peak_megabytes(rows: int) -> float:
    """Analyse in a process of its own, and return the largest memory that it had."""
    command = [sys.executable, __file__, "--analyse", written(rows)]
    return float(subprocess.run(command, check=True, stdout=-1, text=True).stdout)


def analyse(path: Path) -> None:
    from clarify_engine.run import analyze

    with tempfile.TemporaryDirectory() as output:
        analyze(config("application/x-parquet"), path, Path(output))
    print_peak_megabytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--analyse", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.analyse is not None:
        analyse(given.analyse)
        return
    require_one_thread()
    print(machine())
    small, large = (peak_megabytes(rows) for rows in (given.rows, 10 * given.rows))
    print(
        f"{given.rows} rows: peak {small:.0f} MB; {10 * given.rows} rows: {large:.0f} MB; "
        f"{large - small:.0f} MB more"
    )


if __name__ == "__main__":
    main()
