"""Kernel SHAP beside shap 0.51's KernelExplainer, both against exact values, 12 features.

OMP_NUM_THREADS=1 python benchmarks/shap_speed.py [--cases continuous-1 …] [--models boosting …]

Both sides explain the same rows as they do by default, apart from shap's selection of features by
lasso, which would cost it time and precision. The model is the same joblib file, with the same
versions of numpy and scikit-learn, in a process for each side; the two take turns. A time holds
everything from model, baseline and rows to values. Through HTTP both ask the same server: shap
sends each of its batches as one request of CSV, the engine what its predictor makes of them.
Processor time is that of the side, without the server's. The mean absolute errors are compared; the
largest single error is printed beside them.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import joblib
import numpy as np
from exact_shapley import exact_values
from explained import (
    Called,
    adult_baseline,
    adult_like,
    continuous,
    fitted,
    probability,
    scores_of,
    table,
)
from model_server import served
from oracle import Oracle
from people import DATA
from timing import machine, require_one_thread

from clarify_engine.predict import ENDPOINT_WORKERS, Scores
from clarify_engine.shap import KernelShap
from clarify_local.models import open_model

RUNS = 5
ROUNDING = 1e-12  # errors below it are both none


@dataclass(frozen=True)
class Case:
    data: str
    baseline: int
    rows: int
    floor: float
    aim: float
    http: bool = False


CASES = {
    "adult-1": Case("adult", 1, 200, floor=10, aim=20),
    "continuous-1": Case("continuous", 1, 200, floor=6, aim=12),
    "adult-10": Case("adult", 10, 100, floor=3, aim=10),
    "continuous-10": Case("continuous", 10, 100, floor=3, aim=10),
    "adult-100": Case("adult", 100, 50, floor=18, aim=30),
    "continuous-100": Case("continuous", 100, 50, floor=18, aim=30),
    "http-adult-1": Case("adult", 1, 200, floor=4, aim=8, http=True),
    "http-continuous-1": Case("continuous", 1, 50, floor=4, aim=8, http=True),
}


def data_of(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what the model is fitted to, the rows to explain and the baseline rows."""
    many = 5000 + case.rows + case.baseline
    cells = adult_like(many) if case.data == "adult" else continuous(many)
    baseline = cells[-case.baseline :]
    if case.data == "adult" and case.baseline == 1:
        baseline = adult_baseline()
    return cells[:5000], cells[5000 : 5000 + case.rows], baseline


def ours(scores: Scores, rows: Any, baseline: Any, kept: dict) -> None:
    shap = KernelShap(scores, baseline, seed=0)
    kept["values"] = shap.explain(rows)[:, :, 0]
    kept["said"] = f"{shap.estimators}, {shap.predictions} predictions"


def timed(work: Callable[[], object]) -> dict[str, float]:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}


def errors(values: np.ndarray, exact: np.ndarray) -> tuple[float, float]:
    apart = np.abs(values - exact)
    return float(apart.mean()), float(apart.max())


def median(times: list[dict[str, float]], key: str) -> float:
    return statistics.median(time[key] for time in times)


def told(times: list[dict[str, float]], error: tuple[float, float], rows: int) -> str:
    wall, processor = median(times, "wall"), median(times, "processor")
    return (
        f"{wall:.4f} s wall, {processor:.4f} s processor, {rows / wall:.0f} rows/s, "
        f"error mean {error[0]:.1e} max {error[1]:.1e}"
    )


def measured(oracle: Oracle, name: str, case: Case, kind: str) -> bool:
    fitted_to, rows, baseline = data_of(case)
    paths = {key: str(DATA / f"shap-{key}") for key in ("model.joblib", "case.npz", "values.npy")}
    model = fitted(kind, fitted_to)
    joblib.dump(model, paths["model.joblib"])
    np.savez(paths["case.npz"], rows=rows, baseline=baseline)
    exact = exact_values(probability(model), rows, baseline)[:, :, 0]
    request = {
        "arrays": paths["case.npz"],
        "values": paths["values.npy"],
        "explainer": "kernel",
        "samples": "auto",
        "link": "identity",
    }
    everything = table(np.vstack([rows, baseline]))
    ours_rows, ours_baseline = everything.slice(0, len(rows)), everything.slice(len(rows))

    def compare(scores: Scores, **where: str) -> bool:
        kept: dict[str, Any] = {}
        work = partial(ours, scores, ours_rows, ours_baseline, kept)
        work()
        oracle.ask(**request, **where)
        times: tuple[list[dict[str, float]], list[dict[str, float]]] = ([], [])
        for _ in range(RUNS):
            times[0].append(timed(work))
            times[1].append(oracle.ask(**request, **where))
        both = errors(kept["values"], exact), errors(np.load(paths["values.npy"]), exact)
        ratios = [median(times[1], key) / median(times[0], key) for key in ("wall", "processor")]
        precise = both[0][0] <= max(both[1][0], ROUNDING)
        passed = precise and ratios[0] >= case.floor
        differing = (rows[:, None] != baseline).any(axis=1).sum(axis=1).mean()
        print(
            f"{name}, {kind}: {len(rows)} rows, {len(baseline)} baseline rows, {differing:.1f} "
            f"features differ\n"
            f"  engine {told(times[0], both[0], len(rows))} ({kept['said']})\n"
            f"  shap   {told(times[1], both[1], len(rows))}\n"
            f"  {ratios[0]:.1f} times as fast by wall clock, {ratios[1]:.1f} by processor time; "
            f"error {'not larger' if precise else 'LARGER'}; floor {case.floor} "
            f"{'met' if passed else 'NOT MET'}, aim {case.aim} "
            f"{'met' if passed and ratios[0] >= case.aim else 'not met'}",
            flush=True,
        )
        return passed

    names = everything.schema.names
    if not case.http:
        model = probability(joblib.load(paths["model.joblib"]))
        return compare(scores_of(Called(model), names), model=paths["model.joblib"])
    with served(DATA / "shap-model.joblib") as url, open_model(url, ENDPOINT_WORKERS) as asked:
        return compare(scores_of(asked, names, ENDPOINT_WORKERS), url=url)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument(
        "--models", nargs="+", choices=["logistic", "boosting"], default=["logistic", "boosting"]
    )
    given = parser.parse_args()
    require_one_thread()
    DATA.mkdir(exist_ok=True)
    print(machine())
    with Oracle("oracle_shap.py") as oracle:
        passed = [
            measured(oracle, name, CASES[name], kind)
            for name in given.cases
            for kind in given.models
        ]
    print(machine())
    sys.exit(0 if all(passed) else "A floor was not met.")


if __name__ == "__main__":
    main()
