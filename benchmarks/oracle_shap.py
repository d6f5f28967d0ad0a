"""Run in the oracles' environment: Shapley values by shap 0.51, one request a line.

A request names a joblib file of a model or the URL of an endpoint, a file of rows and baseline, and
an explainer; the answer holds times, and the values are written to the file that the request names.
"""

from __future__ import annotations

import csv
import http.client
import io
import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

warnings.filterwarnings("ignore")

import joblib  # noqa: E402
import numpy as np  # noqa: E402
import shap  # noqa: E402

Model = Callable[[np.ndarray], np.ndarray]


def endpoint(url: str) -> Model:
    """Return an endpoint as a function: each batch is one request with a body of CSV."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)

    def answer(cells: np.ndarray) -> np.ndarray:
        body = io.StringIO()
        csv.writer(body, lineterminator="\n").writerows(cells.tolist())
        headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
        connection.request("POST", urlsplit(url).path, body.getvalue().encode(), headers)
        response = connection.getresponse()
        if response.status != 200:
            sys.exit(f"The endpoint answered {response.status}.")
        return np.array(response.read().split(), dtype=float)

    return answer


def model_of(request: dict[str, Any]) -> Model:
    if "url" in request:
        return endpoint(request["url"])
    model = joblib.load(request["model"])
    if request.get("classes"):
        return lambda cells: model.predict_proba(cells)
    return lambda cells: model.predict_proba(cells)[:, 1]


def values_by(request: dict[str, Any], model: Model, rows: Any, baseline: Any) -> np.ndarray:
    if request["explainer"] == "exact":
        masker = shap.maskers.Independent(baseline, max_samples=len(baseline))
        link = getattr(shap.links, request["link"])
        exact = shap.explainers.ExactExplainer(model, masker, link=link, linearize_link=False)
        return exact(rows, silent=True).values
    # No selection of features by lasso, the default of shap since 0.47: it costs time, and leaves
    # out all but ten features. The service has none either.
    explainer = shap.KernelExplainer(model, baseline, link=request["link"])
    return explainer.shap_values(rows, nsamples=request["samples"], l1_reg=0, silent=True)


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        model = model_of(request)
        arrays = np.load(request["arrays"])
        rows, baseline = arrays["rows"], arrays["baseline"]
        np.random.seed(0)
        wall, processor = time.perf_counter(), time.process_time()
        values = values_by(request, model, rows, baseline)
        times = {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
        np.save(request["values"], values)
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
