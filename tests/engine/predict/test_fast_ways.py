"""The fast ways through requests and responses say what the careful ones say, or nothing."""

from __future__ import annotations

import json
from typing import Any

import jmespath
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clarify_engine.errors import AnalysisError
from clarify_engine.predict import RequestFormat, ResponseFormat, score_matrix
from clarify_engine.predict.csv_numbers import csv_numbers
from clarify_engine.predict.paths import compiled

FINITE = st.floats(allow_nan=False, allow_infinity=False)
NUMBER_TEXT = (
    FINITE.map(repr)
    | st.integers(-(10**25), 10**25).map(str)
    | st.sampled_from(
        [
            "1.",
            ".5",
            "+1",
            "007",
            "-0",
            "1e400",
            "1e-400",
            "1E5",
            "",
            " ",
            " 1",
            "1 ",
            "1e",
            "-",
            "1-2",
        ]
    )
)
LINES = st.lists(st.lists(NUMBER_TEXT, min_size=1, max_size=3), min_size=1, max_size=4)


def carefully(body: bytes, count: int, column: int | None = None) -> np.ndarray[Any, Any] | None:
    response = ResponseFormat("text/csv", probability=column)
    try:
        return score_matrix(response._read_carefully(body, count))
    except AnalysisError:
        return None


@given(LINES, st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans(), st.integers(1, 4))
@example([["0.6", "0.3"]], "\n", False, 2)
@example([["0.6", "0.3"]], "\n", False, 1)
@example([["1", "", "2"]], "\n", False, 2)
@example([["1", "2"], [""]], "\n", True, 1)
def test_numbers_in_csv_are_read_as_the_careful_way_reads_them(
    lines: list[list[str]], end: str, last_end: bool, count: int
) -> None:
    body = (end.join(",".join(line) for line in lines) + end * last_end).encode()
    numbers = csv_numbers(body, count)
    if numbers is not None:
        expected = carefully(body, count)
        assert expected is not None
        assert np.array_equal(numbers, expected)


@given(st.text(alphabet="0123456789eE+-., \r\n", max_size=12), st.integers(1, 4))
@example(" \r0", 1)
@example("1\r,2", 2)
@example("0\n ", 1)
def test_whatever_looks_like_numbers_is_read_as_the_careful_way_reads_it(
    text: str, count: int
) -> None:
    numbers = csv_numbers(text.encode(), count)
    if numbers is not None:
        expected = carefully(text.encode(), count)
        assert expected is not None
        assert np.array_equal(numbers, expected)


@given(st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=5))
def test_a_plain_table_of_numbers_takes_the_fast_way(table: list[tuple[float, float]]) -> None:
    numbers = csv_numbers("\n".join(f"{a!r},{b!r}" for a, b in table).encode(), len(table))
    assert numbers is not None
    assert numbers.tolist() == [list(row) for row in table]


@pytest.mark.parametrize(
    "body", [b"nan\n1", b"0x10\n1", b'"1"\n2', b"[1]\n2", b"", b"\n", b"1\n", b"1\n2\n3", b"1,2\n3"]
)
def test_anything_else_is_left_to_the_careful_way(body: bytes) -> None:
    assert csv_numbers(body, 2) is None


@pytest.mark.parametrize("column", [0, 1])
def test_a_column_of_scores_is_picked_by_its_index(column: int) -> None:
    body = b"1,0.5\n0,0.25"
    answer = ResponseFormat("text/csv", probability=column).read(body, "text/csv", 2)
    expected = carefully(body, 2, column)
    assert expected is not None
    assert isinstance(answer.scores, np.ndarray)
    assert np.array_equal(score_matrix(answer), expected)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)
PATHS = st.sampled_from(
    [
        "a",
        "a.b",
        "a.b.c",
        "[*]",
        "[*].a",
        "a[*]",
        "a[*].b",
        "a[*].b.c",
        "a[*].b[*].c",
        "[*][*]",
        '"a"',
        "a[*].*",
        "a[0]",
        "a[].b",
        "a[*].b[0]",
        "length(a)",
        "a || b",
        "@",
        "a[?b].c",
        "[a,b]",
    ]
)


@given(VALUES, PATHS)
@example({"a": [{"b": 1}, {"b": None}, {}, 3]}, "a[*].b")
@example([[{"a": 1}], None], "[*][*]")
def test_a_path_finds_what_the_library_finds(document: Any, path: str) -> None:
    try:
        expected = jmespath.search(path, document)
    except jmespath.exceptions.JMESPathError:
        with pytest.raises(jmespath.exceptions.JMESPathError):
            compiled(path)(document)
        return
    assert compiled(path)(document) == expected


@given(st.lists(VALUES, max_size=4), st.sampled_from(["", " ", "\t"]))
def test_json_lines_are_read_one_by_one(values: list[Any], space: str) -> None:
    lines = [space + json.dumps({"v": [value]}) + space for value in values]
    answer = ResponseFormat("application/jsonlines", probability="v").read(
        "\n".join(lines).encode(), None, len(values)
    )
    assert answer.scores == [[value] for value in values]


@pytest.mark.parametrize("line", ['{"v":1}{"v":2}', '{"v":1},', '{"v":1', '{"v":1}]', "{'v':1}"])
def test_a_line_that_is_more_or_less_than_json_is_refused(line: str) -> None:
    with pytest.raises(AnalysisError, match="response-not-json"):
        ResponseFormat("application/jsonlines", probability="v").read(line.encode(), None, 1)


COLUMNS = (
    st.lists(st.none() | st.floats(allow_infinity=False), min_size=1, max_size=6).map(
        lambda values: pa.array(values, pa.float64())
    )
    | st.lists(st.none() | st.integers(-5, 5), min_size=1, max_size=6).map(
        lambda values: pa.array(values, pa.int64())
    )
    | st.lists(st.none() | st.booleans(), min_size=1, max_size=6).map(
        lambda values: pa.array(values, pa.bool_())
    )
    | st.lists(st.none() | st.text('ab,"\n', max_size=3), min_size=1, max_size=6).map(
        lambda values: pa.array(values, pa.string())
    )
)


@given(COLUMNS, st.data())
def test_an_encoded_column_is_sent_as_its_values_are(values: pa.Array, data: st.DataObject) -> None:
    picked = data.draw(st.lists(st.none() | st.integers(0, len(values) - 1), max_size=8))
    index_type = data.draw(st.sampled_from([pa.int8(), pa.int32(), pa.uint16()]))
    encoded = pa.DictionaryArray.from_arrays(pa.array(picked, index_type), values)
    plain = values.take(pa.array(picked, pa.int64()))
    start = data.draw(st.integers(0, len(picked)))
    for request in (
        RequestFormat("text/csv", ("x",)),
        RequestFormat("application/jsonlines", ("x",), '{"f":$features}'),
    ):
        sent = [
            request.records(request.cells(pa.record_batch({"x": column})), start, len(picked))
            for column in (encoded, plain)
        ]
        assert sent[0] == sent[1]
