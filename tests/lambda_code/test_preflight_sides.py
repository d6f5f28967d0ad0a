"""What else a run reads: baselines, facets and predicted labels in files of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clarify_contract import AnalysisConfig
from clarify_engine.baseline import open_baseline
from clarify_engine.data import open_dataset
from clarify_engine.errors import AnalysisError
from clarify_engine.forecast.baseline import open_baseline as open_forecast_baseline
from clarify_lambda.prepare.preflight.dataset import HEAD_BYTES, Dataset, Head
from clarify_lambda.prepare.preflight.findings import Seen, preflight
from support_forecast.cases import ROWS, STATIC
from support_forecast.cases import config as forecast_config
from support_lambda import DAY

URI = "s3://lake/side/"
DATA = b"approved,sex,age\n" + b"1,0,40\n0,1,50\n" * 30
BIAS: dict[str, Any] = {
    "dataset_type": "text/csv",
    "label": "approved",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
    "methods": {"pre_training_bias": {"methods": "all"}},
}
SHAP: dict[str, Any] = {
    "dataset_type": "text/csv",
    "label": "approved",
    "methods": {"shap": {"baseline": URI, "num_samples": 10}},
    "predictor": {"endpoint_name": "live", "content_type": "text/csv"},
}
LINES = SHAP | {"dataset_type": "application/jsonlines", "features": "x", "label": "y"}
DOCUMENT = SHAP | {"dataset_type": "application/json", "features": "[*].x", "label": "[*].y"}


def data(name: str, body: bytes | None) -> Dataset:
    if body is None:
        return Dataset(name)
    head = Head(f"{name} (a)", body[:HEAD_BYTES], whole=len(body) <= HEAD_BYTES)
    return Dataset(name, objects=1, size=len(body), head=head if body else None)


def ids(
    config: dict[str, Any], name: str, body: bytes | None, dataset: bytes = DATA
) -> list[tuple[str, str]]:
    config = AnalysisConfig.load(config).to_dict()
    seen = Seen(data("dataset", dataset), [data(name, body)])
    return [(f.id, f.severity) for f in preflight(config, seen, DAY)]


def engine_finds(opening: Callable[[], object]) -> list[str]:
    try:
        opening()
    except AnalysisError as error:
        return [finding.id for finding in error.findings]
    return []


def lines(rows: list[Any]) -> bytes:
    return b"".join(json.dumps({"x": row, "y": 1}).encode() + b"\n" for row in rows)


def document(rows: list[Any]) -> bytes:
    return json.dumps([{"x": row, "y": 1} for row in rows]).encode()


ROWS_OF_TWO = [[0, 40], [1, 50]] * 30
BASELINES: dict[str, tuple[dict[str, Any], bytes, bytes, str | None]] = {
    "rows": (SHAP, DATA, b"0,40\n1,50\n", None),
    "rows below their names": (SHAP, DATA, b"sex, AGE\n0,40\n", None),
    "lines": (LINES, lines(ROWS_OF_TWO), lines([[0, 45]]), None),
    "a document": (DOCUMENT, document(ROWS_OF_TWO), document([[0, 45]]), None),
    "with the label": (SHAP, DATA, b"1,0,40\n", "baseline-width"),
    "lines that are too long": (
        LINES,
        lines(ROWS_OF_TWO),
        lines([[0, 45, 1]]),
        "baseline-width",
    ),
    "rows of a document that are too short": (
        DOCUMENT,
        document(ROWS_OF_TWO),
        document([[0]]),
        "baseline-width",
    ),
    "names alone": (SHAP, DATA, b"sex,age\n", "baseline-empty"),
    "nothing": (SHAP, DATA, b"", "dataset-empty"),
    "another encoding": (SHAP, DATA, "é,1\n".encode("latin-1"), "dataset-not-utf8"),
    "no JSON": (LINES, lines(ROWS_OF_TWO), b"0,45\n", "dataset-unreadable"),
    "no list": (LINES, lines(ROWS_OF_TWO), b'{"x": 7}', "features-shape"),
}


@pytest.mark.parametrize(("config", "dataset", "body", "id_"), BASELINES.values(), ids=BASELINES)
def test_a_baseline_is_judged_as_the_engine_judges_it(
    config: dict[str, Any], dataset: bytes, body: bytes, id_: str | None, tmp_path: Path
) -> None:
    expected = [] if id_ is None else [(id_, "error")]
    assert ids(config, "baseline", body, dataset) == expected
    (tmp_path / "data").write_bytes(dataset)
    (tmp_path / "side").write_bytes(body)

    def fetch(uri: str) -> Path:
        return tmp_path / "side"

    parsed = AnalysisConfig.load(config)
    opened = open_dataset(parsed, tmp_path / "data", fetch=fetch)
    assert engine_finds(
        lambda: open_baseline(parsed, opened, fetch, seed=0, tell=lambda rows: None)
    ) == ([] if id_ is None else [id_])


def test_a_json_baseline_may_have_the_excluded_columns_too() -> None:
    config = LINES | {"headers": ["sex", "age", "y"], "excluded_columns": ["sex"]}
    dataset = lines(ROWS_OF_TWO)
    assert ids(config, "baseline", lines([[45]]), dataset) == []
    assert ids(config, "baseline", lines([[0, 45]]), dataset) == []
    found = ids(config, "baseline", lines([[0, 45, 1]]), dataset)
    assert found == [("baseline-width", "error")]


def test_a_cut_row_of_a_long_baseline_is_not_held_against_it() -> None:
    assert ids(SHAP, "baseline", b"0,40\n" * 100_000) == []


def test_of_a_parquet_baseline_only_the_format_is_seen() -> None:
    config = SHAP | {"dataset_type": "application/x-parquet"}
    unchecked = ("dataset-not-checked", "warning")
    assert ids(config, "baseline", b"PAR1....", b"PAR1....") == [unchecked] * 2
    found = ids(config, "baseline", b"0,40\n", b"PAR1....")
    assert found == [unchecked, ("dataset-unreadable", "error")]


def test_without_the_datasets_columns_only_headers_tell_the_width() -> None:
    seen = Seen(Dataset(unknown="AccessDenied for GetObject"), [data("baseline", b"0,40,7\n")])
    found = [finding.id for finding in preflight(SHAP, seen, DAY)]
    assert found == ["dataset-not-checked"] * 2
    config = SHAP | {"headers": ["approved", "sex", "age"]}
    found = [finding.id for finding in preflight(config, seen, DAY)]
    assert found == ["dataset-not-checked", "baseline-width"]


FACETS = BIAS | {"facet_dataset_uri": URI}
PREDICTED = BIAS | {
    "predicted_label_dataset_uri": URI,
    "methods": {"post_training_bias": {"methods": ["DPPL"]}},
}
SIDES: dict[str, tuple[dict[str, Any], bytes, str | None]] = {
    "facets": (FACETS, b"sex\n" + b"0\n1\n" * 30, None),
    "facets without names": (
        FACETS | {"facet_headers": ["sex"]},
        b"0\n1\n" * 30,
        None,
    ),
    "no facets": (FACETS, b"gender\nx\ny\n", "X16"),
    "a group beside the facets": (
        FACETS | {"group_variable": "region"},
        b"sex,region\nf,x\nm,y\n",
        None,
    ),
    "a group in the dataset": (FACETS | {"group_variable": "age"}, b"sex\nf\nm\n", None),
    "a group in neither": (FACETS | {"group_variable": "region"}, b"sex\nf\nm\n", "X16"),
    "a group that is no column of the dataset": (
        FACETS | {"group_variable": 3},
        b"sex,a,b,c\nf,x,y,z\n",
        "X16",
    ),
    "more columns than headers": (FACETS | {"facet_headers": ["sex"]}, b"0,1\n", "X15"),
    "an empty file": (FACETS, b"", "dataset-empty"),
    "a compressed file": (FACETS, b"\x1f\x8b\x08", "dataset-unreadable"),
    "a row that is too long": (FACETS, b"sex,x\n0,1\n0,1,2\n", "dataset-ragged"),
    "predicted labels": (PREDICTED, b"predicted_label\n1\n0\n", None),
    "predicted labels under another name": (PREDICTED, b"said\nx\ny\n", "X16"),
    "predicted labels by their name": (
        PREDICTED | {"predicted_label": "said"},
        b"said\nx\ny\n",
        None,
    ),
}


@pytest.mark.parametrize(("config", "body", "id_"), SIDES.values(), ids=SIDES)
def test_a_side_dataset_has_the_columns_that_the_config_names(
    config: dict[str, Any], body: bytes, id_: str | None
) -> None:
    name = "facet_dataset_uri" if "facet_dataset_uri" in config else "predicted_label_dataset_uri"
    assert ids(config, name, body) == ([] if id_ is None else [(id_, "error")])


SERIES = json.dumps(ROWS).encode()
FORECAST_BASELINES: dict[str, tuple[bytes, str | None]] = {
    "values for each item": (b'{"static_covariates": {"1": [0, 1], "2": [0, 2]}}', None),
    "no values": (b'{"target_time_series": "mean"}', None),
    "too few values": (b'{"static_covariates": {"1": [0, 1], "2": [0]}}', "static-baseline"),
    "a list": (b"[]", "forecast-baseline"),
}


@pytest.mark.parametrize(("body", "id_"), FORECAST_BASELINES.values(), ids=FORECAST_BASELINES)
def test_a_baseline_of_time_series_is_judged_as_the_engine_judges_it(
    body: bytes, id_: str | None, tmp_path: Path
) -> None:
    parsed = forecast_config(static=STATIC, method={"baseline": URI})
    found = ids(parsed.to_dict(), "baseline", body, SERIES)
    assert found == ([] if id_ is None else [(id_, "error")])
    (tmp_path / "side").write_bytes(body)
    method = parsed.methods.asymmetric_shapley_value
    assert method is not None
    assert engine_finds(
        lambda: open_forecast_baseline(method, len(STATIC), lambda uri: tmp_path / "side")
    ) == ([] if id_ is None else [id_])


def test_no_cell_of_a_side_is_in_a_finding() -> None:
    config = AnalysisConfig.load(SHAP).to_dict()
    seen = Seen(data("dataset", DATA), [data("baseline", b"secret,hidden,covert\n")])
    text = " ".join(map(str, preflight(config, seen, DAY)))
    assert "baseline-width" in text
    assert not [cell for cell in ("secret", "hidden", "covert") if cell in text]
