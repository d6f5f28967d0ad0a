"""Requests as the developer guide prints them (spec 3.6), and the cells inside them."""

from __future__ import annotations

import json
import math

import pyarrow as pa
import pytest

from clarify_engine.errors import AnalysisError
from clarify_engine.predict import RequestFormat


def rows(**columns: object) -> pa.RecordBatch:
    return pa.record_batch(columns)


def body(request_format: RequestFormat, batch: pa.RecordBatch) -> str:
    records = request_format.records(request_format.cells(batch), 0, batch.num_rows)
    return request_format.body(records).decode()


AB = rows(A=[0, 3], B=[1, 4])


def json_format(content: str, record: str, features: tuple[str, ...] = ("A", "B")) -> RequestFormat:
    return RequestFormat("application/json", features, content, record)


def test_csv_sends_one_line_a_record_without_header() -> None:
    batch = rows(a=[1, 5], b=[2, 6], c=[3, 7], d=[4, 8])
    assert body(RequestFormat("text/csv", ("a", "b", "c", "d")), batch) == "1,2,3,4\n5,6,7,8"


def test_csv_quotes_text() -> None:
    batch = rows(text=["This is a good product"], n=[5])
    assert body(RequestFormat("text/csv", ("text", "n")), batch) == '"This is a good product",5'


def test_csv_doubles_quotes_inside_text_and_keeps_its_commas() -> None:
    batch = rows(text=['a "b", c'])
    assert body(RequestFormat("text/csv", ("text",)), batch) == '"a ""b"", c"'


def test_csv_sends_only_the_features_in_their_order() -> None:
    batch = rows(label=[1], b=[2], a=[3])
    assert body(RequestFormat("text/csv", ("a", "b")), batch) == "3,2"


@pytest.mark.parametrize("missing", [None, math.nan])
def test_a_missing_number_is_an_empty_field_in_csv_and_null_in_json(missing: float | None) -> None:
    batch = rows(a=pa.array([missing], pa.float64()), b=[1])
    assert body(RequestFormat("text/csv", ("a", "b")), batch) == ",1"
    assert body(json_format("$records", "$features", ("a", "b")), batch) == "[[null,1]]"


def test_a_record_of_one_empty_field_is_no_empty_line() -> None:
    batch = rows(a=pa.array([None, 2], pa.int64()))
    assert body(RequestFormat("text/csv", ("a",)), batch) == '""\n2'


def test_whole_numbers_stay_whole_and_floats_stay_floats() -> None:
    batch = rows(i=[1, 10**15], f=[1.0, 0.1])
    assert body(RequestFormat("text/csv", ("i", "f")), batch) == "1,1.0\n1000000000000000,0.1"
    assert body(json_format("$records", "$features", ("i", "f")), batch) == (
        "[[1,1.0],[1000000000000000,0.1]]"
    )


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{"data":{"features":$features}}', '{"data":{"features":[1,2,3,4]}}'),
        ('{"features":$features}', '{"features":[1,2,3,4]}'),
    ],
)
def test_json_lines_renders_one_record_a_line(template: str, expected: str) -> None:
    batch = rows(a=[1, 1], b=[2, 2], c=[3, 3], d=[4, 4])
    request = RequestFormat("application/jsonlines", ("a", "b", "c", "d"), template)
    assert body(request, batch) == f"{expected}\n{expected}"


@pytest.mark.parametrize(
    ("content", "record", "expected"),
    [
        (
            '{"instances":$records,"feature-names":$feature_names}',
            "$features",
            '{"instances":[[0,1],[3,4]],"feature-names":["A","B"]}',
        ),
        ("$records", "$features_kvp", '[{"A":0,"B":1},{"A":3,"B":4}]'),
        ("$records", '{"A":"${A}","B":"${B}"}', '[{"A":0,"B":1},{"A":3,"B":4}]'),
        (
            "$records",
            '{"x":$features,"n":$feature_names}',
            '[{"x":[0,1],"n":["A","B"]},{"x":[3,4],"n":["A","B"]}]',
        ),
    ],
)
def test_json_renders_many_records_into_one_body(content: str, record: str, expected: str) -> None:
    request = json_format(content, record)
    assert body(request, AB) == expected
    assert not request.takes_one_record


@pytest.mark.parametrize(
    ("content", "record", "expected"),
    [
        ('{"data":{"features":$record}}', "$features", '{"data":{"features":[0,1]}}'),
        ("$record", "$features_kvp", '{"A":0,"B":1}'),
        ("$record", '{"A":"${A}","nested":{"B":"${B}"}}', '{"A":0,"nested":{"B":1}}'),
    ],
)
def test_json_renders_one_record_a_call(content: str, record: str, expected: str) -> None:
    request = json_format(content, record)
    assert body(request, AB.slice(0, 1)) == expected
    assert request.takes_one_record


def test_a_cell_that_looks_like_a_token_is_only_text() -> None:
    batch = rows(A=["$record and $features"], B=['"${A}"'])
    request = json_format('{"i":$records}', '{"A":"${A}","B":"${B}"}')
    assert json.loads(body(request, batch)) == {
        "i": [{"A": "$record and $features", "B": '"${A}"'}]
    }


def test_percent_signs_of_templates_names_and_cells_are_kept() -> None:
    batch = rows(**{"50%": ["%s"], "b": [1]})
    request = json_format("$records", '{"%d":$features_kvp,"n":$feature_names}', ("50%", "b"))
    assert body(request, batch) == '[{"%d":{"50%":"%s","b":1},"n":["50%","b"]}]'


def test_a_template_without_cells_is_sent_for_each_record() -> None:
    assert body(json_format("$records", '{"a":1}'), AB) == '[{"a":1},{"a":1}]'


def test_a_placeholder_without_its_feature_is_named() -> None:
    with pytest.raises(AnalysisError, match=r"Feature names not found\.\n.*'Z'"):
        json_format("$records", '{"Z":"${Z}"}')


def test_an_infinite_number_is_refused_in_json_by_its_column() -> None:
    with pytest.raises(AnalysisError, match="an infinite value in the column 'A'"):
        json_format("$records", "$features", ("A",)).cells(rows(A=[math.inf]))


def test_names_and_text_of_any_script_are_kept() -> None:
    batch = rows(größe=["日本"])
    assert body(json_format("$records", "$features_kvp", ("größe",)), batch) == '[{"größe":"日本"}]'
