"""JSON Lines and JSON datasets, found by JMESPath expressions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from clarify_engine.data.expressions import Expression
from clarify_engine.errors import AnalysisError
from support_data.reading import opened, table

LINES = {"dataset_type": "application/jsonlines", "features": "features", "label": "label"}
DOCUMENT = {"dataset_type": "application/json", "features": "[*].features", "label": "[*].label"}
HEADERS = ["age", "group", "label"]
RECORDS: list[dict[str, Any]] = [
    {"features": [30, 0], "label": 1, "predicted": 0},
    {"features": [40, 1], "label": 0, "predicted": 1},
]
ROWS = {"age": [30, 40], "group": [0, 1], "label": [1, 0]}


def lines(folder: Path, records: list[Any]) -> Path:
    path = folder / "data.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    return path


def document(folder: Path, content: Any) -> Path:
    path = folder / "data.json"
    path.write_text(json.dumps(content))
    return path


def refusal(source: Path, **keys: Any) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        table(opened(source, **{"headers": HEADERS, **keys}))
    return caught.value


def test_json_lines_are_one_record_each(tmp_path: Path) -> None:
    dataset = opened(lines(tmp_path, RECORDS), headers=HEADERS, **LINES)
    assert table(dataset).to_pydict() == ROWS
    assert dataset.label == "label"
    assert dataset.features == ("age", "group")


def test_json_lines_may_be_nested(tmp_path: Path) -> None:
    path = lines(tmp_path, [{"data": record} for record in RECORDS])
    keys = {**LINES, "features": "data.features", "label": "data.label"}
    assert table(opened(path, headers=HEADERS, **keys)).to_pydict() == ROWS


def test_predicted_label_is_the_last_header(tmp_path: Path) -> None:
    dataset = opened(
        lines(tmp_path, RECORDS),
        headers=[*HEADERS, "guess"],
        predicted_label="predicted",
        **LINES,
    )
    assert dataset.predicted_label == "guess"
    assert dataset.features == ("age", "group")
    assert table(dataset, ["guess"]).to_pydict() == {"guess": [0, 1]}


def test_without_headers_columns_are_numbered(tmp_path: Path) -> None:
    facet = [{"name_or_index": 1, "value_or_threshold": [1]}]
    dataset = opened(lines(tmp_path, RECORDS), facet=facet, **LINES)
    assert dataset.columns == ("column_0", "column_1", "column_2")
    assert dataset.facets == ("column_1",)
    assert dataset.label == "column_2"


def test_blank_lines_are_no_records(tmp_path: Path) -> None:
    path = lines(tmp_path, RECORDS)
    path.write_text("\n" + path.read_text().replace("\n", "\n\n") + "\n \n")
    assert table(opened(path, headers=HEADERS, **LINES)).to_pydict() == ROWS


@pytest.mark.parametrize(
    ("content", "features", "label"),
    [
        (RECORDS, "[*].features", "[*].label"),
        ({"data": RECORDS}, "data[*].features", "data[*].label"),
        (
            [{"age": 30, "group": 0, "label": 1}, {"age": 40, "group": 1, "label": 0}],
            "[*].[age,group]",
            "[*].label",
        ),
        ({"rows": [[30, 0], [40, 1]], "labels": [1, 0]}, "rows", "labels"),
    ],
)
def test_json_documents_of_the_service_s_shapes(
    tmp_path: Path, content: Any, features: str, label: str
) -> None:
    keys = {**DOCUMENT, "features": features, "label": label}
    dataset = opened(document(tmp_path, content), headers=HEADERS, **keys)
    assert table(dataset).to_pydict() == ROWS


def test_several_documents_are_read_one_after_the_other(tmp_path: Path) -> None:
    for name, record in zip("ab", RECORDS, strict=True):
        (tmp_path / name).mkdir()
        document(tmp_path / name, [record])
    assert table(opened(tmp_path, headers=HEADERS, **DOCUMENT)).to_pydict() == ROWS


@pytest.mark.parametrize(
    ("values", "type_", "read"),
    [
        ([1, 2], pa.int64(), [1, 2]),
        ([1, None], pa.int64(), [1, None]),
        ([1, 2.5], pa.float64(), [1.0, 2.5]),
        ([True, False], pa.bool_(), [True, False]),
        ([True, None], pa.bool_(), [True, None]),
        ([True, 1], pa.string(), ["True", "1"]),
        (["1", "2"], pa.string(), ["1", "2"]),
        (["x", 1.0], pa.string(), ["x", "1.0"]),
        (["NA", ""], pa.string(), ["NA", ""]),
        ([2**63, 1], pa.string(), ["9223372036854775808", "1"]),
        ([2**63, 0.5], pa.float64(), [2.0**63, 0.5]),
        ([10**400, -(10**400), 0.5], pa.float64(), [float("inf"), float("-inf"), 0.5]),
        ([float("nan"), 0.5], pa.float64(), [None, 0.5]),
    ],
)
def test_type_of_a_column_of_json_values(
    tmp_path: Path, values: list[Any], type_: pa.DataType, read: list[Any]
) -> None:
    records = [{"features": [value, 0], "label": 1} for value in values]
    for path, keys in (
        (lines(tmp_path, records), LINES),
        (document(tmp_path, records), DOCUMENT),
    ):
        column = table(opened(path, headers=HEADERS, **keys))["age"]
        assert column.type == type_
        assert column.to_pylist() == read


@pytest.mark.parametrize("features", ["absent", "label", "features[0]"])
def test_json_lines_without_a_list_of_features_are_refused(tmp_path: Path, features: str) -> None:
    error = refusal(lines(tmp_path, RECORDS), **{**LINES, "features": features})
    assert error.message == "Data must contain features."


@pytest.mark.parametrize("features", ["[*].absent", "[*].label", "absent", "[0].features"])
def test_json_without_a_list_of_lists_is_refused(tmp_path: Path, features: str) -> None:
    error = refusal(document(tmp_path, RECORDS), **{**DOCUMENT, "features": features})
    assert error.message == "Data must contain features."


@pytest.mark.parametrize("nested", [[1], {"a": 1}])
def test_feature_that_is_no_single_value_is_refused(tmp_path: Path, nested: Any) -> None:
    error = refusal(lines(tmp_path, [{"features": [nested, 0], "label": 1}]), **LINES)
    assert error.findings[0].id == "features-nested"


def test_record_without_label_does_not_shift_the_labels(tmp_path: Path) -> None:
    records = [RECORDS[0], {"features": [1, 1]}, RECORDS[1]]
    error = refusal(document(tmp_path, records), **DOCUMENT)
    assert error.findings[0].id == "json-nulls-dropped"
    assert error.findings[0].given == "2 values from 3 records"


def test_features_and_labels_that_lost_one_record_each_are_refused(tmp_path: Path) -> None:
    records = [RECORDS[0], {"features": [1, 1]}, {"label": 1}, RECORDS[1]]
    assert refusal(document(tmp_path, records), **DOCUMENT).findings[0].id == "json-nulls-dropped"


def test_list_of_labels_of_another_length_is_refused(tmp_path: Path) -> None:
    content = {"rows": [[30, 0], [40, 1]], "labels": [1]}
    error = refusal(
        document(tmp_path, content), **{**DOCUMENT, "features": "rows", "label": "labels"}
    )
    assert error.findings[0].id == "json-lengths"


def test_missing_label_of_a_json_line_is_a_missing_cell(tmp_path: Path) -> None:
    path = lines(tmp_path, [*RECORDS, {"features": [1, 1]}])
    assert table(opened(path, headers=HEADERS, **LINES))["label"].to_pylist() == [1, 0, None]


@pytest.mark.parametrize("key", ["label", "predicted_label"])
def test_expression_that_finds_no_label_in_any_line_is_refused(tmp_path: Path, key: str) -> None:
    keys = {**LINES, "predicted_label": "predicted", key: "lable", "headers": [*HEADERS, "guess"]}
    error = refusal(lines(tmp_path, RECORDS), **keys)
    assert error.findings[0].id == "json-nothing-found"
    assert error.findings[0].path == f"$.{key}"


@pytest.mark.parametrize("headers", [["age", "label"], ["age", "group", "x", "label"]])
def test_header_count_is_features_and_labels(tmp_path: Path, headers: list[str]) -> None:
    facet = [{"name_or_index": 0, "value_or_threshold": [1]}]
    error = refusal(lines(tmp_path, RECORDS), headers=headers, facet=facet, **LINES)
    assert error.message == (
        "Headers in config do not match with the number of columns in the dataset."
    )


def test_record_of_another_length_is_refused(tmp_path: Path) -> None:
    records = [*RECORDS, {"features": [1, 2, 3], "label": 1}]
    for path, keys in ((lines(tmp_path, records), LINES), (document(tmp_path, records), DOCUMENT)):
        assert refusal(path, **keys).findings[0].id == "headers-count"


def test_one_document_is_no_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(RECORDS, indent=1))
    assert "application/json." in refusal(path, **LINES).findings[0].fix


def test_json_lines_are_no_document(tmp_path: Path) -> None:
    error = refusal(lines(tmp_path, RECORDS), **DOCUMENT)
    assert "application/jsonlines" in error.findings[0].fix


def test_damaged_line_is_named_by_its_number(tmp_path: Path) -> None:
    path = lines(tmp_path, RECORDS)
    path.write_text(path.read_text() + "\n{")
    assert refusal(path, **LINES).findings[0].path == "dataset (data.jsonl) line 3"


@pytest.mark.parametrize("keys", [LINES, DOCUMENT])
def test_other_encoding_is_refused(tmp_path: Path, keys: dict[str, str]) -> None:
    path = tmp_path / "data"
    path.write_bytes('{"features": ["é"]}'.encode("latin-1"))
    assert refusal(path, **keys).findings[0].id == "dataset-not-utf8"


def test_wrong_expression_is_refused_by_its_text() -> None:
    with pytest.raises(AnalysisError) as caught:
        Expression("label", "data[")
    assert caught.value.findings[0].id == "jmespath-syntax"
    assert caught.value.findings[0].given == "'data['"


def test_function_that_does_not_take_a_value_is_refused(tmp_path: Path) -> None:
    error = refusal(lines(tmp_path, RECORDS), **{**LINES, "label": "length(label)"})
    assert error.findings[0].id == "jmespath-failed"


def test_file_of_blank_lines_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "data.jsonl").write_text("\n\n")
    assert refusal(tmp_path / "data.jsonl", **LINES).message == "Failed to download data"
