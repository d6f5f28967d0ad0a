"""AnalysisResult reads what the service writes, and tells what it cannot read."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from clarify_contract import AnalysisResult, Refused
from support_real import real
from support_results import REAL_ANALYSES, example


def with_value(value: Any) -> dict[str, Any]:
    """Return an analysis whose one metric, DPL, has this value."""
    group = {"value_or_threshold": "0", "metrics": [{"name": "DPL", "value": value}]}
    section = {"label": "y", "label_value_or_threshold": "1", "facets": {"Sex": [group]}}
    return {"version": "1.0", "pre_training_bias_metrics": section}


def told(document: Any) -> list[tuple[str, str]]:
    """Return id and path of every finding."""
    return [(finding.id, finding.path) for finding in AnalysisResult.load(document).unread]


@pytest.mark.parametrize("name", REAL_ANALYSES)
def test_real_output_is_read_to_the_last_member(name: str) -> None:
    result = AnalysisResult.load(real(name))
    assert result.unread == ()
    assert result.version == "1.0"


def test_real_bias_output_gives_each_of_the_21_numbers_at_its_place() -> None:
    path = real("adult_linear_learner/bias_analysis.json")
    result = AnalysisResult.load(path)
    assert result.pre_training is not None
    assert result.pre_training.label == "Target"
    assert result.pre_training.label_value_or_threshold == "1"
    assert result.pre_training.facets["Sex"][0].metrics["DPL"].value == 0.2326441102756892
    assert result.post_training is not None
    assert result.post_training.facets["Sex"][0].value_or_threshold == "0"
    assert result.post_training.facets["Sex"][0].metrics["TE"].value == 2.916666666666667
    places = list(result.metrics())
    assert len(places) == 21
    assert {(place.facet, place.index, place.value_or_threshold) for place in places} == {
        ("Sex", 0, "0")
    }
    assert [place.metric.name for place in places if place.stage == "pre_training_bias"] == [
        "CDDL", "CI", "DPL", "JS", "KL", "KS", "LP", "TVD",
    ]  # fmt: skip


def test_label_that_is_a_score_is_read() -> None:
    """A run of the service took a score for a label's name."""
    result = AnalysisResult.load(real("adult_linear_learner/shap_analysis_json_format.json"))
    assert result.explanations is not None
    assert result.explanations.kernel_shap is not None
    label = result.explanations.kernel_shap["0.7956783771514893"]
    assert label.expected_value == 0.2506232261657715
    assert label.global_shap_values is not None
    assert label.global_shap_values["Country"] == 0.004879998492050835


def test_real_sample_with_several_labels_has_text_attributions_by_feature() -> None:
    result = AnalysisResult.load(real("model_card/clarify_explanability.json"))
    assert result.explanations is not None
    assert result.explanations.kernel_shap is not None
    assert list(result.explanations.kernel_shap) == ["label0", "label1"]
    text = result.explanations.kernel_shap["label1"].global_top_shap_text
    assert text is not None
    assert text["[feature_name_2]"] == {
        "charming": 0.04089221769072609,
        "magnificent": 0.03013490694249078,
    }


def test_real_sample_with_two_groups_keeps_both() -> None:
    result = AnalysisResult.load(real("model_card/clarify_bias.json"))
    assert result.post_training is not None
    groups = result.post_training.facets["Gender"]
    assert [group.value_or_threshold for group in groups] == ["0", "1"]
    assert groups[1].metrics["AD"].value == -0.1141572442143538


def test_examples_of_the_specification_are_read_to_the_last_member() -> None:
    result = AnalysisResult.load(example())
    assert result.unread == ()
    assert result.pre_training is not None
    cddl = result.pre_training.facets["Gender"][0].metrics["CDDL"]
    assert cddl.value is None
    assert cddl.error == "Group variable is empty or not provided"
    assert cddl.description == "Conditional Demographic Disparity in Labels (CDDL)"
    assert result.explanations is not None
    income, comments = result.explanations.pdp or ()
    assert income.feature_values == (1046.9, 2454.7)
    assert income.data_distribution == (0.6, 0.4)
    assert income.model_predictions == ((0.69, 0.82),)
    assert income.label_headers == ("Target",)
    assert comments.error is not None
    assert comments.error.startswith("Detected data type is not supported for PDP.")
    assert comments.model_predictions is None
    asymmetric = result.explanations.asymmetric_shapley_value
    assert asymmetric is not None
    assert asymmetric.explanation_results_path == "s3://bucket/out/"
    assert (asymmetric.direction, asymmetric.granularity) == ("chronological", "timewise")


def test_sections_that_a_file_does_not_have_are_none() -> None:
    result = AnalysisResult.load({"version": "1.0"})
    assert (result.pre_training, result.post_training, result.explanations) == (None, None, None)
    assert list(result.metrics()) == []
    assert result.unread == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.5, 0.5),
        (-3, -3.0),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        ("∞", math.inf),
        ("-∞", -math.inf),
        (None, None),
    ],
)
def test_value_is_a_number_null_or_one_of_four_infinities(value: Any, expected: Any) -> None:
    result = AnalysisResult.load(json.dumps(with_value(value)))
    assert result.unread == ()
    assert result.pre_training is not None
    assert result.pre_training.facets["Sex"][0].metrics["DPL"].value == expected


PLACE = "$.pre_training_bias_metrics.facets.Sex[0].metrics[0].value"


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("NaN", "analysis-number-not-finite"),
        ("Infinity", "analysis-number-not-finite"),
        ("-Infinity", "analysis-number-not-finite"),
        ("1e999", "analysis-number-not-finite"),
        ("1" + "0" * 400, "analysis-number-not-finite"),
        ("9007199254740993", "analysis-number-inexact"),
        ("true", "analysis-wrong-type"),
        ("[]", "analysis-wrong-type"),
        ('"NaN"', "analysis-number-text"),
        ('"0.5"', "analysis-number-text"),
        ('""', "analysis-number-text"),
    ],
)
def test_value_that_is_no_number_is_told_and_not_made_up(text: str, identifier: str) -> None:
    result = AnalysisResult.load(json.dumps(with_value("@")).replace('"@"', text))
    assert [(finding.id, finding.path) for finding in result.unread] == [(identifier, PLACE)]
    (place,) = result.metrics()
    assert place.metric.value is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_float_that_is_no_number_in_a_mapping_is_told_too(value: float) -> None:
    assert told(with_value(value)) == [("analysis-number-not-finite", PLACE)]


def test_misprinted_key_of_the_developer_guide_is_told_as_unknown() -> None:
    document: dict[str, Any] = {"explanations": {"kernal_shap": {"Target": {}}}}
    assert told(document) == [("analysis-unknown-key", "$.explanations.kernal_shap")]


def test_key_that_stands_twice_is_told() -> None:
    assert told('{"version": "1.0", "version": "2.0"}') == [("analysis-repeated-key", "$")]


def test_metric_that_stands_twice_is_told_and_the_first_is_kept() -> None:
    document = with_value(0.5)
    metrics = document["pre_training_bias_metrics"]["facets"]["Sex"][0]["metrics"]
    metrics.append({"name": "DPL", "value": 0.25})
    result = AnalysisResult.load(document)
    assert [finding.id for finding in result.unread] == ["analysis-metric-twice"]
    assert [place.metric.value for place in result.metrics()] == [0.5]


def test_metric_without_a_name_or_a_value_is_told() -> None:
    document = with_value(0.5)
    metrics = document["pre_training_bias_metrics"]["facets"]["Sex"][0]["metrics"]
    metrics[:] = [{"value": 1.0}, {"name": "CI"}]
    path = "$.pre_training_bias_metrics.facets.Sex[0].metrics"
    assert told(document) == [
        ("analysis-metric-without-name", f"{path}[0]"),
        ("analysis-value-missing", f"{path}[1]"),
    ]


def test_tokens_without_a_feature_are_read_as_well() -> None:
    """The developer guide shows the tokens alone, the SDK's own tests below each feature."""
    label = {"global_top_shap_text": {"charming": 0.04}, "expected_value": 0.5}
    result = AnalysisResult.load({"explanations": {"kernel_shap": {"label0": label}}})
    assert result.unread == ()
    assert result.explanations is not None
    assert result.explanations.kernel_shap is not None
    assert result.explanations.kernel_shap["label0"].global_top_shap_text == {
        None: {"charming": 0.04}
    }


def test_no_finding_holds_a_value_a_token_or_a_label_of_the_data() -> None:
    canary = "Q7-canary"
    document = {
        "version": [canary],
        "pre_training_bias_metrics": {
            "label": {canary: canary},
            "facets": {
                "Sex": [
                    {
                        "value_or_threshold": [canary],
                        "metrics": [{"name": "DPL", "value": canary, "error": [canary]}],
                    }
                ]
            },
        },
        "explanations": {
            "kernel_shap": {
                canary: {
                    "global_shap_values": {canary: canary},
                    "global_top_shap_text": {canary: {canary: canary}},
                    "expected_value": canary,
                }
            },
            "pdp": [{"feature_values": [[canary]], "model_predictions": [[canary]]}],
        },
    }
    findings = AnalysisResult.load(document).unread
    assert len(findings) == 10
    assert canary not in " ".join(map(str, findings))


@pytest.mark.parametrize(
    "text",
    ["{", '{"a": 1', '{"a": 1} trailing', "{'a': 1}", "{" + '"a":[' * 100_000, "{}{}"],
)
def test_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="analysis-not-json"):
        AnalysisResult.load(text)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"\xff\xfe{}", b'{"a": "\xe9"}', "{}".encode("utf-16")]
)
def test_file_that_holds_no_json_object_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "analysis.json"
    path.write_bytes(content)
    with pytest.raises(Refused, match="analysis-not-json"):
        AnalysisResult.load(path)


@pytest.mark.parametrize("path", ["missing.json", "", "\0", "a" * 10_000, "\ud800"])
def test_path_that_cannot_be_read_is_refused(path: str) -> None:
    with pytest.raises(Refused, match="analysis-unreadable"):
        AnalysisResult.load(path)


def test_file_is_read_by_path_and_by_its_text(tmp_path: Path) -> None:
    path = tmp_path / "analysis.json"
    path.write_text(json.dumps(example()))
    assert AnalysisResult.load(path) == AnalysisResult.load(str(path))
    assert AnalysisResult.load(path) == AnalysisResult.load(path.read_text())
