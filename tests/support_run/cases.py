"""A small dataset with everything a bias analysis needs, and configs over it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from clarify_contract.config import AnalysisConfig

ROWS = 60
HEADERS = ("approved", "sex", "region", "income", "age")


def rows() -> list[tuple[int, int, int, float, int]]:
    """Rows whose label and prediction differ, in both groups and in both directions."""
    return [
        (
            int((7 * i) % 10 > 3 + i % 2),
            i % 2,
            i % 3,
            1000.5 + 37 * ((11 * i) % 60),
            20 + (13 * i) % 50,
        )
        for i in range(ROWS)
    ]


def predicted(row: tuple[int, int, int, float, int]) -> int:
    """What the model says about a row: by income and sex only."""
    return int(row[3] + 200 * row[1] > 2000)


def score(income: float, sex: int) -> float:
    """A score that is greater than 0.5 exactly where `predicted` is 1."""
    return 0.9 if income + 200 * sex > 2000 else 0.1


def write_csv(path: Path, *, with_prediction: bool = False) -> Path:
    """Write the dataset, with a header row."""
    names = [*HEADERS, "says"] if with_prediction else list(HEADERS)
    lines = [[*row, predicted(row)] if with_prediction else list(row) for row in rows()]
    text = "\n".join(",".join(map(str, line)) for line in [names, *lines])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def config(**changes: Any) -> AnalysisConfig:
    """A config over the dataset: both stages, all metrics; `None` removes a key."""
    keys: dict[str, Any] = {
        "dataset_type": "text/csv",
        "label": "approved",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
        "group_variable": "region",
        "methods": {
            "pre_training_bias": {"methods": "all"},
            "post_training_bias": {"methods": "all"},
        },
    } | changes
    return AnalysisConfig.load({key: value for key, value in keys.items() if value is not None})


PRE_TRAINING = {"pre_training_bias": {"methods": "all"}}
SHADOW = {
    "model_name": "loan",
    "initial_instance_count": 1,
    "instance_type": "ml.m5.large",
    "probability": 0,
}


FORECAST: dict[str, Any] = {
    "dataset_type": "application/json",
    "time_series_data_config": {
        "target_time_series": "[].target",
        "item_id": "[].id",
        "timestamp": "[].timestamp",
        "dataset_format": "timestamp_records",
    },
    "methods": {
        "asymmetric_shapley_value": {"direction": "chronological", "granularity": "timewise"},
        "report": {"name": "report"},
    },
    "predictor": {
        **{key: value for key, value in SHADOW.items() if key != "probability"},
        "content_template": '{"instances": $records}',
        "record_template": '{"start": $start_time, "target": $target_time_series}',
        "time_series_predictor_config": {"forecast": "predictions"},
    },
}
"""Keys of a config over flat records of `id`, `timestamp` and `target`."""


def answer_csv(request: dict[str, Any]) -> tuple[str, str]:
    """Serve CSV: `sex,region,income,age` in, one score a line out."""
    records = [line.split(",") for line in request["Body"].decode().split("\n")]
    scores = [score(float(record[2]), int(record[0])) for record in records]
    return "\n".join(map(str, scores)), "text/csv"


def post_training(output: Path) -> Any:
    """Return the post-training section that an analysis wrote."""
    return json.loads((output / "analysis.json").read_text())["post_training_bias_metrics"]
