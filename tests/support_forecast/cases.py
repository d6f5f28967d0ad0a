"""A forecasting dataset in its three layouts, configs over it, and a run without AWS."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clarify_contract.config import AnalysisConfig
from clarify_engine.forecast import ForecastExplanations, Forecasts, open_forecasts
from support_forecast.models import CONTENT_TEMPLATE, RECORD_TEMPLATE

HEADERS = ["item", "time", "sales", "price", "promotion", "store", "size"]
RELATED = ["price", "promotion"]
STATIC = ["store", "size"]

# The example of the developer guide's page "Time series data".
ROWS: list[dict[str, Any]] = [
    {"id": 1, "time": 0, "sales": 5, "price": 0, "promotion": 0, "store": -1, "size": 1},
    {"id": 1, "time": 1, "sales": 6, "price": 1, "promotion": 0, "store": -1, "size": 1},
    {"id": 1, "time": 2, "sales": 4, "price": 0, "promotion": 0, "store": -1, "size": 1},
    {"id": 2, "time": 2, "sales": 0, "price": 1, "promotion": 1, "store": 0, "size": 2},
    {"id": 2, "time": 3, "sales": 4, "price": 1, "promotion": 0, "store": 0, "size": 2},
]


def rows_of(target: list[Any], item: Any = "a", **columns: list[Any]) -> list[dict[str, Any]]:
    """Rows of one item with times 0, 1, …"""
    return [
        {"id": item, "time": t, "sales": value, **{name: columns[name][t] for name in columns}}
        for t, value in enumerate(target)
    ]


def as_columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def as_items(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    items: dict[Any, dict[str, Any]] = {}
    for row in rows:
        static = {name: row[name] for name in STATIC if name in row}
        item = items.setdefault(row["id"], {"id": row["id"], **static, "series": []})
        item["series"].append({k: v for k, v in row.items() if k not in item})
    return list(items.values())


LAYOUTS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "timestamp_records": lambda rows: rows,
    "columns": as_columns,
    "item_records": as_items,
}


def config(
    layout: str = "timestamp_records",
    *,
    related: list[str] | None = None,
    static: list[str] | None = None,
    **changes: Any,
) -> AnalysisConfig:
    """A timewise, chronological analysis; `method`, `data` and `predictor` change their keys."""
    start = {"columns": "", "timestamp_records": "[*].", "item_records": "[*].series[]."}[layout]
    of_item = "[*]." if layout == "item_records" else start
    data = {
        "target_time_series": f"{start}sales",
        "item_id": f"{of_item}id",
        "timestamp": f"{start}time",
        "dataset_format": layout,
        **({"related_time_series": [start + name for name in related]} if related else {}),
        **({"static_covariates": [of_item + name for name in static]} if static else {}),
        **changes.pop("data", {}),
    }
    method = {"direction": "chronological", "granularity": "timewise", **changes.pop("method", {})}
    predictor = {
        "endpoint_name": "forecaster",
        "content_template": CONTENT_TEMPLATE,
        "record_template": RECORD_TEMPLATE,
        "time_series_predictor_config": {"forecast": "predictions[*].mean"},
        **changes.pop("predictor", {}),
    }
    return AnalysisConfig(
        dataset_type="application/json",
        time_series_data_config=data,
        methods={"asymmetric_shapley_value": method},
        predictor=predictor,
        **changes,
    )


def fine_grained(num_samples: int = 100, **baseline: Any) -> dict[str, Any]:
    """The method's keys for fine-grained explanations."""
    method = {"granularity": "fine_grained", "num_samples": num_samples}
    return {**method, "baseline": baseline} if baseline else method


def write(folder: Path, document: Any, name: str = "data.json") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def nowhere(uri: str) -> Path:
    raise AssertionError(f"nothing should be fetched, but {uri}")


def opened(settings: AnalysisConfig, data: Path, seed: int = 0) -> Forecasts:
    return open_forecasts(settings, data, fetch=nowhere, seed=seed)


def explained(
    settings: AnalysisConfig,
    data: Path,
    model: Any,
    *,
    workers: int = 1,
    seed: int = 0,
    results_uri: str | None = None,
) -> tuple[list[dict[str, Any]], ForecastExplanations]:
    """Explain a dataset into a folder beside it, and return the lines and what was told."""
    output = data.parent / "output"
    found = opened(settings, data, seed).explain(
        model, output=output, results_uri=results_uri, workers=workers, tell=lambda *_: None
    )
    (file,) = [path for path in output.rglob("*") if path.is_file()]
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    file.unlink()
    return lines, found
