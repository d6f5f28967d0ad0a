"""Results to report on: of real measurements, and of names that are hard to set."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from clarify_contract import POST_TRAINING, PRE_TRAINING, Finding
from clarify_engine.bias import BiasPlan, BiasTally, FacetPlan
from clarify_engine.report import ReportData, ShapSample

Results = tuple[dict[str, Any], ReportData, dict[str, Any], dict[str, Any]]

CONFIG: dict[str, Any] = {
    "version": "1.0",
    "dataset_type": "text/csv",
    "label": "high_progression",
    "label_values_or_threshold": [1],
    "excluded_columns": ["bmi_class"],
    "facet": [
        {"name_or_index": "sex"},
        {"name_or_index": "age", "value_or_threshold": [50]},
    ],
    "group_variable": "bmi_class",
    "methods": {
        "pre_training_bias": {"methods": "all"},
        "post_training_bias": {"methods": "all"},
        "shap": {"baseline": [[48.5, 1, 26.4, 94.6]], "agg_method": "mean_abs", "seed": 7},
        "pdp": {"grid_resolution": 15, "top_k_features": 6},
        "report": {"name": "report", "title": "Diabetes progression: bias and explanations"},
    },
    "predictor": {"model_name": "diabetes-progression", "probability": 0},
}

WARNING = Finding(
    "int-facet-as-threshold",
    "$.facet[1].value_or_threshold",
    "one value for the integer column age, which has many values",
    "a threshold: the group is everyone above it",
    "Check the group in the results; give several values to mean categories.",
    "warning",
)


@cache
def diabetes() -> Results:
    """Bias, SHAP and partial dependence of a linear model on scikit-learn's 442 patients."""
    from sklearn.datasets import load_diabetes

    loaded = load_diabetes(scaled=False)
    names, x = list(loaded.feature_names), loaded.data
    label = (loaded.target > np.median(loaded.target)).astype(np.int64)
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    weights = np.linalg.lstsq(scaled, label - label.mean(), rcond=None)[0]
    score = 0.5 + scaled @ weights
    columns = dict(zip(names, x.T, strict=True))
    for name in ("age", "sex"):
        columns[name] = columns[name].astype(np.int64)
    facts = {
        "high_progression": label,
        "predicted_label": (score > 0.5).astype(np.int64),
        "bmi_class": np.digitize(columns["bmi"], [25, 30]),
    }
    tally = BiasTally(_plan(tuple(names)))
    tally.update(pa.RecordBatch.from_pydict({**columns, **facts}))
    shap = scaled * weights
    chosen = slice(None, None, 2)
    rows = pa.RecordBatch.from_pydict({name: values[chosen] for name, values in columns.items()})
    ranked = sorted(zip(names, np.abs(shap).mean(axis=0), strict=True), key=lambda item: -item[1])
    analysis = {
        "version": "1.0",
        **tally.sections(),
        "explanations": {
            "kernel_shap": {
                "label0": {
                    "global_shap_values": {
                        n: float(abs(shap[:, names.index(n)]).mean()) for n in names
                    },
                    "expected_value": float(score.mean()),
                }
            },
            "pdp": [
                _dependence(name, columns[name], weights[names.index(name)])
                for name, _ in ranked[:6]
            ],
        },
    }
    data = ReportData(
        config=CONFIG,
        rows=len(label),
        statistics=tally.statistics(),
        shap=ShapSample.of(rows, shap[chosen][..., None], ["label0"]),
        warnings=(*tally.warnings(), WARNING),
    )
    provenance = {
        "engine": {"name": "clarify-cdk", "version": "0.1.0"},
        "data": [{"name": "data.csv", "bytes": 22_104, "sha256": "9f86d081884c7d65" * 4}],
        "rows": len(label),
        "shap": {"estimators": {"exact": 442}, "seed": 7, "predictions": 452_608},
        "seconds": {"load": 0.02, "predict": 0.11, "shap": 1.84, "pdp": 0.2},
    }
    return analysis, data, provenance, tally.intervals()


def _plan(features: tuple[str, ...]) -> BiasPlan:
    return BiasPlan(
        label="high_progression",
        positive=(1,),
        facets=(FacetPlan("sex", ()), FacetPlan("age", (50,))),
        group="bmi_class",
        predicted="predicted_label",
        features=features,
        pre_training=tuple(sorted(PRE_TRAINING)),
        post_training=tuple(sorted(POST_TRAINING)),
    )


def _dependence(name: str, cells: np.ndarray[Any, Any], weight: float) -> dict[str, Any]:
    scale = cells.std()
    if name == "sex":
        values, counts = np.unique(cells, return_counts=True)
        kind = "categorical"
    else:
        counts, edges = np.histogram(cells, 15)
        values, kind = (edges[1:] + edges[:-1]) / 2, "numerical"
    return {
        "feature_name": name,
        "data_type": kind,
        "feature_values": values.tolist(),
        "data_distribution": (counts / len(cells)).tolist(),
        "model_predictions": [(0.5 + weight * (values - cells.mean()) / scale).tolist()],
        "label_headers": ["label0"],
    }


RTL = "قطاع الاقتصاد والعمل"
LONG = "percentage_of_household_income_spent_on_rent_in_the_last_q1_"
HOSTILE = '<script>alert("1")</script>'


@cache
def hard() -> Results:
    """Twelve groups, forty features of sixty characters, four labels, Arabic, and HTML as names."""
    random = np.random.default_rng(3)
    n = 1200
    groups = [f"a group with a rather long name, number {i:02}" for i in range(10)] + [RTL, HOSTILE]
    facet, label = random.integers(0, 12, n), random.integers(0, 2, n)
    predicted = np.where(random.random(n) < 0.8, label, facet % 2)
    predicted[facet == 3] = 0
    columns = {
        HOSTILE: [groups[i] for i in facet],
        LONG: label,
        "predicted_label": predicted,
        RTL: random.integers(0, 5, n),
    }
    plan = replace(
        _plan(()),
        label=LONG,
        facets=(FacetPlan(HOSTILE, ()), FacetPlan(RTL, (1, 2))),
        group=None,
        post_training=tuple(sorted(set(POST_TRAINING) - {"FT"})),
    )
    tally = BiasTally(plan)
    tally.update(pa.RecordBatch.from_pydict(columns))
    names = [f"{LONG[:57]}{i:03}" for i in range(38)] + [RTL, HOSTILE]
    labels = [
        "label0",
        RTL,
        HOSTILE,
        "a label header that is long enough to take two lines or more",
    ]
    shap = random.normal(0, 1, (500, 40, 4)) * np.linspace(2, 0.01, 40)[None, :, None]
    cells = {name: random.normal(size=500) for name in names}
    cells[RTL] = [groups[i] for i in facet[:500]]  # type: ignore[assignment]
    analysis = {
        "version": "1.0",
        **tally.sections(),
        "explanations": {
            "kernel_shap": {
                key: {
                    "global_shap_values": {
                        name: float(np.median(shap[:, j, k])) for j, name in enumerate(names)
                    },
                    "expected_value": -1.2e-7,
                }
                for k, key in enumerate(labels)
            },
            "pdp": [
                *(_many(names[i], labels, random) for i in range(40)),
                {
                    "feature_name": "comments",
                    "data_type": "free_text",
                    "error": "Detected data type is not supported for PDP.",
                },
            ],
            "asymmetric_shapley_value": {
                "explanation_results_path": f"s3://bucket/{LONG}/{LONG}/",
                "direction": "chronological",
                "granularity": "fine_grained",
            },
        },
    }
    config = {
        **CONFIG,
        "label": LONG,
        "facet": [
            {"name_or_index": HOSTILE},
            {"name_or_index": RTL, "value_or_threshold": [1, 2]},
        ],
        "methods": {
            **CONFIG["methods"],
            "shap": {"agg_method": "median", "use_logit": True},
            "report": {"name": "hard", "title": f"{HOSTILE} {RTL} {LONG}"},
        },
    }
    data = ReportData(
        config=config,
        rows=n,
        statistics=tally.statistics(),
        shap=ShapSample.of(pa.RecordBatch.from_pydict(cells), shap, labels),
        warnings=(replace(WARNING, path=f"$.{LONG}.{LONG}", given=HOSTILE),),
    )
    provenance = {"model": {"reference": HOSTILE, LONG: [RTL, LONG]}}
    return analysis, data, provenance, tally.intervals()


def _many(name: str, labels: list[str], random: np.random.Generator) -> dict[str, Any]:
    categorical = name in (RTL, HOSTILE) or name.endswith(("1", "2"))
    values: list[Any] = sorted((random.random(15) * 10**5).tolist())
    if categorical:
        values = (
            [RTL, HOSTILE, LONG, True]
            if name.endswith(("1", RTL))
            else [f"c{i}" for i in range(60)]
        )
    return {
        "feature_name": name,
        "data_type": "categorical" if categorical else "numerical",
        "feature_values": values,
        "data_distribution": random.dirichlet(np.ones(len(values))).tolist(),
        "model_predictions": random.random((len(labels), len(values))).cumsum(axis=1).tolist(),
        "label_headers": labels,
    }
