"""Configs and data with every mistake that stops a run before its job starts."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from support_local.stage import MODEL_NAME, example_config

#: Names and numbers of columns that the example's data has not, in every place that names one.
BAD_COLUMNS: dict[str, Any] = example_config(
    label="progression",
    facet=[{"name_or_index": "gender"}],
    excluded_columns=["bmi_class", 40],
    group_variable="region",
    methods={"shap": {"baseline": [[1, 2, 3]], "features_to_explain": ["s7"], "num_samples": 100}},
    predictor={
        "endpoint_name": "nobody",
        "content_type": "application/json",
        "accept_type": "text/csv",
        "content_template": '{"rows": $records}',
        "record_template": '{"a": "${gender}"}',
    },
)
#: The name of a model that is not there, or has its VPC in one zone.
ONE_ZONE = "one-zone"
#: Three columns, for data that are written with a mistake.
BAD_HEADERS: dict[str, Any] = example_config(
    headers=["high", "sex", "age"],
    label="high",
    facet=[{"name_or_index": "sex", "value_or_threshold": [1]}],
    excluded_columns=None,
    group_variable=None,
    methods={"pre_training_bias": {"methods": ["DPL"]}},
    predictor=None,
)
#: The same columns in JSON Lines and in JSON.
BAD_LINES = BAD_HEADERS | {
    "dataset_type": "application/jsonlines",
    "features": "reverse(features)",
    "label": "label",
    "headers": ["age", "sex", "high"],
}
BAD_DOCUMENT = BAD_LINES | {
    "dataset_type": "application/json",
    "features": "rows[*].features",
    "label": "labels || rows[*].label",
}
ROWS = b"high,sex,age\n" + b"1,0,40\n0,1,50\n" * 30
#: Data for `BAD_HEADERS`, and the one finding that stops the run; None: no object at all.
BAD_HEADERS_DATA: dict[str, tuple[bytes | None, str]] = {
    "nothing": (None, "dataset-empty"),
    "an empty file": (b"", "dataset-empty"),
    "a header row alone": (b"high,sex,age\n", "dataset-empty"),
    "a compressed file": (b"\x1f\x8b\x08\x00\x00", "dataset-unreadable"),
    "blank lines": (b"\n\n", "dataset-unreadable"),
    "another encoding": (ROWS + "1,0,é\n".encode("latin-1"), "dataset-not-utf8"),
    "a row that is too long": (ROWS + b"1,0,40,7\n", "dataset-ragged"),
    "a column more": (ROWS.replace(b"\n", b",7\n"), "X15"),
    "columns in another order": (ROWS.replace(b"high,sex", b"sex,high"), "headers-order"),
}
LINE = b'{"features": [0, 40], "label": 1}\n'
BAD_LINES_DATA: dict[str, tuple[bytes | None, str]] = {
    "a line that is no JSON": (LINE + b"{", "dataset-unreadable"),
    "a line without features": (LINE + b'{"features": [], "label": 1}', "features-shape"),
    "a function that does not fit": (LINE + b'{"features": 7, "label": 1}', "jmespath-failed"),
    "no label": (
        b'{"features": [0, 40]}\n{"features": [1, 50]}\n' * 30,
        "json-nothing-found",
    ),
    "values in a value": (LINE + b'{"features": [0, [40]], "label": 1}', "features-nested"),
    "a record of another width": (LINE + b'{"features": [0], "label": 1}', "dataset-ragged"),
    "a feature more than headers": (b'{"features": [0, 40, 7], "label": 1}', "X15"),
}
BAD_DOCUMENT_DATA: dict[str, tuple[bytes | None, str]] = {
    "lines for a document": (LINE * 2, "dataset-unreadable"),
    "a record without features": (
        b'{"rows": [{"features": [0, 40], "label": 1}, {"label": 1}]}',
        "json-nulls-dropped",
    ),
    "labels of other records": (
        b'{"rows": [{"features": [0, 40]}], "labels": [1, 0]}',
        "json-lengths",
    ),
}


class Beside(NamedTuple):
    """A dataset, what lies at `SIDE_URI`, and the one finding that stops the run."""

    data: bytes
    side: bytes
    id_: str


SIDE_URI = "s3://clarify-side/baseline"
HOSTED = {"model_name": MODEL_NAME, "initial_instance_count": 1, "instance_type": "ml.m5.large"}
_COLUMNS = ["high", "sex", "age", *(f"f{i}" for i in range(10))]
#: A baseline in S3, and requests that are JSON as long as `sex` is a number. In a minute there is
#: time for 264,000 predictions.
BAD_SIDE: dict[str, Any] = example_config(
    headers=_COLUMNS,
    label="high",
    facet=None,
    label_values_or_threshold=None,
    excluded_columns=None,
    group_variable=None,
    methods={"shap": {"baseline": SIDE_URI}},
    predictor=HOSTED
    | {
        "content_type": "application/json",
        "accept_type": "text/csv",
        "content_template": '{"rows": $records}',
        "record_template": '{"sex": 1"${sex}", "age": "${age}"}',
    },
)
WIDE_ROWS = b"1,0,40,1,2,3,4,5,6,7,8,9,0\n0,1,50,2,3,4,5,6,7,8,9,0,1\n" * 30
SIDE_ROW = b"0,40,1,2,3,4,5,6,7,8,9,0\n"
BAD_SIDE_DATA: dict[str, Beside] = {
    "a baseline with a label": Beside(WIDE_ROWS, b"1," + SIDE_ROW, "baseline-width"),
    "a baseline of names": Beside(
        WIDE_ROWS, f"{','.join(_COLUMNS[1:])}\n".encode(), "baseline-empty"
    ),
    "a text behind a digit": Beside(
        WIDE_ROWS.replace(b"1,0,", b"1,male,"), SIDE_ROW, "template-json"
    ),
}
_SERIES: dict[str, Any] = {
    "dataset_format": "item_records",
    "item_id": "ids || [*].id",
    "timestamp": "[*].series[].time",
    "target_time_series": "[*].sales[]",
    "static_covariates": ["[*].size"],
}
SERIES: dict[str, Any] = {
    "version": "1.0",
    "dataset_type": "application/json",
    "time_series_data_config": _SERIES,
    "methods": {
        "asymmetric_shapley_value": {
            "direction": "chronological",
            "granularity": "timewise",
            "baseline": SIDE_URI,
        }
    },
    "predictor": HOSTED
    | {
        "content_template": '{"instances": $records}',
        "record_template": '{"start": $start_time, "target": $target_time_series}',
        "time_series_predictor_config": {"forecast": "predictions[*].mean"},
    },
}
SERIES_BY_INDEX = SERIES | {
    "time_series_data_config": {
        "dataset_format": "timestamp_records",
        "item_id": 0,
        "timestamp": 1,
        "target_time_series": 2,
    },
    "methods": {
        "asymmetric_shapley_value": {"direction": "chronological", "granularity": "timewise"}
    },
}
_ITEM: dict[str, Any] = {
    "id": "a",
    "size": 3,
    "series": [{"time": 0}, {"time": 1}],
    "sales": [5, 6],
}
ITEMS = json.dumps([_ITEM]).encode()
_STATIC = b'{"static_covariates": {"a": [3]}}'
SERIES_DATA: dict[str, Beside] = {
    "a time without a value": Beside(
        json.dumps([_ITEM, {**_ITEM, "id": "b", "sales": [5]}]).encode(),
        _STATIC,
        "forecast-lengths",
    ),
    "an object": Beside(b'{"rows": []}', _STATIC, "forecast-nothing-found"),
    "no list of items": Beside(b'{"ids": ["a"]}', _STATIC, "forecast-no-projection"),
    "times in a list": Beside(
        json.dumps([{**_ITEM, "series": [{"time": [0, 1]}]}]).encode(),
        _STATIC,
        "forecast-nested",
    ),
    "a baseline that is a list": Beside(ITEMS, b"[]", "forecast-baseline"),
    "a value too many": Beside(ITEMS, b'{"static_covariates": {"a": [3, 4]}}', "static-baseline"),
}
