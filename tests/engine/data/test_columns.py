"""Names and indices of the config, turned into columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clarify_engine.data import open_dataset
from clarify_engine.errors import AnalysisError
from support_data.reading import config, local, nothing_to_fetch, opened, table


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("id,label,group,age,guess\n1,1,0,30,1\n2,0,1,40,1\n")
    return path


def refused(data: Path, **keys: Any) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        opened(data, **keys)
    return caught.value


def facet(column: str | int) -> list[dict[str, Any]]:
    return [{"name_or_index": column, "value_or_threshold": [1]}]


@pytest.mark.parametrize(
    "keys",
    [
        {"label": "label", "facet": facet("group"), "predicted_label": "guess"},
        {"label": 1, "facet": facet(2), "predicted_label": 4},
    ],
)
def test_columns_are_found_by_name_and_by_index(data: Path, keys: dict[str, Any]) -> None:
    dataset = opened(data, **keys)
    assert dataset.columns == ("id", "label", "group", "age", "guess")
    assert (dataset.label, dataset.predicted_label) == ("label", "guess")
    assert dataset.facets == ("group",)
    assert dataset.features == ("id", "group", "age")


@pytest.mark.parametrize("key", ["id", 0])
def test_join_and_excluded_columns_are_no_features(data: Path, key: str | int) -> None:
    dataset = opened(data, joinsource_name_or_index=key, excluded_columns=["age", 4])
    assert dataset.features == ("group",)


@pytest.mark.parametrize("group", ["age", 3])
def test_group_variable_is_a_column_and_stays_a_feature(data: Path, group: str | int) -> None:
    dataset = opened(data, group_variable=group)
    assert dataset.group_variable == "age"
    assert "age" in dataset.features


def test_several_facets_keep_the_config_s_order(data: Path) -> None:
    assert opened(data, facet=[*facet("group"), *facet(3), *facet("id")]).facets == (
        "group",
        "age",
        "id",
    )


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"label": "lable"}, "Headers must contain label."),
        ({"label": 5}, "Headers must contain label."),
        ({"predicted_label": "absent"}, "Headers must contain label."),
        ({"facet": facet("Group")}, "Unable to locate the facet."),
        ({"facet": facet(5)}, "Unable to locate the facet."),
        ({"excluded_columns": ["absent"]}, "Feature names not found."),
        ({"group_variable": "absent"}, "Unable to locate the group variable."),
        ({"joinsource_name_or_index": "absent"}, "Unable to locate the join column."),
        ({"excluded_columns": [0, 2, 3, 4]}, "Data must contain features."),
    ],
)
def test_absent_column_has_the_service_s_words(
    data: Path, keys: dict[str, Any], message: str
) -> None:
    assert refused(data, **keys).message == message


def test_every_absent_column_is_named_with_its_place_in_the_config(data: Path) -> None:
    findings = refused(data, facet=[*facet("group"), *facet("gruop")], group_variable=9).findings
    assert [(finding.path, finding.given) for finding in findings] == [
        ("$.facet[1].name_or_index", '"gruop"'),
        ("$.group_variable", "9"),
    ]


def test_dataset_uri_is_fetched_where_no_path_is_given(data: Path) -> None:
    given = config(dataset_uri="s3://bucket/data.csv")
    dataset = open_dataset(given, None, fetch=local({"s3://bucket/data.csv": data}))
    assert table(dataset, ["age"])["age"].to_pylist() == [30, 40]


def test_no_dataset_at_all_is_refused() -> None:
    with pytest.raises(AnalysisError, match="Failed to download data"):
        open_dataset(config(), None, fetch=nothing_to_fetch)
