"""No error of the data's reading shows a cell of the data."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clarify_engine.data import csv_blocks, open_dataset
from clarify_engine.errors import AnalysisError
from support_data.reading import Collected, config, local

CANARY = "QZCANARYQZ"
JSON_LINES = {"dataset_type": "application/jsonlines", "features": "f", "label": "l"}
JSON = {"dataset_type": "application/json", "features": "[*].f", "label": "[*].l"}
PARQUET = {"dataset_type": "application/x-parquet"}
SIDE = "s3://bucket/side"
SIDE_KEYS = {
    "facet_dataset_uri": SIDE,
    "facet": [{"name_or_index": "sex", "value_or_threshold": [1]}],
}
HEADER = "label,group\n"
LATE = HEADER + "1,0\n" * 100


def text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content)


def raw(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def records(*content: Any) -> Callable[[Path], object]:
    return text("\n".join(map(json.dumps, content)))


def parquet(**columns: Any) -> Callable[[Path], object]:
    return lambda path: pq.write_table(pa.table(columns), path)


def cut_parquet(path: Path) -> None:
    parquet(label=[CANARY] * 100, group=[CANARY] * 100)(path)
    path.write_bytes(b"PAR1" + b"\x00" * 20 + path.read_bytes()[24:])


CASES: dict[str, tuple[Callable[[Path], object], dict[str, Any]]] = {
    "csv-long-row": (text(LATE + f"1,0,{CANARY}\n"), {}),
    "csv-short-row": (text(LATE + f"{CANARY}\n"), {}),
    "csv-long-row-after-late-text": (text(LATE + f"{CANARY},0\n1,{CANARY},3\n"), {}),
    "csv-not-utf8": (raw(f"label,group\n1,{CANARY}\xe9\n".encode("latin-1")), {}),
    "csv-not-utf8-long-row": (raw(f"label,group\n1,{CANARY}\xe9,3\n".encode("latin-1")), {}),
    "csv-not-utf8-first-row": (raw(f"1,{CANARY}\xe9\n".encode("latin-1")), {}),
    "csv-row-longer-than-a-block": (text(LATE + f"1,{CANARY * 1000}\n"), {}),
    "csv-headers-count": (text(f"1,0,{CANARY}\n"), {"headers": ["label", "group"]}),
    "csv-no-header-row": (text(f"1,{CANARY}\n"), {}),
    "csv-first-row-is-too-long-a-cell": (text(CANARY * 20_000 + ",1\n"), {}),
    "csv-label-absent": (text(f"lable,group\n1,{CANARY}\n"), {}),
    "csv-is-parquet": (parquet(label=[CANARY]), {}),
    "jsonl-damaged": (text(f'{{"f": [1, 2], "l": "{CANARY}'), JSON_LINES),
    "jsonl-not-utf8": (raw(f'{{"f": ["{CANARY}\xe9"]}}'.encode("latin-1")), JSON_LINES),
    "jsonl-features-are-text": (records({"f": CANARY, "l": 1}), JSON_LINES),
    "jsonl-features-nested": (records({"f": [[CANARY], 1], "l": 1}), JSON_LINES),
    "jsonl-label-object": (records({"f": [1, 2], "l": {CANARY: CANARY}}), JSON_LINES),
    "jsonl-length": (records({"f": [1, 2], "l": 1}, {"f": [1, 2, CANARY], "l": 1}), JSON_LINES),
    "jsonl-function": (
        records({"f": [1, 2], "l": CANARY}),
        {**JSON_LINES, "label": "abs(l)"},
    ),
    "jsonl-surrogate": (text(f'{{"f": ["{CANARY}\\ud800", 2], "l": 1}}'), JSON_LINES),
    "jsonl-no-label": (records({"f": [CANARY, 2], "x": CANARY}), JSON_LINES),
    "json-damaged": (text(f'[{{"f": [1, 2], "l": "{CANARY}'), JSON),
    "json-not-utf8": (raw(f'[{{"f": ["{CANARY}\xe9"]}}]'.encode("latin-1")), JSON),
    "json-nulls": (text(json.dumps([{"f": [1, CANARY], "l": CANARY}, {"f": [1, 2]}])), JSON),
    "json-features-are-texts": (text(json.dumps([{"f": CANARY, "l": 1}])), JSON),
    "json-label-is-text": (
        text(json.dumps([{"f": [1, 2], "l": CANARY}])),
        {**JSON, "label": "[0].l"},
    ),
    "json-surrogate": (text(f'[{{"f": ["{CANARY}\\ud800", 2], "l": 1}}]'), JSON),
    "parquet-damaged": (cut_parquet, PARQUET),
    "parquet-nested": (parquet(label=[[CANARY]], group=[1]), PARQUET),
    "parquet-not-utf8": (
        parquet(
            label=pa.StringArray.from_buffers(
                1,
                pa.array([0, 11], pa.int32()).buffers()[1],
                pa.py_buffer(CANARY.encode() + b"\xff"),
            ),
            group=[1],
        ),
        PARQUET,
    ),
    "side-rows": (text(HEADER + f"1,{CANARY}\n1,{CANARY}\n"), SIDE_KEYS),
    "side-keys": (
        text(f"id,label\n1{CANARY},1\n2{CANARY},0\n"),
        {**SIDE_KEYS, "joinsource_name_or_index": "id"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_error_shows_no_cell(tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 256)
    write, keys = CASES[case]
    write(tmp_path / "data")
    (tmp_path / "side").write_text(f"id,sex\n3,{CANARY}\n")
    given = {"headers": ["a", "group", "label"]} if "features" in keys else {}
    with pytest.raises(AnalysisError) as caught:
        open_dataset(
            config(**{**given, **keys}), tmp_path / "data", fetch=local({SIDE: tmp_path / "side"})
        ).scan(None, Collected)
    shown = "".join(traceback.format_exception(caught.value, chain=True))
    assert CANARY not in shown.replace(str(write), "")
    assert str(tmp_path) not in str(caught.value)
