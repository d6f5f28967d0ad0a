"""Real SHAP outputs of the service, three runs of one analysis, repeated by the whole engine."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np
import pytest

from clarify_contract.config import AnalysisConfig
from clarify_engine.run import analyze
from support_real import real
from support_run.linear_learner import LinearLearner

FOLDER = "adult_linear_learner"
OUTPUTS = ["shap_analysis.json", "shap_analysis_endpoint.json", "shap_analysis_json_format.json"]


class Endpoint:
    """The model of these runs, asked in JSON or in JSON Lines."""

    reference = "Linear Learner"

    def __init__(self) -> None:
        self._model = LinearLearner(real(f"{FOLDER}/ll-adult-prediction-model.tar.gz"))

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        if content_type == "application/json":
            answer, _ = self._model.answer({"Body": body})
            return answer.encode(), accept
        instances = b'{"instances":[' + b",".join(body.splitlines()) + b"]}"
        answer, _ = self._model.answer({"Body": instances})
        lines = (json.dumps(prediction) for prediction in json.loads(answer)["predictions"])
        return "\n".join(lines).encode(), accept


def records() -> list[list[float]]:
    lines = real(f"{FOLDER}/validation-dataset.jsonl").read_text().splitlines()
    return [json.loads(line)["features"] for line in lines]


def config(kind: str) -> AnalysisConfig:
    """Ask as the service was asked: baseline of rounded means, 100 samples, mean_abs."""
    headers = json.loads(real(f"{FOLDER}/bias_analysis_config.json").read_text())["headers"]
    json_predictor = {
        "content_template": '{"instances":$records}',
        "record_template": '{"features":$features}',
        "probability": "predictions[*].score",
    }
    lines_predictor = {"content_template": '{"features":$features}', "probability": "score"}
    is_json = kind == "application/json"
    return AnalysisConfig.load(
        {
            "dataset_type": kind,
            "features": "instances[*].features" if is_json else "features",
            "label": "instances[*].label" if is_json else "label",
            "headers": headers,
            "predictor": {
                "model_name": "ll-adult-prediction-model",
                "instance_type": "ml.m5.xlarge",
                "initial_instance_count": 1,
                "content_type": kind,
                "accept_type": kind,
                **(json_predictor if is_json else lines_predictor),
            },
            "methods": {
                "shap": {
                    "baseline": baseline(is_json),
                    "num_samples": 100,
                    "agg_method": "mean_abs",
                    "save_local_shap_values": False,
                }
            },
        }
    )


def baseline(is_json: bool) -> Any:
    means = np.round(np.mean(records(), axis=0)).astype(int).tolist()
    row = {"features": means}
    return {"instances": [row]} if is_json else [row]


@pytest.fixture(scope="module", params=["application/json", "application/jsonlines"])
def explained(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    is_json = request.param == "application/json"
    data = real(f"{FOLDER}/validation-dataset.json{'' if is_json else 'l'}")
    output = tmp_path_factory.mktemp("output")
    analysis = analyze(config(request.param), data, output, model=Endpoint())
    shap: dict[str, Any] = analysis.document["explanations"]["kernel_shap"]
    return shap


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.proves("service-numbers")
def test_values_order_and_expected_value_are_those_of_the_service(
    explained: dict[str, Any], output: str
) -> None:
    document = json.loads(real(f"{FOLDER}/{output}").read_text())
    (theirs,) = document["explanations"]["kernel_shap"].values()
    assert list(explained) == ["label0"]
    ours = explained["label0"]
    assert ours["expected_value"] == pytest.approx(theirs["expected_value"], abs=1e-6)
    wanted, got = theirs["global_shap_values"], ours["global_shap_values"]
    assert list(got) == list(wanted)
    for feature, value in wanted.items():
        assert got[feature] == pytest.approx(value, abs=0.005), feature
    compared = 0
    for one, other in itertools.combinations(wanted, 2):
        if abs(wanted[one] - wanted[other]) > 0.001:
            compared += 1
            assert (got[one] > got[other]) == (wanted[one] > wanted[other]), (one, other)
    assert compared > 80  # of 91 pairs
