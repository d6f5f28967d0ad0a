"""`clarify estimate`: as many predictions as a run asks for, and money with date and source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner, Result

from clarify_contract import AnalysisConfig
from clarify_engine.run import analyze
from clarify_local.commands import app
from clarify_local.estimating import counting
from clarify_local.estimating.advice import advice
from clarify_local.estimating.counting import Predictions, count_predictions
from clarify_local.estimating.prices import PRICES, Price, price_of
from clarify_local.estimating.run import Job, Span, cost, endpoint_hours, minutes
from support_forecast import cases as forecast_cases
from support_forecast.models import FakeModel, linear
from support_run import cases

SHAP = {"baseline": [[0, 1, 2000.5, 40]]}
ALL = {
    "post_training_bias": {"methods": ["DPPL"]},
    "shap": SHAP,
    "pdp": {"features": ["income", "sex"], "grid_resolution": 7},
}


class Asked:
    """A model that counts the rows that it is asked about."""

    reference = "by income and sex"

    def __init__(self) -> None:
        self.rows = 0

    def scores(self, features: pa.RecordBatch) -> Any:
        self.rows += features.num_rows
        income, sex = (features.column(name).to_numpy(False) for name in ("income", "sex"))
        return ((income + 200 * sex) > 2000) * 0.8 + 0.1


def nowhere(uri: str) -> Path:
    raise AssertionError(f"nothing is fetched: {uri}")


def config(**methods: Any) -> AnalysisConfig:
    return cases.config(methods=methods, predictor=cases.SHADOW)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return cases.write_csv(tmp_path / "rows.csv")


def clarify_estimate(config: AnalysisConfig, data: Path, *words: str) -> Result:
    file = data.with_name("config.json")
    file.write_text(config.to_json())
    return CliRunner().invoke(app, ["estimate", str(file), "--data", str(data), *words])


@pytest.mark.parametrize(
    "methods",
    [
        {"post_training_bias": ALL["post_training_bias"]},
        {"shap": SHAP},
        {"shap": {**SHAP, "num_samples": 5, "use_logit": True}},
        {"shap": {"num_clusters": 3}},
        ALL,
    ],
)
def test_as_many_are_counted_as_a_run_asks_for(
    methods: dict[str, Any], data: Path, tmp_path: Path
) -> None:
    asked = Asked()
    analyze(config(**methods), data, tmp_path / "out", model=asked)
    found = count_predictions(config(**methods), data, nowhere)
    assert (found.engine, found.sampled, found.rows) == (asked.rows, None, cases.ROWS)


def test_the_managed_image_asks_as_the_developer_guide_says(data: Path) -> None:
    """For each row the baseline's rows times min(num_samples, 2^F - 2), of 4 features here."""
    found = count_predictions(config(shap={**SHAP, "num_samples": 9}), data, nowhere)
    assert found.shap_managed == 60 * 1 * 9
    found = count_predictions(config(shap={"num_clusters": 3}), data, nowhere)
    assert found.shap_managed == 60 * 3 * 14


def test_large_data_are_counted_on_their_first_rows(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = count_predictions(config(shap=SHAP), data, nowhere)
    monkeypatch.setattr(counting, "_TRIED", 30 * 14)
    found = count_predictions(config(shap=SHAP), data, nowhere)
    assert found.sampled == 30
    assert found.shap == pytest.approx(whole.shap, rel=0.1)


def test_curves_of_features_that_shap_will_choose_are_a_bound(data: Path) -> None:
    """Four features, two of them plotted: those with 15 values each, at most."""
    methods = {"shap": SHAP, "pdp": {"top_k_features": 2, "grid_resolution": 15}}
    found = count_predictions(config(**methods), data, nowhere)
    assert (found.pdp, found.pdp_at_most) == (60 * 2 * 15, True)


def test_labels_in_the_data_spare_the_model(tmp_path: Path) -> None:
    data = cases.write_csv(tmp_path / "rows.csv", with_prediction=True)
    given = cases.config(predicted_label="says")
    assert count_predictions(given, data, nowhere) == Predictions(rows=60)


def test_forecasts_are_counted_as_they_are_asked(tmp_path: Path) -> None:
    settings = forecast_cases.config(
        related=["price"], method=forecast_cases.fine_grained(num_samples=3)
    )
    data = forecast_cases.write(tmp_path, forecast_cases.ROWS)
    _, explained = forecast_cases.explained(settings, data, FakeModel(linear))
    found = count_predictions(settings, data, nowhere)
    assert (found.rows, found.forecasts) == (explained.items, explained.predictions)


JOB = Job(
    instances=2,
    rate=100,
    price=Price("here", "ml.m5.xlarge", "Processing", 0.6, None),
    endpoint_instances=3,
    endpoint_price=Price("here", "ml.m5.large", "Hosting", 0.1, None),
)


def test_minutes_hours_and_money_by_hand() -> None:
    """36,000 predictions at 2 x 100 a second take 3 minutes, after 5 to 12 for the endpoint."""
    assert minutes(36_000, JOB) == Span(8, 15)
    assert endpoint_hours(36_000, JOB) == Span(pytest.approx(0.4), pytest.approx(0.75))
    # 8/60 h x 2 x 0.60 + 0.4 h x 0.10, and 15/60 x 2 x 0.60 + 0.75 x 0.10.
    assert cost(36_000, JOB) == Span(pytest.approx(0.2), pytest.approx(0.375))
    assert minutes(6_000, Job(rate=100)) == Span(1, 1)


def test_no_price_is_no_cost() -> None:
    assert cost(1, Job()) is None
    assert cost(1, Job(price=JOB.price, endpoint_instances=1)) is None
    assert price_of("us-east-1", "ml.m5.24xlarge", "Processing") is None


def test_each_price_stands_once_with_date_and_source() -> None:
    keys = [(price.region, price.instance_type, price.use) for price in PRICES]
    assert len(set(keys)) == len(keys)
    for price in PRICES:
        assert price.usd > 0
        assert price.source is not None
        assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", price.source.date)
        assert price.source.url.startswith("https://")


def test_what_is_printed_has_the_date_and_source_of_its_prices(data: Path) -> None:
    result = clarify_estimate(config(**ALL), data)
    assert result.exit_code == 0, result.output
    for text in ("endpoint hours", "US dollars", "as of 2026-07-30", "Left out", "--rate"):
        assert text in result.output
    assert price_of("us-east-1", "ml.m5.xlarge", "Processing") is not None
    assert "https://github.com/scott2borg/cs401r-2026-instructor" in result.output


def test_an_unknown_price_is_said_and_can_be_given(data: Path) -> None:
    result = clarify_estimate(config(shap=SHAP), data, "--region", "eu-north-1")
    assert result.exit_code == 0, result.output
    assert "not known" in result.output
    assert "pass --price" in result.output
    assert "pass --endpoint-price" in result.output
    given = ["--region", "eu-north-1", "--price", "0.5", "--endpoint-price", "0.25"]
    result = clarify_estimate(config(shap=SHAP), data, *given)
    assert "not known" not in result.output
    assert "as you said" in result.output


def test_without_a_model_there_is_nothing_to_wait_for(data: Path) -> None:
    result = clarify_estimate(cases.config(methods={"pre_training_bias": {"methods": "all"}}), data)
    assert result.exit_code == 0, result.output
    assert "No model is asked" in result.output
    assert "minutes" not in result.output


def test_an_endpoint_that_is_there_already_is_not_paid_for_by_the_run(data: Path) -> None:
    given = cases.config(methods={"shap": SHAP}, predictor={"endpoint_name": "ours"})
    result = clarify_estimate(given, data)
    assert result.exit_code == 0, result.output
    assert "its hours are not counted" in result.output
    assert "endpoint hours" not in result.output


def test_what_only_the_managed_image_runs_has_no_column_of_the_engine(data: Path) -> None:
    assert clarify_estimate(config(shap=SHAP), data, "--instances", "2").exit_code == 2  # X14
    joined = cases.config(
        methods={"shap": SHAP | {"baseline": [[1, 2000.5, 40]]}},
        predictor=cases.SHADOW,
        joinsource_name_or_index="sex",
        facet=None,
        group_variable=None,
    )
    result = clarify_estimate(joined, data, "--instances", "2")
    assert result.exit_code == 0, result.output
    assert "The open engine does not run this: 2 instances" in result.output
    assert "│  open engine" not in result.output
    assert "managed image" in result.output


def test_a_baseline_in_s3_is_taken_from_a_file(data: Path) -> None:
    given = config(shap={"baseline": "s3://loans/baseline.csv"})
    result = clarify_estimate(given, data)
    assert result.exit_code == 2
    assert "--file s3://loans/baseline.csv=PATH" in result.output
    (baseline := data.with_name("baseline.csv")).write_text("0,1,2000.5,40\n1,2,1000.5,30\n")
    result = clarify_estimate(given, data, "--file", f"s3://loans/baseline.csv={baseline}")
    assert result.exit_code == 0, result.output
    assert f"{60 * 2 * 14:,}" in result.output


def test_texts_are_refused_since_nobody_knows_their_parts(data: Path) -> None:
    text = {"text_config": {"granularity": "token", "language": "english"}, "baseline": [["none"]]}
    result = clarify_estimate(config(shap=text), data)
    assert result.exit_code == 2
    assert "estimate-parts-unknown" in result.output


@pytest.mark.parametrize(
    ("asked", "size", "words"),
    [
        (Predictions(rows=1), 1, "smallest instance type"),
        (Predictions(rows=1, labels=10**9), 1, "max_runtime, 24 hours"),
        (Predictions(rows=1, shap=9, shap_managed=9), 1, "num_samples (now not set)"),
        (Predictions(rows=1, labels=1), 16 << 30, "more than half of the job's volume (30 GB"),
    ],
)
def test_advice_fits_what_is_asked(asked: Predictions, size: int, words: str) -> None:
    assert any(words in line for line in advice(config(shap=SHAP), asked, Job(), size))
