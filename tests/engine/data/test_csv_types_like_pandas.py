"""A CSV column's type and values are what pandas reads over the whole column."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from clarify_engine.data import csv_blocks
from clarify_engine.data.text import MISSING
from support_data.reading import opened, table

INTEGERS = ["0", "1", "-5", "007", "+5", " 5", "5 ", "\t5", "\x0b5", "-0", "9223372036854775807"]
HUGE = ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"]
FLOATS = [
    "1.0", "1.5", ".5", "5.", "+.5", "1e5", "1E+5", "1e400", "-1e400", "1e-400", "0.1", " 2.5 ",
    "inf", "-inf", "+inf", "INF", "Infinity", "-infinity", "\x0c1.5", "1e00000000000000000001",
]  # fmt: skip
BOOLEANS = ["True", "False", "TRUE", "false", "tRuE"]
NULLS = ["", "NA", "nan", "NaN", "None", "null", "NULL", "n/a", "<NA>", "#N/A", "-1.#IND"]
TEXTS = [
    "a", "0x1F", "0X1f", "1e", "1e+", "1.e", "-", "+", ".", "1_000", "1,5", " true", "true ", "NAN",
    "Nan", "nan(1)", " NA", "  ", "--1", "1.2.3", "1d5", "\uff11", "ü", "1 2", " inf", "inf ",
    "2020-01-31", 'say "hi"', "two\nlines", "yes", "infinit", "12:30", "1e 5",
]  # fmt: skip
KINDS = [INTEGERS, HUGE, FLOATS, BOOLEANS, NULLS, TEXTS]

# Mostly of one or two kinds: what is drawn from all kinds at once is nearly always text.
COLUMNS = st.lists(st.sampled_from(KINDS), min_size=1, max_size=3).flatmap(
    lambda kinds: st.lists(
        st.sampled_from([cell for kind in kinds for cell in kind]), min_size=1, max_size=30
    )
)


Quoting = Literal[0, 1]  # as csv.QUOTE_MINIMAL and csv.QUOTE_ALL


def written(path: Path, cells: list[str], quoting: Quoting, line_end: str) -> str:
    text = io.StringIO()
    if line_end == "\r":  # then the csv module leaves a line feed in a cell unquoted
        quoting = csv.QUOTE_ALL
    # No cell may be a whole line: a blank line is no row.
    rows = [("group", "cell", "label"), *(("x", cell, "1") for cell in cells)]
    csv.writer(text, quoting=quoting, lineterminator=line_end).writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return text.getvalue()


def pandas_column(text: str) -> pd.Series[Any]:
    # low_memory=False: the type of all of the column at once.
    return pd.read_csv(io.StringIO(text, newline=""), low_memory=False)["cell"]


def assert_same(ours: pa.ChunkedArray, theirs: pd.Series[Any]) -> None:
    values = ours.to_pylist()
    missing = theirs.isna().tolist()
    assert [value is None for value in values] == missing
    pairs = [
        (a, b) for a, b, gone in zip(values, theirs.tolist(), missing, strict=True) if not gone
    ]
    if theirs.dtype == "float64":
        # An int64 column with nulls is a float column in pandas.
        assert ours.type == pa.float64() or (ours.type == pa.int64() and any(missing))
        assert all(math.isclose(a, b, rel_tol=1e-15) for a, b in pairs)
        return
    if theirs.dtype == "int64":
        assert ours.type == pa.int64()
    elif theirs.dtype == "bool" or (pairs and all(type(b) is bool for _, b in pairs)):
        assert ours.type == pa.bool_()
    else:
        assert ours.type == pa.string()
        pairs = [(a, str(b)) for a, b in pairs]
    assert [a for a, _ in pairs] == [b for _, b in pairs]


def holds_huge_integers(series: pd.Series[Any]) -> bool:
    return series.dtype == "uint64" or any(type(value) is int for value in series.tolist())


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=COLUMNS,
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@example(cells=["1"] * 20 + [""], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=["1"] * 20 + ["x"], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=["1.0"] * 20 + ["x"], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=["1"] * 20 + ["0x1F"], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=["1.5"] * 20 + ["NAN"], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=["1.5"] * 20 + [" inf"], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=["true"] * 20 + [""], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=["true", "", "true"] * 20 + ["x"], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=["+1"] * 20 + ["1.5"], quoting=csv.QUOTE_MINIMAL, line_end="\n")
@example(cells=[""] * 20 + ["1"], quoting=csv.QUOTE_MINIMAL, line_end="\n")
def test_type_and_values_are_those_that_pandas_reads(
    cells: list[str],
    quoting: Quoting,
    line_end: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 128)  # so that later blocks change types
    text = written(tmp_path / "data.csv", cells, quoting, line_end)
    theirs = pandas_column(text)
    if set(cells) & set(HUGE):
        # Stated differences, tested below: integers beyond int64 are text here. In pandas they are
        # unsigned or unbounded integers; with floats the cells' order decides; blanks may stay.
        assume(not set(cells) & {*FLOATS, *NULLS} and not holds_huge_integers(theirs))
    assert_same(table(opened(tmp_path / "data.csv"), ["cell"]).column("cell"), theirs)


def test_missing_words_are_those_of_pandas() -> None:
    text = "cell,other\n" + "".join(f"{word},1\n" for word in MISSING)
    assert pd.read_csv(io.StringIO(text))["cell"].isna().all()
    from pandas._libs.parsers import STR_NA_VALUES

    assert set(MISSING) == set(STR_NA_VALUES)


@pytest.mark.parametrize("extra", ["1", "", "2"])
def test_integers_beyond_int64_stay_their_text(tmp_path: Path, extra: str) -> None:
    written(tmp_path / "data.csv", [*HUGE, extra], csv.QUOTE_MINIMAL, "\n")
    column = table(opened(tmp_path / "data.csv"), ["cell"]).column("cell")
    assert column.to_pylist() == [*HUGE, extra or None]


def test_integers_beyond_int64_beside_floats_are_floats(tmp_path: Path) -> None:
    written(tmp_path / "data.csv", [*HUGE, "1.5"], csv.QUOTE_MINIMAL, "\n")
    column = table(opened(tmp_path / "data.csv"), ["cell"]).column("cell")
    assert column.to_pylist() == [float(text) for text in [*HUGE, "1.5"]]
