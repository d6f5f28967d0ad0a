"""Baselines of forecasts: zero or mean of a series, and values for static covariates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_engine.errors import AnalysisError
from clarify_engine.forecast import open_forecasts
from support_forecast.cases import (
    ROWS,
    config,
    explained,
    fine_grained,
    opened,
    rows_of,
    write,
)
from support_forecast.models import FakeModel, linear

URI = "s3://bucket/baseline.json"
CANARY = "canary-31aa"


def first_record(tmp_path: Path, rows: list[dict[str, Any]], **keys: Any) -> dict[str, Any]:
    """What the model is asked first: the item with all of it obfuscated."""
    model = FakeModel(linear)
    explained(config(**keys), write(tmp_path, rows), model)
    return model.requests[0][0]


def static_rows() -> list[dict[str, Any]]:
    return [{**row, "store": 3, "size": "L"} for row in rows_of([1.0, 2.0], 7)]


def test_zero_is_the_baseline_where_the_config_does_not_say(tmp_path: Path) -> None:
    record = first_record(tmp_path, rows_of([1, 2], price=[3, 4]), related=["price"])

    assert (record["target"], record["related"]) == ([0.0, 0.0], [[0.0, 0.0]])


def test_mean_is_the_average_of_each_series_and_of_each_item(tmp_path: Path) -> None:
    """The related series' future counts, since the model sees it; what is missing does not."""
    rows = rows_of([1, None, 3, None], price=[3, 4, None, 8], promotion=[0, 0, 0, 2])
    rows += rows_of([10, 20], "b", price=[1, 2], promotion=[1, 1])
    model = FakeModel(lambda record: [0.0])
    baseline = {"target_time_series": "mean", "related_time_series": "mean"}
    settings = config(related=["price", "promotion"], method={"baseline": baseline})
    explained(settings, write(tmp_path, rows), model)
    offsets = [request[0] for request in model.requests]

    assert [record["target"] for record in offsets] == [[2.0] * 3, [15.0] * 2]
    assert [record["related"] for record in offsets] == [
        [[5.0] * 4, [0.5] * 4],
        [[1.5] * 2, [1.0] * 2],
    ]


def test_target_and_related_series_have_baselines_of_their_own(tmp_path: Path) -> None:
    method = {"baseline": {"related_time_series": "mean"}}
    record = first_record(tmp_path, rows_of([1, 2], price=[3, 4]), related=["price"], method=method)

    assert (record["target"], record["related"]) == ([0.0, 0.0], [[3.5, 3.5]])


def test_a_mean_of_the_largest_numbers_stays_finite(tmp_path: Path) -> None:
    method = {"baseline": {"target_time_series": "mean"}}
    model = FakeModel(lambda record: [0.0])
    explained(config(method=method), write(tmp_path, rows_of([1.5e308, 1.7e308])), model)

    assert model.requests[0][0]["target"] == [1.6e308, 1.6e308]


def test_static_covariates_are_found_by_the_items_id_as_a_text(tmp_path: Path) -> None:
    method = fine_grained(2, static_covariates={"7": [1, "M"]})
    model = FakeModel(lambda record: [0.0])
    settings = config(static=["store", "size"], method=method)
    explained(settings, write(tmp_path, static_rows()), model)
    asked = [record["static"] for request in model.requests for record in request]

    assert asked[0] == [1, "M"]
    assert asked[-1] == [3, "L"]


@pytest.mark.parametrize("covariates", [None, {"8": [1, 2]}])
def test_an_item_without_a_static_baseline_is_refused(covariates: Any, tmp_path: Path) -> None:
    method = fine_grained(2, **({"static_covariates": covariates} if covariates else {}))
    rows = [{**row, "id": CANARY} for row in static_rows()]
    with pytest.raises(AnalysisError) as caught:
        opened(config(static=["store", "size"], method=method), write(tmp_path, rows))
    (finding,) = caught.value.findings

    assert finding.id == "forecast-static-baseline"
    assert finding.path == "$.methods.asymmetric_shapley_value.baseline.static_covariates"
    assert finding.given == "nothing for the item of dataset (data.json) row 1"
    assert CANARY not in str(caught.value)


def test_a_request_without_static_covariates_needs_no_baseline_of_them(tmp_path: Path) -> None:
    template = '{"target": $target_time_series, "related": [], "static": []}'
    settings = config(
        static=["store", "size"],
        method=fine_grained(2),
        predictor={"record_template": template},
    )
    (line,), found = explained(settings, write(tmp_path, static_rows()), FakeModel(linear))

    assert [entry["feature_name"] for entry in line["explanations"]] == ["sales", "sales"]
    assert [warning.id for warning in found.warnings] == ["forecast-not-sent"]


def fetched(tmp_path: Path, text: str, **keys: Any) -> Any:
    """Open a dataset whose baseline stands in S3."""
    stored = tmp_path / "s3" / "baseline.json"
    stored.parent.mkdir()
    stored.write_text(text, encoding="utf-8")
    settings = config(static=["store"], method={**fine_grained(2), "baseline": URI}, **keys)
    data = write(tmp_path, [{**row, "store": 3} for row in rows_of([1.0, 2.0])])
    return open_forecasts(settings, data, fetch={URI: stored}.__getitem__, seed=0)


def test_a_baseline_may_stand_in_s3(tmp_path: Path) -> None:
    text = json.dumps({"target_time_series": "mean", "static_covariates": {"a": [1]}})
    forecasts = fetched(tmp_path, text)
    model = FakeModel(linear)
    forecasts.explain(model, output=tmp_path, results_uri=None, workers=1, tell=lambda *_: None)

    assert model.requests[0][0]["target"] == [1.5, 1.5]
    assert model.requests[0][0]["static"] == [1]


@pytest.mark.parametrize(
    ("text", "id_", "path"),
    [
        ("[1", "forecast-baseline", ""),
        ("[1]", "forecast-baseline", ""),
        ('{"target_time_series": "median"}', "schema-value", ".target_time_series"),
        ('{"target": "zero"}', "schema-unknown-key", ".target"),
        (f'{{"static_covariates": {{"{CANARY}": 1}}}}', "schema-type", ".static_covariates"),
        (
            f'{{"static_covariates": {{"{CANARY}": [1, 2]}}}}',
            "static-baseline",
            ".static_covariates",
        ),
    ],
)
def test_what_stands_in_s3_must_be_a_baseline(
    text: str, id_: str, path: str, tmp_path: Path
) -> None:
    with pytest.raises(AnalysisError) as caught:
        fetched(tmp_path, text)
    (finding,) = caught.value.findings

    assert (finding.id, finding.path) == (
        id_,
        f"$.methods.asymmetric_shapley_value.baseline{path}",
    )
    assert CANARY not in str(caught.value)


def test_a_prefix_with_several_files_is_no_baseline(tmp_path: Path) -> None:
    for name in ("1.json", "2.json"):
        write(tmp_path / "s3", {}, name)
    settings = config(method={"baseline": URI})
    with pytest.raises(AnalysisError, match=r"\[forecast-baseline\].*got 2 files"):
        open_forecasts(settings, write(tmp_path, ROWS), fetch=lambda uri: tmp_path / "s3", seed=0)
