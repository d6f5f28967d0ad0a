"""Objects of the SageMaker SDK become the config that it uploads; tests/parity asks the SDK."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, Refused
from support_parity.recording import recorded
from support_parity.standins import Config, Explanation, Model, PredictedLabel, standing_in

DATA = Config(dataset_type="text/csv", headers=["y", "sex", "age"], label="y")
BIAS = Config(label_values_or_threshold=[1], facet=[{"name_or_index": "sex"}])
MODEL = Model(model_name="loans", initial_instance_count=1, instance_type="ml.m5.large")
LABELS = PredictedLabel(0.7, probability=1)
SHAP = Explanation("shap", use_logit=False, save_local_shap_values=True)
PDP = Explanation("pdp", grid_resolution=15, top_k_features=10)
REPORT = {"name": "report", "title": "Analysis Report"}


class PipelineVariable:
    """In place of the SDK's class of that name."""


class ParameterString(PipelineVariable):
    """In place of one of its subclasses."""


def made(**given: Any) -> dict[str, Any]:
    return AnalysisConfig.from_sagemaker(DATA, **given).to_dict()


def refused(**given: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        AnalysisConfig.from_sagemaker(**{"data_config": DATA, **given})
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize("case", recorded())
def test_a_config_is_the_one_that_the_sdk_uploads(case: dict[str, Any]) -> None:
    given = {
        name: standing_in(value) if name.endswith("_config") else value
        for name, value in case["given"].items()
    }
    config = AnalysisConfig.from_sagemaker(**given).to_dict()
    # As texts: in Python 1 equals 1.0, in the container's schema it does not.
    assert json.dumps(config, sort_keys=True) == json.dumps(case["uploaded"], sort_keys=True)


def test_both_stages_of_bias_are_measured_unless_one_is_left_out() -> None:
    both = made(bias_config=BIAS, model_config=MODEL)
    assert both["methods"] == {
        "report": REPORT,
        "pre_training_bias": {"methods": "all"},
        "post_training_bias": {"methods": "all"},
    }
    before = made(bias_config=BIAS, post_training_methods=None, pre_training_methods=["CI"])
    assert before["methods"] == {"report": REPORT, "pre_training_bias": {"methods": ["CI"]}}
    assert "predictor" not in before


def test_without_a_bias_config_nothing_of_bias_is_asked() -> None:
    methods = made(model_config=MODEL, explainability_config=[SHAP, PDP])["methods"]
    assert methods == {"report": REPORT, **SHAP.method, **PDP.method}


def test_labels_are_read_where_the_object_says_and_the_threshold_is_the_configs() -> None:
    config = made(bias_config=BIAS, model_config=MODEL, model_predicted_label_config=LABELS)
    assert config["probability_threshold"] == 0.7
    assert config["predictor"] == {**MODEL.predictor_config, "probability": 1}


def test_a_threshold_of_nought_is_a_threshold() -> None:
    config = made(
        model_config=MODEL,
        explainability_config=SHAP,
        model_predicted_label_config=PredictedLabel(0.0),
    )
    assert config["probability_threshold"] == 0.0


@pytest.mark.parametrize("scores", [0, "scores"])
def test_model_scores_alone_become_the_predictors_label(scores: str | int) -> None:
    config = made(
        model_config=MODEL, explainability_config=SHAP, model_predicted_label_config=scores
    )
    assert config["predictor"]["label"] == scores


def test_objects_are_left_as_they_were() -> None:
    made(model_config=MODEL, explainability_config=SHAP, model_predicted_label_config=LABELS)
    assert (MODEL.predictor_config, LABELS.predictor_config) == (
        {"model_name": "loans", "initial_instance_count": 1, "instance_type": "ml.m5.large"},
        {"probability": 1},
    )


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (
            {"data_config": BIAS, "bias_config": DATA, "post_training_methods": None},
            [
                "data_config: got a Python Config; expected a DataConfig",
                "bias_config: got a Python Config; expected a BiasConfig",
            ],
        ),
        (
            {"model_config": LABELS, "model_predicted_label_config": MODEL},
            [
                "model_predicted_label_config: got a Python Model; expected a "
                "ModelPredictedLabelConfig, or a label's name or index",
                "model_config: got a Python PredictedLabel; expected a ModelConfig",
            ],
        ),
        (
            {"explainability_config": [SHAP, BIAS]},
            [
                "explainability_config[1]: got a Python Config; expected a SHAPConfig, PDPConfig "
                "or AsymmetricShapleyValueConfig"
            ],
        ),
        ({"data_config": Config}, ["data_config: got the class Config; expected a DataConfig"]),
        ({"data_config": "s3://b/d"}, ["data_config: got a text; expected a DataConfig"]),
        (
            {"model_config": {"model_name": "loans"}},
            ["model_config: got an object with 1 key; expected a ModelConfig"],
        ),
        (
            {"model_predicted_label_config": True},
            ["model_predicted_label_config: got true or false; expected a ModelPredictedLabel"],
        ),
    ],
)
def test_what_stands_in_the_wrong_place_is_named_with_its_place(
    given: dict[str, Any], lines: list[str]
) -> None:
    found = refused(**given)
    assert len(found) == len(lines)
    for line, expected in zip(found, lines, strict=True):
        assert line.startswith(f"[sagemaker-object] {expected}")
        place = expected.partition(":")[0]
        assert line.endswith(f"SageMakerClarifyProcessor as {place}.")


@pytest.mark.parametrize("method", [{}, {"lime": {}}, {**SHAP.method, **PDP.method}])
def test_an_explanation_is_one_method_that_clarify_has(method: dict[str, Any]) -> None:
    other = Explanation("lime")
    other.method = method
    (found,) = refused(model_config=MODEL, explainability_config=other)
    assert found.startswith("[sagemaker-object] explainability_config: got a Python Explanation")


def test_a_method_given_twice_is_refused() -> None:
    assert refused(model_config=MODEL, explainability_config=[SHAP, PDP, SHAP]) == [
        "[sagemaker-method-twice] explainability_config[2]: got shap for the second time; "
        "expected each method once. Remove one of the two, or run two analyses."
    ]


def test_a_pipeline_variable_is_refused_with_its_key() -> None:
    model = Model(**{**MODEL.predictor_config, "model_name": ParameterString()})
    shap = Explanation("shap", baseline=[[1, ParameterString()]])
    found = refused(model_config=model, explainability_config=shap)
    assert [line.partition(";")[0] for line in found] == [
        "[sagemaker-pipeline-variable] $.methods.shap.baseline[0][1]: got a Python ParameterString",
        "[sagemaker-pipeline-variable] $.predictor.model_name: got a Python ParameterString",
    ]


def test_a_config_that_the_rules_refuse_is_refused_here_too() -> None:
    (found,) = refused(bias_config=BIAS)
    assert found.startswith("[X2] $.methods.post_training_bias: got no source of predictions")
    assert found.endswith("or ask for no post-training bias.")


def test_null_is_no_way_to_leave_a_key_out() -> None:
    (found,) = refused(
        bias_config=Config(label_values_or_threshold=None, facet=[{"name_or_index": "sex"}]),
        post_training_methods=None,
    )
    assert found.startswith("[schema-null] $.label_values_or_threshold")
