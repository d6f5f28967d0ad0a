"""Kernel SHAP's values beside those of shap's ExactExplainer and full KernelExplainer.

python benchmarks/shap_parity.py

Ten features, so that every coalition is asked for; several models, classes, baselines
and links. It ends with an error where two values are further apart than 1e-9.
"""

from __future__ import annotations

import itertools
import sys
from typing import Any

import joblib
import numpy as np
from explained import adult_like, continuous, fitted, table
from oracle import Oracle
from people import DATA
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from clarify_engine.matrix import to_matrix
from clarify_engine.shap import KernelShap

FEATURES, ROWS, LIMIT = 10, 20, 1e-9


def three_classes(kind: str, data: np.ndarray) -> Any:
    rng = np.random.default_rng(11)
    classes = (data @ rng.normal(size=(FEATURES, 3)) + rng.gumbel(size=(len(data), 3))).argmax(1)
    if kind == "logistic":
        return LogisticRegression().fit(data, classes)
    return GradientBoostingClassifier(n_estimators=30, random_state=0).fit(data, classes)


def cases() -> Any:
    """Yield name, model, rows and baseline of each case."""
    adult = adult_like(3000)[:, :FEATURES]
    for (name, data), baselines, kind, classes in itertools.product(
        (("continuous", continuous(3000, FEATURES)), ("adult", adult)),
        (1, 5, 30),
        ("logistic", "boosting"),
        (2, 3),
    ):
        if classes == 3:
            data = (data - data.mean(axis=0)) / data.std(axis=0)
        model = fitted(kind, data) if classes == 2 else three_classes(kind, data)
        yield f"{name}, {kind}, {classes} classes", model, data[:ROWS], data[-baselines:]


def main() -> None:
    DATA.mkdir(exist_ok=True)
    paths = {key: str(DATA / f"parity-{key}") for key in ("model.joblib", "case.npz", "values.npy")}
    largest = 0.0
    with Oracle("oracle_shap.py") as oracle:
        for name, model, rows, baseline in cases():
            joblib.dump(model, paths["model.joblib"])
            np.savez(paths["case.npz"], rows=rows, baseline=baseline)
            everything = table(np.vstack([rows, baseline]))
            for link, estimator in itertools.product(
                ("identity", "logit"), ("exact", "least_squares")
            ):
                ours = KernelShap(
                    lambda batch: model.predict_proba(to_matrix(batch)),  # noqa: B023
                    everything.slice(len(rows)),
                    num_samples=2**FEATURES - 2,
                    use_logit=link == "logit",
                    seed=0,
                    estimator=estimator,
                ).explain(everything.slice(0, len(rows)))
                apart = {}
                for explainer in ("exact", "kernel"):
                    oracle.ask(
                        model=paths["model.joblib"],
                        classes=True,
                        arrays=paths["case.npz"],
                        values=paths["values.npy"],
                        explainer=explainer,
                        samples="auto",
                        link=link,
                    )
                    apart[explainer] = float(np.abs(ours - np.load(paths["values.npy"])).max())
                largest = max(largest, *apart.values())
                print(
                    f"{name}, {len(baseline)} baseline rows, {link}, {estimator}: largest "
                    f"difference to ExactExplainer {apart['exact']:.1e}, to KernelExplainer "
                    f"{apart['kernel']:.1e}",
                    flush=True,
                )
    print(f"largest difference {largest:.1e}, limit {LIMIT:.0e}")
    sys.exit(0 if largest <= LIMIT else "The values differ.")


if __name__ == "__main__":
    main()
