"""Explanations as an analysis writes them: sections, files, provenance; one linear model."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Refused
from clarify_engine.errors import AnalysisError
from clarify_engine.run import Analysis, analyze
from support_run import cases
from support_run.fakes import FakeRuntime, FakeSageMaker, FakeTime, client_error
from support_run.session import FakeSession

FEATURES = ("sex", "region", "income", "age")
WEIGHTS = np.array([0.05, 0.02, 1e-4, 0.003])
BASELINE = [0, 1, 2000.5, 40]


def scores(rows: Any) -> np.ndarray:
    return 0.1 + np.asarray(rows, float) @ WEIGHTS


def answer(request: dict[str, Any]) -> tuple[str, str]:
    rows = [list(map(float, line.split(","))) for line in request["Body"].decode().split("\n")]
    return "\n".join(map(str, scores(rows).tolist())), "text/csv"


class Account:
    """SageMaker with one model."""

    def __init__(self, model: Any = answer) -> None:
        self.sagemaker = FakeSageMaker()
        self.session: Any = FakeSession(
            sagemaker=self.sagemaker, sagemaker_runtime=FakeRuntime(model)
        )

    def analyze(self, config: AnalysisConfig, data: Path, output: Path, **more: Any) -> Analysis:
        patience = FakeTime().patience()
        return analyze(config, data, output, session=self.session, patience=patience, **more)


def config(methods: Any, **keys: Any) -> AnalysisConfig:
    return cases.config(methods=methods, predictor=cases.SHADOW, **keys)


def explain(data: Path, output: Path, **methods: Any) -> Analysis:
    return Account().analyze(config(methods), data, output)


def local_values(output: Path) -> list[dict[str, str]]:
    with (output / "explanations_shap" / "out.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return cases.write_csv(tmp_path / "rows.csv")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


@pytest.fixture
def rows() -> np.ndarray:
    return np.array([row[1:] for row in cases.rows()], float)


def test_shap_values_of_a_linear_model_are_weight_times_distance(
    data: Path, output: Path, rows: np.ndarray
) -> None:
    shap = {"baseline": [BASELINE], "save_local_shap_values": True}
    section = explain(data, output, shap=shap).document["explanations"]["kernel_shap"]
    assert list(section) == ["label0"]
    assert section["label0"]["expected_value"] == pytest.approx(scores([BASELINE])[0], rel=1e-12)
    expected = WEIGHTS * (rows - BASELINE)
    values = section["label0"]["global_shap_values"]
    assert list(values) == list(FEATURES)
    assert list(values.values()) == pytest.approx(np.abs(expected).mean(axis=0), abs=1e-12)
    local = local_values(output)
    assert list(local[0]) == [f"{feature}_label0" for feature in FEATURES]
    found = np.array([list(map(float, row.values())) for row in local])
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("method", "aggregate"),
    [
        ("median", lambda values: np.median(values, axis=0)),
        ("mean_sq", lambda values: (values**2).mean(axis=0)),
    ],
)
def test_local_values_become_global_ones_as_asked(
    data: Path, output: Path, rows: np.ndarray, method: str, aggregate: Any
) -> None:
    shap = {"baseline": [BASELINE], "agg_method": method}
    section = explain(data, output, shap=shap).document["explanations"]["kernel_shap"]
    values = list(section["label0"]["global_shap_values"].values())
    assert values == pytest.approx(aggregate(WEIGHTS * (rows - BASELINE)), abs=1e-12)
    assert not (output / "explanations_shap").exists()


def test_features_to_explain_are_reported_with_the_values_of_the_full_analysis(
    data: Path, output: Path, rows: np.ndarray
) -> None:
    shap = {"baseline": [BASELINE], "features_to_explain": ["age", 1]}
    section = explain(data, output, shap=shap).document["explanations"]["kernel_shap"]
    values = section["label0"]["global_shap_values"]
    expected = np.abs(WEIGHTS * (rows - BASELINE)).mean(axis=0)
    assert values == pytest.approx({"age": expected[3], "sex": expected[0]}, abs=1e-12)


@pytest.mark.parametrize("given", ["approved", "income "])
def test_a_feature_to_explain_that_the_model_does_not_get_is_refused(
    data: Path, output: Path, given: str
) -> None:
    with pytest.raises((AnalysisError, Refused), match=r"Feature names not found|X16"):
        explain(data, output, shap={"features_to_explain": [given]})
    assert not output.exists()


def test_the_join_column_stands_last_beside_local_values_and_is_not_sent(
    data: Path, output: Path, rows: np.ndarray
) -> None:
    def three(request: dict[str, Any]) -> tuple[str, str]:
        lines = request["Body"].decode().split("\n")
        assert {line.count(",") for line in lines} == {2}
        return "\n".join("0.5" for _ in lines), "text/csv"

    shap = {"baseline": [BASELINE[:3]], "save_local_shap_values": True}
    keyed = config({"shap": shap}, joinsource_name_or_index="age")
    Account(three).analyze(keyed, data, output)
    local = local_values(output)
    assert list(local[0]) == ["sex_label0", "region_label0", "income_label0", "age"]
    assert [row["age"] for row in local] == [str(int(age)) for age in rows[:, 3]]


def test_a_computed_baseline_is_written_and_is_what_absent_means(
    data: Path, output: Path, rows: np.ndarray
) -> None:
    shap = {"num_clusters": 3, "seed": 7, "save_local_shap_values": True}
    section = explain(data, output, shap=shap).document["explanations"]["kernel_shap"]["label0"]
    with (output / "explanations_shap" / "baseline.csv").open(newline="") as stream:
        header, *lines = csv.reader(stream)
    baseline = np.array([list(map(float, line)) for line in lines])
    assert tuple(header) == FEATURES
    assert baseline.shape == (3, 4)
    assert section["expected_value"] == pytest.approx(scores(baseline).mean(), rel=1e-12)
    found = np.array([list(map(float, row.values())) for row in local_values(output)])
    np.testing.assert_allclose(found, WEIGHTS * (rows - baseline.mean(axis=0)), atol=1e-12)


def test_the_same_seed_gives_the_same_results_with_any_number_of_workers(
    data: Path, tmp_path: Path
) -> None:
    found = []
    for workers in (1, 3):
        shap = {"num_clusters": 4, "num_samples": 6, "seed": 5}
        output = tmp_path / str(workers)
        Account().analyze(config({"shap": shap}), data, output, workers=workers)
        found.append((output / "analysis.json").read_bytes())
    assert found[0] == found[1]


def test_without_a_seed_the_same_data_give_the_same_results(data: Path, tmp_path: Path) -> None:
    found = []
    for name in ("first", "second"):
        explain(data, tmp_path / name, shap={"num_clusters": 4, "num_samples": 6})
        found.append((tmp_path / name / "analysis.json").read_bytes())
    assert found[0] == found[1]


def test_partial_dependence_of_a_linear_model_is_a_line(
    data: Path, output: Path, rows: np.ndarray
) -> None:
    pdp = {"features": ["income"], "grid_resolution": 4}
    [curve] = explain(data, output, pdp=pdp).document["explanations"]["pdp"]
    low, high = rows[:, 2].min(), rows[:, 2].max()
    centres = low + (high - low) * np.array([1, 3, 5, 7]) / 8
    others = np.delete(rows, 2, axis=1).mean(axis=0) @ np.delete(WEIGHTS, 2)
    assert curve["feature_name"] == "income"
    assert curve["data_type"] == "numerical"
    assert curve["feature_values"] == pytest.approx(centres)
    assert curve["data_distribution"] == pytest.approx([0.25] * 4)
    assert curve["model_predictions"] == [pytest.approx(0.1 + others + centres * WEIGHTS[2])]
    assert curve["label_headers"] == ["label0"]


def test_without_features_those_with_the_largest_shap_values_are_plotted(
    data: Path, output: Path
) -> None:
    analysis = explain(
        data,
        output,
        shap={"baseline": [BASELINE]},
        pdp={"top_k_features": 2, "grid_resolution": 3},
    )
    values = analysis.document["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    largest = sorted(values, key=values.__getitem__, reverse=True)[:2]
    curves = analysis.document["explanations"]["pdp"]
    assert [curve["feature_name"] for curve in curves] == largest


def test_bias_and_explanations_stand_in_one_document_with_one_report(
    data: Path, output: Path
) -> None:
    analysis = explain(
        data,
        output,
        pre_training_bias={"methods": ["CI"]},
        post_training_bias={"methods": ["DPPL"]},
        shap={"baseline": [BASELINE], "save_local_shap_values": True, "seed": 1},
        pdp={"features": ["age"], "grid_resolution": 2},
        report={"name": "report"},
    )
    assert list(analysis.document) == [
        "version",
        "pre_training_bias_metrics",
        "post_training_bias_metrics",
        "explanations",
    ]
    written = {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()}
    assert written - {"report.pdf"} == {
        "analysis.json",
        "explanations_shap/out.csv",
        "intervals.json",
        "provenance.json",
        "report.html",
        "report.ipynb",
        "report_data.json",
    }
    provenance = read(output / "provenance.json")
    assert provenance["rows"] == cases.ROWS
    assert provenance["model"] == "model loan"
    assert provenance["shap"] == {
        "estimators": {"exact": cases.ROWS},
        "seed": 1,
        "baseline_rows": 1,
        "baseline_computed": False,
        "predictions": provenance["shap"]["predictions"],
    }
    # Every coalition of at most four features, for every row, and the baseline.
    assert cases.ROWS < provenance["shap"]["predictions"] <= cases.ROWS * 15 + 1
    assert provenance["pdp"] == {"predictions": 2 * cases.ROWS}
    assert provenance["data"][0]["name"] == "rows.csv"
    assert {"load", "predict", "compute", "shap", "pdp"} <= set(provenance["seconds"])
    assert set(provenance["files"]) == written


def test_an_endpoint_that_dies_leaves_what_was_there(data: Path, output: Path) -> None:
    shap = {"baseline": [BASELINE], "save_local_shap_values": True}
    explain(data, output, shap=shap)
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}

    requests = 0

    def dies(request: dict[str, Any]) -> tuple[str, str]:
        nonlocal requests
        requests += 1
        if requests > 1:
            raise client_error("InvokeEndpoint", "ModelError", OriginalStatusCode=500)
        return answer(request)

    account = Account(dies)
    with pytest.raises(AnalysisError, match="The model failed on a single record"):
        account.analyze(config({"shap": shap}), data, output, workers=1)
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before
    assert account.sagemaker.endpoints == account.sagemaker.configs == {}


def test_a_forecast_is_explained_through_the_same_host(tmp_path: Path, output: Path) -> None:
    weights = [0.5, 2.0, -1.0]
    series = tmp_path / "series.json"
    series.write_text(
        json.dumps(
            [
                {"id": item, "timestamp": f"2024-01-0{day}", "target": value}
                for item, values in (("a", [1.0, 2.0, 3.0]), ("b", [4.0, 0.0, 1.0]))
                for day, value in enumerate(values, 1)
            ]
        )
    )

    def forecast(request: dict[str, Any]) -> tuple[str, str]:
        given = json.loads(request["Body"])["instances"]
        said = [[float(np.dot(weights, one["target"]))] for one in given]
        return json.dumps({"predictions": said}), "application/json"

    analysis = Account(forecast).analyze(AnalysisConfig.load(cases.FORECAST), series, output)
    section = analysis.document["explanations"]["asymmetric_shapley_value"]
    lines = (output / section["explanation_results_path"]).read_text().splitlines()
    found = {line["item_id"]: line for line in map(json.loads, lines)}
    assert [entry["scores"] for entry in found["a"]["explanations"]] == [
        [pytest.approx(weight * value)]
        for weight, value in zip(weights, [1.0, 2.0, 3.0], strict=True)
    ]
    assert found["b"]["offset"] == [0.0]
    assert read(output / "provenance.json")["asymmetric_shapley_value"]["items"] == 2
    assert (output / "report.html").exists()
