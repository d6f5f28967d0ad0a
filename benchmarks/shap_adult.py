"""SHAP of 30,162 rows of 14 features at num_samples 15, and how several workers share the work.

OMP_NUM_THREADS=1 python benchmarks/shap_adult.py [--rows 30162]

The analysis that a published job of the service asked for on UCI Adult; rows like those of Adult
are made here, with the kind of baseline that job had: the means, rounded. Data, baseline and model
are in memory; a time holds everything from them to global values by mean_abs.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import chdir
from functools import partial

import joblib
import numpy as np
import pyarrow as pa
from explained import ADULT_14, Called, adult_like, fitted, probability, scores_of, table
from model_server import served
from people import DATA, HERE
from timing import machine, median_seconds, require_one_thread

from clarify_engine.predict import Scores
from clarify_engine.shap import Aggregate, KernelShap
from clarify_local.models import open_model

SAMPLES, BATCH, FLOOR = 15, 8192, 3.0
WORKERS = (1, 2, 4)


def explain(scores: Scores, rows: pa.RecordBatch, baseline: pa.RecordBatch) -> np.ndarray:
    shap = KernelShap(scores, baseline, num_samples=SAMPLES, seed=0)
    aggregate = Aggregate("mean_abs")
    for at in range(0, rows.num_rows, BATCH):
        aggregate.update(shap.explain(rows.slice(at, BATCH)))
    return aggregate.result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=30_162)
    given = parser.parse_args()
    require_one_thread()
    cells = adult_like(given.rows, ADULT_14)
    everything = table(np.vstack([cells, np.round(cells.mean(axis=0))]), ADULT_14)
    rows, baseline = everything.slice(0, given.rows), everything.slice(given.rows)
    model = fitted("boosting", cells)
    DATA.mkdir(exist_ok=True)
    joblib.dump(model, DATA / "adult-model.joblib")
    print(machine())
    in_process = scores_of(Called(probability(model)), ADULT_14)
    wall, processor = median_seconds(partial(explain, in_process, rows, baseline))
    print(
        f"{given.rows} rows, {len(ADULT_14)} features, num_samples {SAMPLES}, in process "
        f"(medians of 5): {wall:.2f} s wall, {processor:.2f} s processor; floor {FLOOR:.0f} s: "
        f"{'met' if wall < FLOOR else 'NOT MET'}",
        flush=True,
    )
    values = explain(in_process, rows, baseline)
    with served(DATA / "adult-model.joblib") as url, chdir(HERE):
        for what, spec in (("callable in processes", "called_model:predict"), ("endpoint", url)):
            for workers in WORKERS:
                with open_model(spec, workers) as asked:
                    scores = scores_of(asked, ADULT_14, workers)
                    if not np.allclose(explain(scores, rows, baseline), values, rtol=0, atol=1e-12):
                        sys.exit("The values differ.")
                    wall, _ = median_seconds(partial(explain, scores, rows, baseline))
                print(f"  {what}, {workers} workers: {wall:.2f} s wall", flush=True)


if __name__ == "__main__":
    main()
