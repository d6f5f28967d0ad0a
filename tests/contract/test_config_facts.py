"""Rules that need the job or the data's columns: X6, X14 to X17, X19."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_contract import (
    AnalysisConfig,
    check_columns,
    check_dataset_input,
    check_instance_count,
)
from support_config.judge import places
from support_config.valid import GONE, Config, bias, changed, parquet, shap

COLUMNS = ["label", "sex", "age", "job"]


def loaded(config: Config, changes: dict[str, Any] | None = None) -> AnalysisConfig:
    return AnalysisConfig.load(changed(config, changes or {}))


def test_one_instance_suits_every_config() -> None:
    assert check_instance_count(loaded(bias()), 1) == ()
    assert check_instance_count(loaded(parquet()), 1) == ()


def test_several_instances_need_a_join_column() -> None:
    assert places(check_instance_count(loaded(bias()), 2)) == [("X14", "InstanceCount")]
    joined = loaded(bias(), {"joinsource_name_or_index": "age"})
    assert check_instance_count(joined, 2) == ()


def test_parquet_runs_on_one_instance() -> None:
    joined = loaded(parquet(), {"joinsource_name_or_index": "id"})
    assert places(check_instance_count(joined, 2)) == [("X6", "InstanceCount")]


@pytest.mark.parametrize("count", [0, 101])
def test_a_number_of_instances_that_the_api_refuses_is_refused(count: int) -> None:
    joined = loaded(bias(), {"joinsource_name_or_index": "age"})
    assert places(check_instance_count(joined, count)) == [("instance-count", "InstanceCount")]


def test_a_dataset_comes_from_one_place() -> None:
    without, own = loaded(bias()), loaded(bias(), {"dataset_uri": "s3://b/data"})
    assert check_dataset_input(without, given=True) == ()
    assert check_dataset_input(own, given=False) == ()
    (twice,) = check_dataset_input(own, given=True)
    assert (twice.id, twice.severity) == ("dataset-twice", "warning")
    (missing,) = check_dataset_input(without, given=False)
    assert (missing.id, missing.severity) == ("dataset-missing", "error")


def test_headers_are_as_many_as_the_columns() -> None:
    config = loaded(bias())
    assert check_columns(config, ["column_0", "column_1", "column_2", "column_3"]) == ()
    (finding,) = check_columns(config, ["a", "b", "c"])
    assert (finding.id, finding.path) == ("X15", "$.headers")
    # Spec 6.5: the container's own words.
    words = "Headers in config do not match with the number of columns in the dataset"
    assert words in finding.fix


# Spec 2.7, X16: what the container says of a column that is not there.
MISSING = [
    ({"label": "lable"}, "$.label", "Headers must contain label."),
    ({"label": 9}, "$.label", "Headers must contain label."),
    (
        {"facet.0.name_or_index": "gender"},
        "$.facet[0].name_or_index",
        "Unable to locate the facet.",
    ),
    ({"group_variable": "jobs"}, "$.group_variable", "Feature names not found."),
    ({"excluded_columns": ["zip"]}, "$.excluded_columns[0]", "Feature names not found."),
]


@pytest.mark.parametrize(("change", "path", "words"), MISSING)
def test_a_column_that_the_data_does_not_have_is_found_without_headers(
    change: dict[str, Any], path: str, words: str
) -> None:
    assert check_columns(loaded(bias(), {"headers": GONE}), COLUMNS) == ()
    (finding,) = check_columns(loaded(bias(), {"headers": GONE, **change}), COLUMNS)
    assert (finding.id, finding.path) == ("X16", path)
    assert words in finding.fix


def test_baselines_and_explained_features_are_checked_against_the_data() -> None:
    config = loaded(shap(), {"headers": GONE, "methods.shap.features_to_explain": ["age"]})
    assert check_columns(config, COLUMNS) == ()
    assert places(check_columns(config, [*COLUMNS, "zip"])) == [("X19", "$.methods.shap.baseline")]
    renamed = ["label", "sex", "years", "job"]
    assert places(check_columns(config, renamed)) == [
        ("X16", "$.methods.shap.features_to_explain[0]")
    ]


def test_placeholders_are_checked_against_the_data() -> None:
    config = loaded(
        shap(),
        {
            "headers": GONE,
            "predictor.content_type": "application/json",
            "predictor.content_template": "$records",
            "predictor.record_template": '{"A":"${age}"}',
        },
    )
    assert check_columns(config, COLUMNS) == ()
    assert places(check_columns(config, ["label", "sex", "years", "job"])) == [
        ("X17", "$.predictor.record_template")
    ]


def test_a_side_dataset_keeps_its_columns_apart() -> None:
    config = loaded(bias(), {"headers": GONE, "facet_dataset_uri": "s3://b/f.csv"})
    assert check_columns(config, ["label", "age"]) == ()
