"""Facets and predicted labels in datasets of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clarify_engine.data import Dataset, csv_blocks, open_dataset
from clarify_engine.errors import AnalysisError
from support_data.reading import Collected, config, local, table

FACETS = "s3://bucket/facets"
GUESSES = "s3://bucket/guesses"


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def dataset(
    tmp_path: Path,
    main: str = "id,label,age\n1,1,30\n2,0,40\n3,1,50\n",
    *,
    facets: str | None = None,
    guesses: str | None = None,
    **keys: Any,
) -> Dataset:
    """Open a dataset whose side datasets are given as text."""
    uris: dict[str, Any] = {}
    files = {}
    if facets is not None:
        uris["facet_dataset_uri"] = FACETS
        files[FACETS] = put(tmp_path / "facets.csv", facets)
    if guesses is not None:
        uris["predicted_label_dataset_uri"] = GUESSES
        files[GUESSES] = put(tmp_path / "guesses.csv", guesses)
    keys.setdefault("facet", [{"name_or_index": "sex", "value_or_threshold": [1]}])
    given = config(**{"label": "label", **uris, **keys})
    return open_dataset(given, put(tmp_path / "data.csv", main), fetch=local(files))


def refused(tmp_path: Path, **keys: Any) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        table(dataset(tmp_path, **keys))
    return caught.value


def test_facets_are_joined_by_row_order(tmp_path: Path) -> None:
    opened = dataset(tmp_path, facets="sex,race\n0,a\n1,b\n0,c\n")
    assert opened.columns == ("id", "label", "age", "sex")
    assert opened.facets == ("sex",)
    assert opened.features == ("id", "age")
    assert table(opened, ["sex", "label"]).to_pydict() == {"sex": [0, 1, 0], "label": [1, 0, 1]}


def test_side_column_alone_is_read_too(tmp_path: Path) -> None:
    opened = dataset(tmp_path, facets="sex\n0\n1\n0\n")
    assert table(opened, ["sex"]).to_pydict() == {"sex": [0, 1, 0]}
    assert table(opened, ["age"]).to_pydict() == {"age": [30, 40, 50]}


def test_facet_index_counts_in_the_facet_dataset(tmp_path: Path) -> None:
    opened = dataset(
        tmp_path,
        facets="a,0\nb,1\nc,0\n",
        facet_headers=["race", "sex"],
        facet=[{"name_or_index": 1, "value_or_threshold": [1]}],
    )
    assert opened.facets == ("sex",)
    assert table(opened, ["sex"])["sex"].to_pylist() == [0, 1, 0]


def test_predicted_label_has_its_default_name(tmp_path: Path) -> None:
    opened = dataset(
        tmp_path,
        guesses="predicted_label\n1\n0\n0\n",
        facet=[{"name_or_index": "age", "value_or_threshold": [35]}],
    )
    assert opened.predicted_label == "predicted_label"
    assert table(opened, ["predicted_label"])["predicted_label"].to_pylist() == [1, 0, 0]


@pytest.mark.parametrize("column", ["guess", 0])
def test_predicted_label_is_addressed_in_its_own_dataset(tmp_path: Path, column: str | int) -> None:
    opened = dataset(
        tmp_path,
        guesses="1\n0\n0\n",
        predicted_label=column,
        predicted_label_headers=["guess"],
        facet=[{"name_or_index": "age", "value_or_threshold": [35]}],
    )
    assert table(opened, ["label", "guess"]).to_pydict() == {
        "label": [1, 0, 1],
        "guess": [1, 0, 0],
    }


def test_both_side_datasets_are_joined(tmp_path: Path) -> None:
    opened = dataset(tmp_path, facets="sex\n0\n1\n0\n", guesses="predicted_label\n1\n0\n0\n")
    assert opened.columns == ("id", "label", "age", "sex", "predicted_label")
    assert table(opened, ["predicted_label", "sex"]).to_pydict() == {
        "predicted_label": [1, 0, 0],
        "sex": [0, 1, 0],
    }


@pytest.mark.parametrize("key", ["id", 0])
def test_rows_are_joined_by_key(tmp_path: Path, key: str | int) -> None:
    opened = dataset(tmp_path, facets="id,sex\n3,c\n1,a\n2,b\n9,z\n", joinsource_name_or_index=key)
    assert opened.features == ("age",)
    assert table(opened, ["sex", "id"]).to_pydict() == {"sex": ["a", "b", "c"], "id": [1, 2, 3]}
    assert table(opened, ["sex"]).to_pydict() == {"sex": ["a", "b", "c"]}


def test_keys_of_different_types_are_compared_as_text(tmp_path: Path) -> None:
    opened = dataset(
        tmp_path,
        facets="id,sex\n3,c\n1,a\n2,b\nx,z\n",
        joinsource_name_or_index="id",
    )
    assert table(opened, ["sex"])["sex"].to_pylist() == ["a", "b", "c"]


def test_several_rows_may_have_one_key(tmp_path: Path) -> None:
    opened = dataset(
        tmp_path,
        "id,label,age\n1,1,30\n1,0,40\n",
        facets="id,sex\n1,a\n",
        joinsource_name_or_index="id",
    )
    assert table(opened, ["sex"])["sex"].to_pylist() == ["a", "a"]


def test_long_datasets_are_joined_across_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 256)
    rows = range(1000)
    main = "id,label,age\n" + "".join(f"{i},{i % 2},{i}\n" for i in rows)
    by_order = "sex\n" + "".join(f"{i * 3}\n" for i in rows)
    by_key = "id,sex\n" + "".join(f"{i},{i * 3}\n" for i in reversed(rows))
    for facets, key in ((by_order, None), (by_key, "id")):
        opened = dataset(tmp_path, main, facets=facets, joinsource_name_or_index=key)
        read = opened.scan(["age", "sex"], Collected)
        assert len(read.batches) > 1
        assert read.table["age"].to_pylist() == list(rows)
        assert read.table["sex"].to_pylist() == [i * 3 for i in rows]


@pytest.mark.parametrize("key", [None, "id"])
def test_late_text_in_either_dataset_widens_its_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 256)
    rows = range(300)
    main = "id,label,age\n" + "".join(f"{i},1,{i if i < 299 else 'x'}\n" for i in rows)
    facets = "id,sex\n" + "".join(f"{i},{i if i < 299 else 'y'}\n" for i in rows)
    opened = dataset(tmp_path, main, facets=facets, joinsource_name_or_index=key)
    read = table(opened, ["age", "sex"])
    assert read["age"].to_pylist() == [*map(str, range(299)), "x"]
    assert read["sex"].to_pylist() == [*map(str, range(299)), "y"]


@pytest.mark.parametrize(("rows", "count"), [("0\n1\n", 2), ("0\n1\n0\n1\n1\n", 5), ("", 0)])
def test_another_number_of_rows_is_refused_with_the_counts(
    tmp_path: Path, rows: str, count: int
) -> None:
    finding = refused(tmp_path, facets=f"sex\n{rows}").findings[0]
    assert finding.id == "join-rows"
    assert finding.given == f"{count} rows"
    assert "3 rows" in finding.allowed


@pytest.mark.parametrize(
    ("facets", "given"),
    [
        ("id,sex\n1,a\n2,b\n", "no row for 1 of the dataset's 3 keys"),
        ("id,sex\n1,a\n2,b\n,c\n", "no row for 1 of the dataset's 3 keys"),
        ("id,sex\n1,a\n2,b\n3,c\n3,d\n2,d\n", "5 rows with 3 different keys"),
        ("id,sex\n", "no row"),
    ],
)
def test_key_that_is_not_found_once_is_refused_with_the_counts(
    tmp_path: Path, facets: str, given: str
) -> None:
    error = refused(tmp_path, facets=facets, joinsource_name_or_index="id")
    assert error.findings[0].id == "join-keys"
    assert error.findings[0].given == given


def test_missing_key_finds_no_row_not_even_one_without_key(tmp_path: Path) -> None:
    error = refused(
        tmp_path,
        main="id,label,age\n1,1,30\n,0,40\n",
        facets="id,sex\n1,a\n,b\n",
        joinsource_name_or_index="id",
    )
    assert error.findings[0].given == "no row for 1 of the dataset's 2 keys"


def test_datasets_of_several_files_need_a_key(tmp_path: Path) -> None:
    put(tmp_path / "main" / "a.csv", "id,label,age\n1,1,30\n")
    put(tmp_path / "main" / "b.csv", "id,label,age\n2,1,30\n")
    put(tmp_path / "facets.csv", "sex\n1\n0\n")
    given = config(
        facet_dataset_uri=FACETS, facet=[{"name_or_index": "sex", "value_or_threshold": [1]}]
    )
    with pytest.raises(AnalysisError) as caught:
        open_dataset(given, tmp_path / "main", fetch=local({FACETS: tmp_path / "facets.csv"}))
    assert caught.value.findings[0].id == "join-order"


def test_facet_name_that_the_dataset_has_too_is_refused(tmp_path: Path) -> None:
    error = refused(
        tmp_path,
        facets="age\n1\n2\n3\n",
        facet=[{"name_or_index": "age", "value_or_threshold": [1]}],
    )
    assert error.findings[0].id == "join-names"


def test_facet_of_the_main_dataset_is_not_a_facet_of_the_facet_dataset(tmp_path: Path) -> None:
    error = refused(
        tmp_path,
        facets="sex\n1\n2\n3\n",
        facet=[{"name_or_index": "age", "value_or_threshold": [1]}],
    )
    assert error.message == "Unable to locate the facet."


def test_key_column_has_to_be_in_both(tmp_path: Path) -> None:
    error = refused(tmp_path, facets="sex\n1\n2\n3\n", joinsource_name_or_index="id")
    assert error.message == "Unable to locate the join column."


def test_group_variable_may_be_in_the_facet_dataset(tmp_path: Path) -> None:
    opened = dataset(tmp_path, facets="sex,race\n0,a\n1,b\n0,c\n", group_variable="race")
    assert opened.group_variable == "race"
    assert table(opened, ["race"])["race"].to_pylist() == ["a", "b", "c"]


def test_what_misleads_in_a_side_dataset_is_warned_about(tmp_path: Path) -> None:
    opened = dataset(tmp_path, facets="gender\n0\n1\n", facet_headers=["sex"])
    assert [warning.path for warning in opened.warnings] == ["facet_dataset_uri (facets.csv)"]


def test_integer_and_float_keys_are_compared_as_numbers(tmp_path: Path) -> None:
    opened = dataset(
        tmp_path,
        f"id,label,age\n{2**60 + 1},1,30\n2,0,40\n",
        facets=f"id,sex\n2.0,b\n{2.0**60},a\n",
        joinsource_name_or_index="id",
    )
    assert table(opened, ["sex"])["sex"].to_pylist() == ["a", "b"]


def test_integer_keys_that_are_equal_as_floats_are_refused_beside_float_keys(
    tmp_path: Path,
) -> None:
    error = refused(
        tmp_path,
        main=f"id,label,age\n{2.0**60},1,30\n",
        facets=f"id,sex\n{2**60},a\n{2**60 + 1},b\n",
        joinsource_name_or_index="id",
    )
    assert error.findings[0].given == "2 rows with 1 different keys"
