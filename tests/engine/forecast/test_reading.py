"""Forecasting datasets: three layouts that say the same, and what is refused in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clarify_contract.config import TimeSeriesData
from clarify_engine.errors import AnalysisError
from clarify_engine.forecast.reading import read_series
from clarify_engine.forecast.series import Series
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

CANARY = "canary-7e1f"


def where(layout: str = "timestamp_records", **keys: Any) -> TimeSeriesData:
    data = config(layout, **keys).time_series_data_config
    assert data is not None
    return data


def plain(series: list[Series]) -> list[tuple[Any, ...]]:
    return [
        (s.item_id, [*s.times], [*s.target], [[*r] for r in s.related], [*s.static]) for s in series
    ]


def refused(keys: TimeSeriesData, source: Path) -> str:
    """The text of the one finding that a dataset is refused with."""
    with pytest.raises(AnalysisError) as caught:
        read_series(keys, source)
    (finding,) = caught.value.findings
    assert CANARY not in str(caught.value)
    return str(finding)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_guides_example_reads_alike_in_every_layout(layout: str, tmp_path: Path) -> None:
    file = write(tmp_path, LAYOUTS[layout](ROWS))
    keys = where(layout, related=RELATED, static=STATIC)

    assert plain(read_series(keys, file)) == [
        (1, [0, 1, 2], [5, 6, 4], [[0, 1, 0], [0, 0, 0]], [-1, 1]),
        (2, [2, 3], [0, 4], [[1, 1], [1, 0]], [0, 2]),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nulls_keep_the_values_after_them_in_their_places(layout: str, tmp_path: Path) -> None:
    """A JMESPath projection would drop them, and shift what belongs to another time or item."""
    rows = rows_of([1, None, 3, None], "a", price=[None, 5, None, None])
    rows += rows_of([7, 8], "b", price=[None, 9])
    file = write(tmp_path, LAYOUTS[layout](rows))

    assert plain(read_series(where(layout, related=["price"]), file)) == [
        ("a", [0, 1, 2], [1, None, 3], [[None, 5, None]], []),
        ("b", [0, 1], [7, 8], [[None, 9]], []),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nulls_at_the_end_of_the_target_are_the_time_to_be_forecast(
    layout: str, tmp_path: Path
) -> None:
    rows = rows_of([1, 2, None, None], price=[5, 6, 7, None])
    (series,) = read_series(
        where(layout, related=["price"]), write(tmp_path, LAYOUTS[layout](rows))
    )

    assert plain([series]) == [("a", [0, 1, 2], [1, 2], [[5, 6, 7]], [])]


@pytest.mark.parametrize(
    "address", ["[].sales", "[*].sales", "[?id].sales", "@ | [*].sales", "[:].sales"]
)
def test_every_kind_of_projection_keeps_nulls(address: str, tmp_path: Path) -> None:
    file = write(tmp_path, rows_of([1, None, 3]))
    (series,) = read_series(where(data={"target_time_series": address}), file)

    assert [*series.target] == [1, None, 3]


@pytest.mark.parametrize("start", ["data.items[*]", "data | items[]", "data.items[?series]"])
def test_items_may_stand_deeper_in_the_document(start: str, tmp_path: Path) -> None:
    addresses = {
        "item_id": f"{start}.id",
        "timestamp": f"{start}.series[].time",
        "target_time_series": f"{start}.series[].sales",
    }
    file = write(tmp_path, {"data": {"items": as_items([*rows_of([1, 2]), *rows_of([3], "b")])}})

    assert plain(read_series(where("item_records", data=addresses), file)) == [
        ("a", [0, 1], [1, 2], [], []),
        ("b", [0], [3], [], []),
    ]


def test_an_item_goes_on_in_the_next_file_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "data", [ROWS[3], ROWS[0]], "1.json")
    write(tmp_path / "data", [ROWS[1], ROWS[4]], "deeper/2.json")
    write(tmp_path / "data", {"no": "data"}, "_hidden.json")

    found = read_series(where(), tmp_path / "data")

    assert [(s.item_id, [*s.target]) for s in found] == [(2, [0, 4]), (1, [5, 6])]


def test_ids_that_read_alike_are_one_item(tmp_path: Path) -> None:
    file = write(tmp_path, [{**ROWS[0], "id": 7}, {**ROWS[1], "id": "7"}])

    assert [(s.item_id, len(s.target)) for s in read_series(where(), file)] == [(7, 2)]


JSON_NUMBER = st.integers(-(10**6), 10**6) | st.floats(-1e9, 1e9)


@settings(max_examples=50)
@given(
    items=st.dictionaries(
        st.text('aä"\\ \U0001f600', max_size=4) | st.integers(),
        st.lists(st.tuples(JSON_NUMBER, st.none() | JSON_NUMBER), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_layouts_agree_on_any_data(items: dict[Any, list[Any]], tmp_path_factory: Any) -> None:
    rows = [
        row
        for item, values in items.items()
        for row in rows_of([v[0] for v in values], item, price=[v[1] for v in values])
    ]
    rows[0]["price"] = 1  # a path that finds nothing anywhere is refused
    folder = tmp_path_factory.mktemp("case")
    one, two, three = (
        plain(
            read_series(
                where(layout, related=["price"]),
                write(folder, change(rows), f"{layout}.json"),
            )
        )
        for layout, change in LAYOUTS.items()
    )

    assert one == two == three
    assert [series[0] for series in one] == list(items)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("value", [CANARY, True, [1], {"a": 1}])
@pytest.mark.parametrize("column", ["sales", "price"])
def test_a_value_that_is_no_number_is_refused(
    layout: str, value: Any, column: str, tmp_path: Path
) -> None:
    rows = rows_of([1, 2], price=[3, 4])
    rows[1][column] = value
    told = refused(where(layout, related=["price"]), write(tmp_path, LAYOUTS[layout](rows)))

    key = "target_time_series" if column == "sales" else "related_time_series[0]"
    assert f"[forecast-value] $.time_series_data_config.{key} in dataset (data.json)" in told
    assert "finite numbers" in told


def test_an_infinite_value_is_refused(tmp_path: Path) -> None:
    told = refused(where(), write(tmp_path, rows_of([1, float("inf")])))

    assert "row 2: got an infinite number" in told


@pytest.mark.parametrize("layout", ["timestamp_records", "columns"])
@pytest.mark.parametrize(("column", "id_"), [("id", "forecast-item-id"), ("time", "forecast-time")])
def test_a_row_without_an_item_or_a_time_is_refused(
    layout: str, column: str, id_: str, tmp_path: Path
) -> None:
    rows = [ROWS[0], {**ROWS[1], column: None}]
    told = refused(where(layout), write(tmp_path, LAYOUTS[layout](rows)))

    assert told.startswith(f"[{id_}]")
    assert "row 2: got nothing" in told


def test_lists_of_other_lengths_are_refused(tmp_path: Path) -> None:
    document = as_columns(ROWS)
    document["price"].pop()
    told = refused(where("columns", related=["price"]), write(tmp_path, document))

    assert "related_time_series[0] in dataset (data.json): got 4 values" in told
    assert "expected 5, as many as item_id has" in told


def test_an_item_whose_lists_have_other_lengths_is_refused(tmp_path: Path) -> None:
    keys = where(
        "item_records", data={"target_time_series": "[*].sales[]", "timestamp": "[*].times[]"}
    )
    document = [{"id": 1, "times": [0, 1], "sales": [5]}]

    assert "item 1: got 1 values; expected 2" in refused(keys, write(tmp_path, document))


def test_two_lengths_that_are_wrong_together_are_not_taken_for_right(tmp_path: Path) -> None:
    """Both items lack what the other has; flattened over all items the lengths would agree."""
    keys = where(
        "item_records", data={"target_time_series": "[*].sales[]", "timestamp": "[*].times[]"}
    )
    document = [
        {"id": 1, "times": [0, 1], "sales": [5]},
        {"id": 2, "times": [0], "sales": [5, 6]},
    ]

    assert "[forecast-lengths]" in refused(keys, write(tmp_path, document))


@pytest.mark.parametrize("layout", ["columns", "item_records"])
def test_data_in_another_layout_are_refused(layout: str, tmp_path: Path) -> None:
    told = refused(where(layout), write(tmp_path, ROWS))

    assert "dataset_format" in told


def test_a_nested_list_that_is_not_flattened_is_refused_with_the_cure(tmp_path: Path) -> None:
    keys = where("item_records", data={"timestamp": "[*].series[*].time"})
    told = refused(keys, write(tmp_path, as_items(ROWS)))

    assert "[forecast-nested]" in told
    assert "Write [] where the list of times begins" in told


def test_an_item_without_times_is_refused(tmp_path: Path) -> None:
    document = [*as_items(ROWS), {"id": 3, "store": 1, "size": 1, "series": []}]
    told = refused(where("item_records"), write(tmp_path, document))

    assert "in dataset (data.json) item 3: got an item without times" in told


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_item_without_a_target_is_refused(layout: str, tmp_path: Path) -> None:
    rows = [*rows_of([1, 2]), *rows_of([None, None], CANARY)]
    told = refused(where(layout), write(tmp_path, LAYOUTS[layout](rows)))

    assert "got an item without a value of the target" in told


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_related_series_that_is_nowhere_is_refused(layout: str, tmp_path: Path) -> None:
    rows = rows_of([1, 2], price=[None, None])
    told = refused(where(layout, related=["price"]), write(tmp_path, LAYOUTS[layout](rows)))

    assert "related_time_series[0]: got no value in any item" in told


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_time_that_comes_twice_is_refused(layout: str, tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1], ROWS[0]]

    told = refused(where(layout), write(tmp_path, LAYOUTS[layout](rows)))

    assert "[forecast-time-twice]" in told


def test_an_item_that_comes_whole_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("1.json", "2.json"):
        write(tmp_path / "data", as_items(ROWS), name)

    told = refused(where("item_records"), tmp_path / "data")

    assert "dataset (2.json) item 1: got a time that the item has already" in told


@pytest.mark.parametrize("layout", ["timestamp_records", "columns"])
def test_a_static_covariate_that_changes_is_refused(layout: str, tmp_path: Path) -> None:
    rows = [{**ROWS[0]}, {**ROWS[1], "store": 9}]
    told = refused(where(layout, static=["store"]), write(tmp_path, LAYOUTS[layout](rows)))

    assert "[forecast-static-changes]" in told
    assert "Make what changes over time a related time series." in told


@pytest.mark.parametrize("value", [None, [1], {}])
def test_a_static_covariate_that_is_no_value_is_refused(value: Any, tmp_path: Path) -> None:
    told = refused(where(static=["store"]), write(tmp_path, [{**ROWS[0], "store": value}]))

    assert "[forecast-static] $.time_series_data_config.static_covariates[0]" in told


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("[1, 2", "dataset-unreadable"),
        ("[]", "dataset-empty"),
        ('{"a": 1}', "forecast-nothing-found"),
        ("[" * 100_000, "dataset-unreadable"),
    ],
)
def test_files_that_are_no_dataset_are_refused(text: str, id_: str, tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(text)

    assert refused(where(), file).startswith(f"[{id_}]")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_bytes(json.dumps(rows_of([1], "ä"), ensure_ascii=False).encode("latin-1"))

    assert refused(where(), file).startswith("[dataset-not-utf8]")


@pytest.mark.parametrize(
    ("address", "id_"),
    [("[*.sales", "jmespath-syntax"), ("length([*].sales)", "forecast-nothing-found")],
)
def test_addresses_that_find_no_list_are_refused(address: str, id_: str, tmp_path: Path) -> None:
    keys = where(data={"target_time_series": address})

    assert refused(keys, write(tmp_path, ROWS)).startswith(f"[{id_}]")


def test_a_function_that_fails_on_a_value_does_not_tell_it(tmp_path: Path) -> None:
    keys = where(data={"target_time_series": "map(&abs(sales), @)"})
    rows = [{**ROWS[0], "sales": CANARY}]

    assert refused(keys, write(tmp_path, rows)).startswith("[jmespath-failed]")


def test_items_are_not_told_apart_without_a_projection(tmp_path: Path) -> None:
    keys = where("item_records", data={"item_id": "ids"})
    told = refused(keys, write(tmp_path, {"ids": [1, 2]}))

    assert told.startswith("[forecast-no-projection]")


def test_indices_are_refused(tmp_path: Path) -> None:
    keys = TimeSeriesData(
        target_time_series=2, item_id=0, timestamp=1, dataset_format="timestamp_records"
    )

    assert "got an index; expected a JMESPath expression" in refused(keys, write(tmp_path, ROWS))
