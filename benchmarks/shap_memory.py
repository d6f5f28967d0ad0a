"""Peak memory of an analysis with SHAP, PDP and a report, of which one has ten times the rows.

OMP_NUM_THREADS=1 python benchmarks/shap_memory.py [--rows 300000]

SHAP aggregates by the median and saves all local values: of 3 million rows they alone are larger
than the limit. The model is a formula in the same process. Linux only: the peak is read from /proc.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from parquet_memory import written
from timing import machine, print_peak_megabytes, require_one_thread

from clarify_contract import AnalysisConfig

FLOOR = 100
CONFIG = {
    "dataset_type": "application/x-parquet",
    "label": "Target",
    "excluded_columns": ["Predicted"],
    "predictor": {"endpoint_name": "not-asked", "content_type": "text/csv"},
    "methods": {
        "shap": {
            "baseline": [[1, 40, 40.0, 190_000, "HS-grad"]],
            "agg_method": "median",
            "save_local_shap_values": True,
        },
        "pdp": {"features": ["Age", "Hours", "Education"], "grid_resolution": 10},
        "report": {"name": "report", "title": "Memory"},
    },
}


class Formula:
    """A logistic function of the features; a `clarify_engine.predict.Tabular`."""

    reference = "formula"

    def scores(self, features: pa.RecordBatch) -> np.ndarray:
        columns = [
            column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            for column in features.columns
        ]
        sex, age, hours, weight = (column.to_numpy(zero_copy_only=False) for column in columns[:4])
        degree = pc.is_in(columns[4], value_set=pa.array(["Masters", "Doctorate"]))
        degree = degree.to_numpy(zero_copy_only=False)
        score = 0.5 * sex + 0.03 * age + 0.02 * hours * (1 + degree) - weight / 1e6 - 3
        return 1 / (1 + np.exp(-score))


def peak_megabytes(rows: int) -> float:
    """Analyse in a process of its own, and return the largest memory that it had."""
    command = [sys.executable, __file__, "--analyse", written(rows)]
    return float(subprocess.run(command, check=True, stdout=-1, text=True).stdout)


def analyse(path: Path) -> None:
    from clarify_engine.run import analyze

    with tempfile.TemporaryDirectory() as folder:
        analyze(AnalysisConfig.load(CONFIG), path, Path(folder), model=Formula())
        saved = (Path(folder) / "explanations_shap" / "out.csv").stat().st_size
        print(f"{path.name}: {saved / 1e6:.0f} MB of local values", file=sys.stderr)
    print_peak_megabytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--analyse", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.analyse is not None:
        analyse(given.analyse)
        return
    require_one_thread()
    print(machine())
    peaks = []
    for rows in (given.rows, 10 * given.rows):
        start = time.perf_counter()
        peaks.append(peak_megabytes(rows))
        print(f"{rows} rows: peak {peaks[-1]:.0f} MB, {time.perf_counter() - start:.0f} s")
    more = peaks[1] - peaks[0]
    print(f"{more:.0f} MB more; limit {FLOOR} MB")
    sys.exit(0 if more <= FLOOR else "Memory grows with the rows.")


if __name__ == "__main__":
    main()
