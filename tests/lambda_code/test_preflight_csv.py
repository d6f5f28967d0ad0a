"""The head of a CSV file: columns and types as the engine sees them, and what is proven wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_contract import AnalysisConfig
from clarify_engine.bias.datatype import is_continuous
from clarify_engine.data import open_dataset
from clarify_engine.data.csv_head import is_header
from clarify_engine.data.kinds import column_type
from clarify_engine.data.text import MISSING, kinds_of
from clarify_engine.errors import AnalysisError
from clarify_lambda.prepare.preflight.cells import cells_of
from clarify_lambda.prepare.preflight.csv_head import read_csv
from clarify_lambda.prepare.preflight.dataset import HEAD_BYTES, Dataset, Head
from clarify_lambda.prepare.preflight.finding import MOST, Finding, limited
from clarify_lambda.prepare.preflight.findings import Seen, preflight
from support_lambda import DAY

CONFIG: dict[str, Any] = {
    "dataset_type": "text/csv",
    "label": "approved",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
    "methods": {"pre_training_bias": {"methods": "all"}},
}
GOOD = b"approved,sex,age\n" + b"1,0,40\n0,1,50\n" * 30
KINDS = {pa.int64(): "int", pa.float64(): "double", pa.bool_(): "bool", pa.string(): "text"}
CELLS = st.one_of(
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.sampled_from([*MISSING, "true", "FALSE", "1e5", "+3", " 7 ", "0x1F", "Inf", "1_000", "½"]),
    st.text(max_size=4),
)


def found(body: bytes, **changes: Any) -> list[Finding]:
    config = {k: v for k, v in (CONFIG | changes).items() if v is not None}
    head = Head("dataset (a.csv)", body[:HEAD_BYTES], whole=len(body) <= HEAD_BYTES)
    return preflight(config, Seen(Dataset(objects=1, size=len(body), head=head)), DAY)


def ids(body: bytes, **changes: Any) -> list[tuple[str, str]]:
    return [(finding.id, finding.severity) for finding in found(body, **changes)]


@given(st.lists(CELLS, min_size=1, max_size=6))
def test_a_column_has_the_type_that_the_engine_gives_it(texts: list[str]) -> None:
    cells = cells_of(texts)
    array = pa.array([None if text in MISSING else text for text in texts], pa.string())
    assert cells.missing == array.null_count
    if cells.texts:
        assert cells.kind == KINDS[column_type(kinds_of(array))]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=60), st.booleans(), st.booleans())
def test_a_column_is_continuous_by_the_engines_rule(
    numbers: list[int], several: bool, missing: bool
) -> None:
    cells = cells_of([*map(str, numbers), *([""] if missing else [])])
    assert cells.is_continuous(several=several) == is_continuous(
        "int",
        several=several,
        filled=len(numbers),
        missing=int(missing),
        distinct=len(set(numbers)),
        castable=True,
    )


@given(st.lists(CELLS, min_size=1, max_size=4), st.booleans())
def test_a_header_row_is_told_as_the_engine_tells_it(cells: list[str], with_headers: bool) -> None:
    headers = ["approved", "sex"] if with_headers else None
    text = io.StringIO(newline="")
    csv.writer(text).writerows([cells, ["1"] * len(cells)])
    body = text.getvalue().encode(errors="replace")
    cells = next(csv.reader(io.StringIO(body.decode(), newline="")))
    if not cells:
        return
    read, _ = read_csv(Head("dataset", body, whole=True), headers, {"age"})
    assert len(read.rows) == (1 if is_header(cells, headers, {"age"}) else 2)


def read_all(config: AnalysisConfig, data: Path) -> None:
    open_dataset(config, data, fetch=Path).settle_types(None)


MISTAKES: dict[str, tuple[bytes, dict[str, Any], str]] = {
    "gzip": (b"\x1f\x8b\x08\x00", {}, "dataset-unreadable"),
    "zip": (b"PK\x03\x04....", {}, "dataset-unreadable"),
    "parquet": (b"PAR1....PAR1", {}, "dataset-unreadable"),
    "blank lines": (b"\n\n\r\n", {}, "dataset-unreadable"),
    "long cell": (b'"' + b"a" * 140_000 + b'",1\n', {}, "dataset-unreadable"),
    "latin-1": (GOOD + "1,0,Größe\n".encode("latin-1"), {}, "dataset-not-utf8"),
    "long row": (GOOD + b"1,0,40,7\n", {}, "dataset-ragged"),
    "headers in another order": (GOOD, {"headers": ["sex", "approved", "age"]}, "headers-order"),
}


@pytest.mark.parametrize(("body", "changes", "id_"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_has_the_id_under_which_the_engine_stops_at_it(
    body: bytes, changes: dict[str, Any], id_: str, tmp_path: Path
) -> None:
    assert (id_, "error") in ids(body, **changes)
    (data := tmp_path / "a.csv").write_bytes(body)
    with pytest.raises(AnalysisError) as caught:
        read_all(AnalysisConfig.load(CONFIG | changes), data)
    assert [finding.id for finding in caught.value.findings] == [id_]


def test_good_data_has_no_finding() -> None:
    assert found(GOOD) == []
    assert found(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r")) == []
    assert found(GOOD, headers=["Approved ", "SEX", "age"], label=0, facet=[]) == []


def test_a_row_that_is_too_short_only_warns() -> None:
    """pandas fills it, and so may the managed image."""
    assert ids(GOOD + b"1,0\n") == [("dataset-ragged", "warning")]


def test_a_header_row_alone_is_no_data() -> None:
    assert ids(b"approved,sex,age\n") == [("dataset-empty", "error")]


@pytest.mark.parametrize("cut", range(1, 8))
def test_what_is_cut_off_is_not_held_against_the_data(cut: int) -> None:
    """Nothing of the last row, nor a character that is cut in two, is a mistake."""
    body = "approved,sex,age\n1,0,é,é\n".encode() + b"1,0,4\n" * 50_000
    row = "1,0,ééé\n".encode()
    body = GOOD + row * ((HEAD_BYTES - len(GOOD)) // len(row)) + b"1,0,4"[:3]
    head = Head("dataset (a.csv)", (body + row * 9)[: len(body) - cut], whole=False)
    assert preflight(CONFIG, Seen(Dataset(objects=1, size=10**9, head=head)), DAY) == []


def test_a_first_row_without_an_end_is_said_to_be_unchecked() -> None:
    head = Head("dataset (a.csv)", b"a," * 100, whole=False)
    (finding,) = preflight(CONFIG, Seen(Dataset(objects=1, size=10**9, head=head)), DAY)
    assert (finding.id, finding.severity) == ("dataset-not-checked", "warning")


def rows(label: str, count: int = 50) -> bytes:
    cells = label.split()
    lines = (f"{cells[i % len(cells)]},{i % 2},{i}" for i in range(count))
    return ("approved,sex,age\n" + "\n".join(lines)).encode()


TRAPS: dict[str, tuple[bytes, dict[str, Any], list[str]]] = {
    "float label of 0.0 and 1.0": (rows("0.0 1.0"), {}, ["label-empty-interval"]),
    "threshold above all": (
        rows("0.5 0.7"),
        {"label_values_or_threshold": [3]},
        ["label-threshold-above-maximum"],
    ),
    "threshold at the minimum": (
        rows("0.0 1.0"),
        {"label_values_or_threshold": [0]},
        ["label-read-as-threshold"],
    ),
    "threshold between": (rows("0.0 1.0"), {"label_values_or_threshold": [0.5]}, []),
    "integers with missing cells are floats": (
        rows("0 1 NA"),
        {},
        ["label-missing-values", "label-empty-interval"],
    ),
    "few rows of integers": (
        rows("0 1", 8),
        {},
        ["label-empty-interval", "facet-read-as-threshold"],
    ),
    "text for a threshold": (
        rows("0.0 1.0"),
        {"label_values_or_threshold": ["yes"]},
        ["label-threshold-no-number"],
    ),
    "several values are categories": (
        rows("0.0 1.0"),
        {"label_values_or_threshold": [1, 2]},
        [],
    ),
    "absent value": (rows("0 1"), {"label_values_or_threshold": [2]}, ["label-value-absent"]),
    "absent text": (rows("yes no"), {}, ["label-value-absent"]),
    "present text": (rows("yes no"), {"label_values_or_threshold": ["yes"]}, []),
    "number in a column of texts": (rows("1 no"), {}, []),
    "fraction is cut off": (rows("0 1"), {"label_values_or_threshold": [1.5]}, []),
    "boolean": (rows("True False"), {}, []),
    "boolean that is absent": (rows("true"), {"label_values_or_threshold": [0]}, [
        "label-value-absent"
    ]),
    "continuous facet without a threshold": (
        rows("0 1"),
        {"facet": [{"name_or_index": "age"}]},
        ["facet-threshold-missing"],
    ),
    "column of missing cells": (rows("NA"), {}, []),
}  # fmt: skip


@pytest.mark.parametrize(("body", "changes", "expected"), TRAPS.values(), ids=TRAPS)
def test_traps_of_the_type_rule_warn(
    body: bytes, changes: dict[str, Any], expected: list[str]
) -> None:
    assert ids(body, **changes) == [(id_, "warning") for id_ in expected]


def test_no_cell_is_in_a_finding() -> None:
    bodies = [rows("secret other"), rows("77.125 88.25"), GOOD + b"1,0,secret,77.125\n1,secret\n"]
    text = " ".join(str(f) for b in bodies for f in found(b, label_values_or_threshold=[5]))
    assert "first" in text
    assert not [cell for cell in ("secret", "other", "77.125", "88.25") if cell in text]


def test_at_most_fifty_findings_travel_and_the_last_says_that_there_are_more() -> None:
    columns = [f"column {i}" for i in range(60)]
    findings = found(GOOD, excluded_columns=columns)
    assert len(findings) == 60
    travelling = limited(findings)
    assert len(travelling) == MOST == 50
    assert [finding.id for finding in travelling] == ["X16"] * 49 + ["preflight-more"]
    assert travelling[-1].given == "60 findings"
    assert limited(findings[:50]) == findings[:50]
