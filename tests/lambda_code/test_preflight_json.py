"""The head of JSON Lines and JSON: records as the engine finds them, and what is proven wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_contract import AnalysisConfig
from clarify_engine.data import open_dataset
from clarify_engine.errors import AnalysisError
from clarify_lambda.prepare.preflight.dataset import Dataset, Head
from clarify_lambda.prepare.preflight.finding import Finding
from clarify_lambda.prepare.preflight.findings import Seen, preflight
from support_lambda import DAY

LINES: dict[str, Any] = {
    "dataset_type": "application/jsonlines",
    "features": "features",
    "label": "label",
    "headers": ["sex", "age", "approved"],
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
    "methods": {"pre_training_bias": {"methods": "all"}},
}
DOCUMENT = LINES | {
    "dataset_type": "application/json",
    "features": "[*].features",
    "label": "[*].label",
}
RECORDS: list[Any] = [{"features": [i % 2, 20 + i % 2], "label": i % 2} for i in range(60)]


def as_lines(records: list[Any]) -> bytes:
    return "\n".join(map(json.dumps, records)).encode()


def as_document(records: Any) -> bytes:
    return json.dumps(records).encode()


def found(config: dict[str, Any], body: bytes, *, whole: bool = True) -> list[Finding]:
    head = Head("dataset (a)", body, whole)
    return preflight(config, Seen(Dataset(objects=1, size=len(body), head=head, listed=whole)), DAY)


def ids(config: dict[str, Any], body: bytes, *, whole: bool = True) -> list[tuple[str, str]]:
    return [(finding.id, finding.severity) for finding in found(config, body, whole=whole)]


def without(record: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != key}


#: By name: config, data, the finding, and the engine's id where it has another one for headers.
MISTAKES: dict[str, tuple[dict[str, Any], bytes, str, str]] = {
    "no line": (LINES, b"\n \n", "dataset-empty", ""),
    "a line that is no JSON": (LINES, as_lines(RECORDS) + b"\n{", "dataset-unreadable", ""),
    "a document for lines": (LINES, as_document(RECORDS), "features-shape", ""),
    "no features": (LINES, as_lines([without(RECORDS[0], "features")]), "features-shape", ""),
    "a function that does not fit": (
        LINES | {"label": "length(label)"},
        as_lines(RECORDS),
        "jmespath-failed",
        "",
    ),
    "label in no line": (LINES | {"label": "lable"}, as_lines(RECORDS), "json-nothing-found", ""),
    "a line of another width": (
        LINES,
        as_lines([*RECORDS, {"features": [1], "label": 0}]),
        "dataset-ragged",
        "headers-count",
    ),
    "a column more than headers": (
        LINES | {"headers": ["sex", "approved"], "facet": [{"name_or_index": "sex"}]},
        as_lines(RECORDS),
        "X15",
        "headers-count",
    ),
    "values in a value": (
        LINES,
        as_lines([*RECORDS, {"features": [1, [2]], "label": 0}]),
        "features-nested",
        "",
    ),
    "lines for a document": (DOCUMENT, as_lines(RECORDS), "dataset-unreadable", ""),
    "a document that is cut off": (DOCUMENT, as_document(RECORDS)[:-1], "dataset-unreadable", ""),
    "not UTF-8": (DOCUMENT, as_document(RECORDS) + b"\xff", "dataset-not-utf8", ""),
    "null features": (
        DOCUMENT,
        as_document([*RECORDS, without(RECORDS[0], "features")]),
        "json-nulls-dropped",
        "",
    ),
    "null labels": (
        DOCUMENT,
        as_document([*RECORDS, without(RECORDS[0], "label")]),
        "json-nulls-dropped",
        "",
    ),
    "labels of other records": (
        DOCUMENT | {"features": "rows[*].features", "label": "labels"},
        as_document({"rows": RECORDS, "labels": [0, 1]}),
        "json-lengths",
        "",
    ),
    "a path to nothing": (DOCUMENT | {"label": "labels"}, as_document(RECORDS), "json-lengths", ""),
    "features that are no list": (
        DOCUMENT | {"features": "[*].label"},
        as_document(RECORDS),
        "features-shape",
        "",
    ),
}


@pytest.mark.parametrize(("config", "body", "id_", "engines"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_has_the_id_under_which_the_engine_stops_at_it(
    config: dict[str, Any], body: bytes, id_: str, engines: str, tmp_path: Path
) -> None:
    assert ids(config, body) == [(id_, "error")]
    (data := tmp_path / "a").write_bytes(body)
    parsed = AnalysisConfig.load(config)
    with pytest.raises(AnalysisError) as caught:
        read_all(parsed, data)
    assert [finding.id for finding in caught.value.findings] == [engines or id_]


def read_all(config: AnalysisConfig, data: Path) -> None:
    open_dataset(config, data, fetch=Path).settle_types(None)


@pytest.mark.parametrize(
    ("config", "body"),
    [
        (LINES, as_lines(RECORDS)),
        (LINES, b"\xef\xbb\xbf" + as_lines(RECORDS).replace(b"\n", b"\r\n\r\n")),
        (LINES, as_lines(RECORDS).replace(b"\n", b"\r")),
        (LINES, as_lines([*RECORDS, {"features": [None, float("nan")], "label": None}])),
        (DOCUMENT, as_document(RECORDS)),
        (DOCUMENT | {"label": None, "headers": ["sex", "age"]}, as_document(RECORDS)),
    ],
)
def test_good_data_has_no_mistake(config: dict[str, Any], body: bytes, tmp_path: Path) -> None:
    config = {key: value for key, value in config.items() if value is not None}
    if "label" not in config:
        config["methods"] = {"report": {"name": "report"}}
    assert [entry for entry in ids(config, body) if entry[1] == "error"] == []


def test_of_a_document_that_was_not_read_whole_only_its_beginning_is_judged() -> None:
    body = as_document(RECORDS)
    assert ids(DOCUMENT, body[:500], whole=False) == [("dataset-not-checked", "warning")]
    assert ids(DOCUMENT, as_lines(RECORDS)[:500], whole=False) == [("dataset-unreadable", "error")]
    assert ids(DOCUMENT, b"a,b\n1,2\n" * 50, whole=False) == [("dataset-unreadable", "error")]


def test_a_line_that_is_cut_off_is_not_held_against_the_data() -> None:
    body = as_lines(RECORDS)
    for cut in range(1, 40):
        assert ids(LINES, body[:-cut], whole=False) == []
    assert ids(LINES, body[:20], whole=False) == [("dataset-not-checked", "warning")]


def test_a_label_that_no_line_of_the_head_has_only_warns() -> None:
    config = LINES | {"label": "lable"}
    assert ids(config, as_lines(RECORDS), whole=False) == [("json-nothing-found", "warning")]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (lambda i: float(i % 2), ["label-empty-interval"]),
        (lambda i: i % 2, []),
        (lambda i: bool(i % 2), []),
        (lambda i: str(i % 2), []),
        (lambda i: ("yes", "no")[i % 2], ["label-value-absent"]),
        (lambda i: str(i), ["label-read-as-threshold"]),  # texts, all of them different integers
        (lambda i: None if i % 2 else 1, ["label-missing-values", "label-empty-interval"]),
    ],
)
def test_traps_of_the_type_rule_warn(label: Any, expected: list[str]) -> None:
    records = [record | {"label": label(i)} for i, record in enumerate(RECORDS, 1)]
    assert [id_ for id_, _ in ids(LINES, as_lines(records))] == expected


def test_time_series_that_are_no_json_are_refused() -> None:
    config = {
        "dataset_type": "application/json",
        "time_series_data_config": {
            "item_id": "[].id",
            "timestamp": "[].t",
            "target_time_series": "[].y",
        },
        "methods": {},
    }
    assert ids(config, b"[{}]") == []
    assert ids(config, b"[{}", whole=False) == [("dataset-not-checked", "warning")]
    assert ids(config, b"id,y\n1,2\n") == [("dataset-unreadable", "error")]


def test_no_value_is_in_a_finding() -> None:
    records = [{"features": ["secret", 77.125], "label": "hidden"}, {"features": [1], "label": 0}]
    bodies = [as_lines(records), as_lines(records[:1]), b'{"secret": 77.125, "hidden"}']
    text = " ".join(str(finding) for body in bodies for finding in found(LINES, body))
    assert "line 1" in text
    assert not [value for value in ("secret", "hidden", "77.125") if value in text]
