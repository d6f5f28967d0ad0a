"""Preflight reads time series as the engine does, as far as their lengths go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_contract.config import TimeSeriesData
from clarify_engine.errors import AnalysisError
from clarify_engine.forecast.reading import read_series
from clarify_lambda.prepare.preflight.series import series_findings
from support_forecast.cases import (
    LAYOUTS,
    RELATED,
    ROWS,
    STATIC,
    as_columns,
    as_items,
    config,
    rows_of,
    write,
)

PLACE = "dataset (data.json)"


def keys(layout: str, **changes: Any) -> TimeSeriesData:
    found = config(layout, related=RELATED, static=STATIC, data=changes).time_series_data_config
    assert found is not None
    return found


def engine_says(series: TimeSeriesData, file: Path) -> list[tuple[str, ...]]:
    try:
        read_series(series, file)
    except AnalysisError as error:
        return [(f.id, f.path, f.given, f.allowed) for f in error.findings]
    return []


def preflight_says(series: TimeSeriesData, document: Any) -> list[tuple[str, ...]]:
    plain = json.loads(series.model_dump_json(exclude_none=True))
    found = series_findings(plain, document, PLACE)
    return [(f.id, f.path, f.given, f.allowed) for f in found]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_good_series_have_no_finding_with_nulls_in_any_place(layout: str, tmp_path: Path) -> None:
    rows = [row | {"price": None if row["time"] else 5, "sales": row["sales"]} for row in ROWS]
    for document in (LAYOUTS[layout](ROWS), LAYOUTS[layout](rows)):
        file = write(tmp_path, document)
        assert preflight_says(keys(layout), document) == engine_says(keys(layout), file) == []


def _shorter(document: Any, column: str) -> Any:
    """Take away the last value of one column."""
    if isinstance(document, dict):
        return document | {column: document[column][:-1]}
    return document


MISTAKES: dict[str, tuple[str, Any, dict[str, Any]]] = {
    **{
        f"a shorter column: {column}": ("columns", _shorter(as_columns(ROWS), column), {})
        for column in ("id", "time", "sales", "price", "store")
    },
    "rows of another list": (
        "timestamp_records",
        {"rows": ROWS, "other": ROWS[:2]},
        {
            "item_id": "rows[].id",
            "timestamp": "rows[].time",
            "target_time_series": "other[].sales",
            "related_time_series": ["rows[].price"],
            "static_covariates": ["rows[].store"],
        },
    ),
    "no list": ("timestamp_records", ROWS, {"target_time_series": "[0].sales"}),
    "nothing": ("timestamp_records", {"a": 1}, {}),
    "a function that does not fit": (
        "timestamp_records",
        ROWS,
        {"target_time_series": "abs([*].sales)"},
    ),
    "an expression over no items": ("item_records", as_items(ROWS), {"item_id": "@"}),
    "an item's list that is shorter": (
        "item_records",
        [{**item, "series": item["series"][:1]} for item in as_items(rows_of([1, 2]))],
        {
            "timestamp": "[*].[`1`, `2`][]",
            "related_time_series": ["[*].series[].price"],
            "static_covariates": ["[*].id"],
        },
    ),
    "two ids for an item": (
        "item_records",
        as_items(ROWS),
        {"item_id": "[*].[id, id][]"},
    ),
    "lists that are not flattened": (
        "item_records",
        as_items(ROWS),
        {"timestamp": "[*].series[*].time"},
    ),
    "fewer items": ("item_records", as_items(ROWS), {"static_covariates": ["[:1].store"]}),
    "an index": (
        "timestamp_records",
        ROWS,
        {
            "item_id": 0,
            "timestamp": 1,
            "target_time_series": 2,
            "related_time_series": [3],
            "static_covariates": [4],
        },
    ),
}


@pytest.mark.parametrize(("layout", "document", "changes"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_found_as_the_engine_finds_it(
    layout: str, document: Any, changes: dict[str, Any], tmp_path: Path
) -> None:
    series = keys(layout, **changes)
    (theirs,) = engine_says(series, write(tmp_path, document))
    (ours,) = preflight_says(series, document)
    assert ours[0].startswith(("forecast-", "jmespath-"))
    assert ours == theirs


def test_no_value_is_in_a_finding() -> None:
    document = as_columns([{**row, "id": "secret"} for row in ROWS]) | {"time": ["hidden"]}
    text = str(preflight_says(keys("columns"), document))
    assert "forecast-lengths" in text
    assert "secret" not in text
    assert "hidden" not in text
