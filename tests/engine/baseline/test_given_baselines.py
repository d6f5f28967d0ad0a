"""Baselines that the config gives, in every form, and what is wrong with others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_contract import AnalysisConfig
from clarify_engine.baseline import Baseline, open_baseline
from clarify_engine.baseline.cells import typed_rows
from clarify_engine.baseline.given import rows_in_files
from clarify_engine.data import Dataset, open_dataset
from clarify_engine.errors import AnalysisError

NAMES = "age,income,city,member\n"
URI = "s3://bucket/baseline"
CSV = "age,income,city,member,label\n30,1.5,York,True,1\n40,2,,False,0\n"
TYPES = pa.schema(
    {"age": pa.int64(), "income": pa.float64(), "city": pa.string(), "member": pa.bool_()}
)
RECORDS = [
    {"features": [30, 1.5, "York", True], "label": 1},
    {"features": [40, 2, None, False], "label": 0},
]
ROW = [35, 1, "Ely", 1]
EXPECTED: dict[str, Any] = {"age": 35, "income": 1.0, "city": "Ely", "member": True}
HEADERS = ["age", "income", "city", "member", "label"]


def config(baseline: Any, dataset_type: str = "text/csv", **keys: Any) -> AnalysisConfig:
    given: dict[str, Any] = {
        "dataset_type": dataset_type,
        "label": "label",
        "methods": {"shap": {"baseline": baseline}},
        "predictor": {"endpoint_name": "model", "content_type": "text/csv"},
        **keys,
    }
    return AnalysisConfig(**{key: value for key, value in given.items() if value is not None})


def dataset(config: AnalysisConfig, folder: Path) -> Dataset:
    """Open the dataset of this module in the config's format."""
    path = folder / "dataset"
    if config.dataset_type == "text/csv":
        path.write_text(CSV)
    elif config.dataset_type == "application/jsonlines":
        path.write_text("\n".join(map(json.dumps, RECORDS)))
    elif config.dataset_type == "application/json":
        path.write_text(json.dumps(RECORDS))
    else:
        rows = [dict(zip(HEADERS, [*r["features"], r["label"]], strict=True)) for r in RECORDS]  # type: ignore[misc]
        pq.write_table(pa.Table.from_pylist(rows), path)
    return open_dataset(config, path, fetch=no_fetch)


def no_fetch(uri: str) -> Path:
    raise AssertionError("there is nothing to fetch")


def opened(config: AnalysisConfig, folder: Path, file: Path | None = None) -> Baseline:
    return open_baseline(
        config,
        dataset(config, folder),
        no_fetch if file is None else {URI: file}.__getitem__,
        seed=1,
        tell=lambda rows: None,
    )


def from_file(folder: Path, text: str, dataset_type: str = "text/csv", **keys: Any) -> Baseline:
    path = folder / "baseline"
    path.write_text(text, encoding="utf-8")
    return opened(config(URI, dataset_type, **keys), folder, path)


def refusal(folder: Path, text: str, dataset_type: str = "text/csv", **keys: Any) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        from_file(folder, text, dataset_type, **keys)
    return caught.value


LINES = {"features": "features", "headers": HEADERS}
DOCUMENT = {"features": "[*].features", "label": "[*].label", "headers": HEADERS}


@pytest.mark.parametrize(
    ("baseline", "dataset_type", "keys"),
    [
        ([ROW], "text/csv", {}),
        ([ROW], "application/x-parquet", {}),
        ([{"features": ROW}], "application/jsonlines", LINES),
        ([{"features": ROW, "label": 1}], "application/json", DOCUMENT),
    ],
    ids=["csv", "parquet", "json lines", "json"],
)
def test_rows_in_place_have_the_datasets_form_and_types(
    baseline: Any, dataset_type: str, keys: dict[str, Any], tmp_path: Path
) -> None:
    found = opened(config(baseline, dataset_type, **keys), tmp_path)
    assert found.rows.to_pylist() == [EXPECTED]
    assert found.rows.schema == TYPES
    assert (found.computed, found.clusters, found.warnings) == (False, None, ())


def test_one_json_document_may_be_an_object(tmp_path: Path) -> None:
    keys = {**DOCUMENT, "features": "rows[*].features", "label": "rows[*].label"}
    path = tmp_path / "dataset"
    path.write_text(json.dumps({"rows": RECORDS}))
    found = config({"rows": [{"features": ROW}]}, "application/json", **keys)
    opened_dataset = open_dataset(found, path, fetch=no_fetch)
    rows = open_baseline(found, opened_dataset, no_fetch, seed=0, tell=lambda rows: None).rows
    assert rows.to_pylist() == [EXPECTED]


def test_a_whole_json_record_loses_its_excluded_cells(tmp_path: Path) -> None:
    path = "[*].[features[0],features[1],features[2],features[3]]"
    keys = {**DOCUMENT, "features": path, "excluded_columns": ["income"]}
    found = opened(config([{"features": ROW}], "application/json", **keys), tmp_path)
    assert found.rows.to_pylist() == [{"age": 35, "city": "Ely", "member": True}]


@pytest.mark.parametrize(
    "text",
    [
        "35,1,Ely,true\n",
        "age,income,city,member\n35,1,Ely,true",
        "﻿ Age ,income,city,member\r\n35,1e0,Ely,1\r\n\r\n",
    ],
    ids=["bare", "with names", "with a mark, blanks and Windows lines"],
)
def test_csv_files_have_features_and_perhaps_their_names(text: str, tmp_path: Path) -> None:
    found = from_file(tmp_path, text)
    assert found.rows.to_pylist() == [EXPECTED]
    assert found.rows.schema == TYPES


@pytest.mark.parametrize(
    ("text", "dataset_type", "keys"),
    [
        (json.dumps({"features": ROW}) + "\n", "application/jsonlines", LINES),
        (json.dumps([{"features": ROW}]), "application/json", DOCUMENT),
    ],
    ids=["json lines", "json"],
)
def test_json_files_are_read_as_the_dataset_is(
    text: str, dataset_type: str, keys: dict[str, Any], tmp_path: Path
) -> None:
    assert from_file(tmp_path, text, dataset_type, **keys).rows.to_pylist() == [EXPECTED]


def parquet(folder: Path, columns: dict[str, str], **keys: Any) -> Baseline:
    """Open a baseline whose columns have these names, and cells of these columns of `EXPECTED`."""
    path = folder / "baseline.parquet"
    pq.write_table(pa.table({name: [EXPECTED[of]] for name, of in columns.items()}), path)
    return opened(config(URI, "application/x-parquet", **keys), folder, path)


def test_parquet_columns_go_by_their_names(tmp_path: Path) -> None:
    found = parquet(tmp_path, {name: name for name in reversed(EXPECTED)})
    assert found.rows.to_pylist() == [EXPECTED]
    other = dict(zip("abcd", EXPECTED, strict=True))
    with pytest.raises(AnalysisError, match="baseline-columns"):
        parquet(tmp_path, other)
    assert parquet(tmp_path, other, headers=HEADERS).rows.to_pylist() == [EXPECTED]


def test_all_files_of_a_folder_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "several"
    folder.mkdir()
    (folder / "a.csv").write_text("1,1,x,0\n")
    (folder / "b.csv").write_text("2,2,y,0\n")
    found = opened(config(URI), tmp_path, folder)
    assert found.rows.column("age").to_pylist() == [1, 2]


def test_missing_cells_are_null(tmp_path: Path) -> None:
    assert from_file(tmp_path, ",NaN,,\n").rows.to_pylist() == [dict.fromkeys(EXPECTED)]
    in_place = opened(config([[None] * 4]), tmp_path)
    assert in_place.rows.to_pylist() == [dict.fromkeys(EXPECTED)]


def test_a_mean_of_integers_makes_their_column_floats(tmp_path: Path) -> None:
    rows = opened(config([[35.5, 1, "Ely", 1], [35, 1, "Ely", 1]]), tmp_path).rows
    assert rows.column("age").type == pa.float64()
    assert rows.column("age").to_pylist() == [35.5, 35.0]


def test_a_whole_float_is_an_integer_of_an_int_column(tmp_path: Path) -> None:
    rows = from_file(tmp_path, "35.0,1,Ely,1\n").rows
    assert rows.column("age").type == pa.int64()


def test_numbers_of_a_text_column_stay_the_texts_they_are(tmp_path: Path) -> None:
    assert from_file(tmp_path, "35,1,007,1\n").rows.column("city").to_pylist() == ["007"]


def test_types_known_from_a_pass_spare_another(tmp_path: Path) -> None:
    given_config = config([ROW])
    seen: list[int] = []
    found = dataset(given_config, tmp_path)
    rows = open_baseline(given_config, found, no_fetch, seed=1, tell=seen.append, schema=TYPES).rows
    assert rows.to_pylist() == [EXPECTED]
    assert seen == []


@pytest.mark.parametrize("shap", [{"baseline": [ROW]}, {}], ids=["given", "computed"])
def test_a_dataset_without_rows_has_no_types(shap: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "dataset"
    path.write_text("age,income,city,member,label\n")
    empty_config = config(None, methods={"shap": shap})
    empty = open_dataset(empty_config, path, fetch=no_fetch)
    with pytest.raises(AnalysisError, match=r"The dataset has no rows\."):
        open_baseline(empty_config, empty, no_fetch, seed=1, tell=lambda rows: None)


@pytest.mark.parametrize(
    ("text", "id_", "place"),
    [
        ("1,1,x,0\nsecret,1,x,0\n", "baseline-type", "baseline (baseline) row 2, column 'age'"),
        ("1,1,x,0\n1,1,x,secret\n", "baseline-type", "baseline (baseline) row 2, column 'member'"),
        ("1,1,x,0\n1,1,x,7\n", "baseline-type", "baseline (baseline) row 2, column 'member'"),
        (f"{NAMES}{NAMES}", "baseline-type", "baseline (baseline) row 1, column 'age'"),
        ("1,inf,x,0\n", "baseline-type", "baseline (baseline) row 1, column 'income'"),
        ("1,1,x,0\n1,1,x\n", "baseline-width", "baseline (baseline) row 2"),
        ("1,1,x,0,1\n", "baseline-width", "baseline (baseline) row 1"),
        (NAMES, "baseline-empty", "baseline"),
        ('1,1,x,0\n1,1,"secret', "baseline-unreadable", "baseline (baseline) row 2"),
        ("", "dataset-empty", "baseline"),
    ],
)
def test_a_bad_csv_file_is_refused_by_row_and_column(
    text: str, id_: str, place: str, tmp_path: Path
) -> None:
    error = refusal(tmp_path, text)
    assert [(finding.id, finding.path) for finding in error.findings] == [(id_, place)]
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["secret", 1, "Ely", 1], "age"),
        (["35", 1, "Ely", 1], "age"),
        ([35, "secret", "Ely", 1], "income"),
        ([35, 1, "Ely", "secret"], "member"),
        ([35, 1, "Ely", 0.5], "member"),
    ],
)
def test_a_cell_of_another_type_in_place_is_refused(
    row: list[Any], column: str, tmp_path: Path
) -> None:
    with pytest.raises(AnalysisError) as caught:
        opened(config([ROW, row]), tmp_path)
    (finding,) = caught.value.findings
    assert finding.id == "baseline-type"
    assert finding.path == f"$.methods.shap.baseline row 2, column {column!r}"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "given_"),
    [([1], "a list of values"), ({"secret": 1}, "an object"), (True, "a boolean")],
)
def test_json_cells_that_are_no_numbers_are_refused(cell: Any, given_: str, tmp_path: Path) -> None:
    line = json.dumps({"features": [cell, 1, "Ely", True]})
    (finding,) = refusal(tmp_path, line, "application/jsonlines", **LINES).findings
    assert (finding.id, finding.given) == ("baseline-type", given_)
    assert finding.path == "baseline (baseline) row 1, column 'age'"


@pytest.mark.parametrize(
    ("baseline", "dataset_type", "keys", "place"),
    [
        ([{"other": ROW}], "application/jsonlines", LINES, "$.methods.shap.baseline row 1"),
        ([{"features": ROW}, {"features": 3}], "application/jsonlines", LINES, "row 2"),
        ({"features": ROW}, "application/json", DOCUMENT, "$.methods.shap.baseline"),
        ([{"features": 3}], "application/json", DOCUMENT, "row 1"),
    ],
)
def test_features_must_find_the_values_in_place(
    baseline: Any, dataset_type: str, keys: dict[str, Any], place: str, tmp_path: Path
) -> None:
    with pytest.raises(AnalysisError, match=r"Data must contain features\.") as caught:
        opened(config(baseline, dataset_type, **keys), tmp_path)
    assert caught.value.findings[0].path.endswith(place)


def test_half_of_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    line = json.dumps({"features": [1, 1, "\ud800", True]})
    (finding,) = refusal(tmp_path, line, "application/jsonlines", **LINES).findings
    assert (finding.id, finding.path) == ("baseline-type", "baseline (baseline), column 'city'")


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline"
    path.write_bytes(b"1,1,\xff,0\n")
    with pytest.raises(AnalysisError, match="dataset-not-utf8"):
        opened(config(URI), tmp_path, path)


cells = st.fixed_dictionaries(
    {
        "age": st.none() | st.integers(-(2**63), 2**63 - 1),
        "income": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "city": st.none()
        | st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(
            lambda text: "x" + text
        ),
        "member": st.none() | st.booleans(),
    }
)


@given(st.lists(cells, min_size=1, max_size=8))
def test_a_written_baseline_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    path = folder / "baseline.csv"
    written = pa.RecordBatch.from_pylist(rows, schema=TYPES)
    Baseline(written, computed=True, clusters=len(rows)).write_csv(path)
    given_config = config(URI)
    found = rows_in_files(given_config, dataset(given_config, folder), URI, {URI: path}.__getitem__)
    names = TYPES.names
    assert typed_rows(list(found), TYPES, names, "baseline", csv=True).equals(written)
