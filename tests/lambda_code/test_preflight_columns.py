"""Preflight finds in a table's columns what the contract finds, under the same ids."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_contract import AnalysisConfig, check_columns
from clarify_contract.config.columns import sent_columns as contract_sent_columns
from clarify_lambda.prepare.preflight.columns import (
    column_findings,
    headers_mismatch,
    named_columns,
    sent_columns,
)

COLUMNS = ("approved", "sex", "age", "income", "says")
BASE: dict[str, Any] = {
    "dataset_type": "text/csv",
    "label": "approved",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
    "methods": {"pre_training_bias": {"methods": "all"}},
}
PREDICTOR = {"endpoint_name": "live", "content_type": "application/json", "accept_type": "text/csv"}
TEMPLATE = PREDICTOR | {
    "content_template": '{"rows": $records}',
    "record_template": '{"a": "${age}", "b": "${incme}", "c": "${approved}"}',
}


def shap(**keys: Any) -> dict[str, Any]:
    return {"methods": {"shap": keys}, "predictor": PREDICTOR | {"content_type": "text/csv"}}


CASES: dict[str, dict[str, Any]] = {
    "nothing is wrong": {},
    "label": {"label": "aproved"},
    "label by index": {"label": 5},
    "last index": {"label": 4},
    "predicted label": {"predicted_label": "said"},
    "facets": {
        "facet": [
            {"name_or_index": "gender", "value_or_threshold": [0]},
            {"name_or_index": 7, "value_or_threshold": [0]},
        ]
    },
    "group": {"group_variable": "region"},
    "join": {"joinsource_name_or_index": "id"},
    "excluded": {"excluded_columns": ["bmi", 9, "age"]},
    "segments": {"segment_config": [{"name_or_index": "area", "segments": [["a"]]}]},
    "facet dataset": {
        "facet": [{"name_or_index": "gender", "value_or_threshold": [0]}],
        "facet_dataset_uri": "s3://people/facets.csv",
        "facet_headers": ["gender"],
        "group_variable": "region",
    },
    "predicted label dataset": {
        "predicted_label": "said",
        "predicted_label_dataset_uri": "s3://people/said.csv",
        "predicted_label_headers": ["said"],
        "excluded_columns": ["said"],
    },
    "explained": shap(features_to_explain=["age", "incme", "approved", 8], baseline=[[1, 2, 3, 4]]),
    "plotted": {
        "methods": {"pdp": {"features": ["sax", "says"], "grid_resolution": 15}},
        "predictor": PREDICTOR | {"content_type": "text/csv"},
        "predicted_label": "says",
    },
    "baseline": shap(baseline=[[1, 2, 3], [4, 5, 6]]),
    "baseline in S3": shap(baseline="s3://lake/baseline.csv"),
    "baseline of the features": shap(baseline=[[1, 2, 3, 4]]),
    "placeholders": {"methods": {"shap": {"num_samples": 20}}, "predictor": TEMPLATE},
}


JSON = {
    "dataset_type": "application/json",
    "features": "[*].features",
    "label": "[*].label",
    "predicted_label": "[*].says",
    "facet": [{"name_or_index": 9, "value_or_threshold": [0]}],
}
LINES = JSON | {"dataset_type": "application/jsonlines", "features": "features", "label": "label"}
JSON_PREDICTOR = PREDICTOR | {
    "content_template": '{"rows": $records}',
    "record_template": "$features",
}
CASES |= {
    "JSON by index": JSON | {"group_variable": 3, "excluded_columns": [1, 8]},
    "JSON baseline": JSON
    | {
        "methods": {"shap": {"baseline": [{"features": [1, 2]}, {"features": [1, 2]}]}},
        "predictor": JSON_PREDICTOR,
    },
    "lines by index": LINES | {"predicted_label": None, "excluded_columns": [4, 5]},
    "lines baseline": LINES
    | {
        "methods": {"shap": {"baseline": [{"features": [1, 2]}], "features_to_explain": [2, 3, 7]}},
        "predictor": JSON_PREDICTOR,
    },
}


def config(changes: dict[str, Any]) -> AnalysisConfig:
    keys = {key: value for key, value in (BASE | changes).items() if value is not None}
    return AnalysisConfig.load(keys)


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_columns_are_judged_as_the_contract_judges_them(changes: dict[str, Any]) -> None:
    parsed = config(changes)
    ours = [(f.id, f.path, f.given, f.allowed) for f in column_findings(parsed.to_dict(), COLUMNS)]
    theirs = [(f.id, f.path, f.given, f.allowed) for f in check_columns(parsed, COLUMNS)]
    assert ours == theirs


def test_the_cases_have_every_mistake_that_columns_can_have() -> None:
    ids = {f.id for case in CASES.values() for f in check_columns(config(case), COLUMNS)}
    assert ids == {"X16", "X17", "X19"}


@pytest.mark.parametrize("count", [4, 5, 6])
def test_headers_are_counted_as_the_contract_counts_them(count: int) -> None:
    headers = ["approved", "sex", "age", "income", "says", "more"][:count]
    parsed = config({"headers": headers})
    ours = [str(finding) for finding in headers_mismatch(headers, len(COLUMNS))]
    assert ours == [str(finding) for finding in check_columns(parsed, COLUMNS)]
    assert len(ours) == (count != 5)


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_features_are_those_of_the_contract(changes: dict[str, Any]) -> None:
    parsed = config(changes)
    assert sent_columns(parsed.to_dict(), COLUMNS) == contract_sent_columns(parsed, COLUMNS)


def test_names_that_tell_a_header_row_are_those_of_the_engine() -> None:
    from clarify_engine.data.roles import named_columns as engine_named_columns

    # Segments are no columns to the engine, which does not compute them; JSON has no header row.
    for name, changes in CASES.items():
        if name != "segments" and "features" not in changes:
            parsed = config(changes)
            assert named_columns(parsed.to_dict()) == set(engine_named_columns(parsed))


def test_a_finding_quotes_the_config_only() -> None:
    """What looks like a header row may be a row of data: its cells are not told as suggestions."""
    parsed = config({"label": "aproved", "group_variable": "regoin"})
    text = " ".join(map(str, column_findings(parsed.to_dict(), COLUMNS)))
    assert '"aproved"' in text
    assert not [name for name in COLUMNS if name in text.replace("aproved", "")]
