"""What two results of one analysis are said to differ in."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from clarify_contract import METRICS, AnalysisResult
from clarify_contract.result import TOLERANCES, Comparison, compare
from support_real import real
from support_results import REAL_ANALYSES, example


def compared(a: Any, b: Any, **tolerances: float) -> Comparison:
    return compare(AnalysisResult.load(a), AnalysisResult.load(b), tolerances)


def paths(comparison: Comparison) -> list[str]:
    return [difference.path for difference in comparison.differences]


def metrics(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["pre_training_bias_metrics"]["facets"]["Gender"][0][
        "metrics"
    ]
    return found


@pytest.mark.parametrize("name", REAL_ANALYSES)
def test_a_real_result_is_equal_to_itself(name: str) -> None:
    document = json.loads(real(name).read_text(encoding="utf-8"))
    comparison = compared(document, document)
    assert comparison.differences == ()
    assert comparison.compared > 0


def test_tolerances_are_there_for_every_metric_and_explanation() -> None:
    assert set(TOLERANCES) == {*METRICS, "shap", "expected_value", "pdp"}
    assert (TOLERANCES["DPL"], TOLERANCES["shap"]) == (1e-6, 0.005)


@pytest.mark.parametrize(
    ("change", "tolerance", "differs"),
    [(1e-7, None, False), (1e-5, None, True), (0.009, 0.01, False), (0.011, 0.01, True)],
)
def test_a_metric_differs_beyond_its_tolerance_only(
    change: float, tolerance: float | None, differs: bool
) -> None:
    other = example()
    (dpl,) = [metric for metric in metrics(other) if metric["name"] == "DPL"]
    dpl["value"] += change
    given = {} if tolerance is None else {"DPL": tolerance}
    place = "pre_training_bias_metrics.facets.Gender[0].DPL"
    assert paths(compared(example(), other, **given)) == ([place] if differs else [])


def test_a_value_and_none_differ_and_what_only_one_has_too() -> None:
    other = example()
    metrics(other)[1]["value"] = None
    (cddl,) = [metric for metric in metrics(other) if metric["name"] == "CDDL"]
    metrics(other).remove(cddl)
    name = metrics(other)[0]["name"]
    found = compared(example(), other).differences
    start = "pre_training_bias_metrics.facets.Gender[0]"
    told = {difference.path: (difference.only, difference.b) for difference in found}
    assert told[f"{start}.CDDL"] == ("a", None)
    assert len(told) == 2
    assert name != "CDDL"
    mirrored = compared(other, example()).differences
    assert {difference.path: difference.only for difference in mirrored}[f"{start}.CDDL"] == "b"


def test_a_whole_section_that_only_one_has_is_told_place_by_place() -> None:
    other = example()
    del other["explanations"]
    found = compared(example(), other)
    assert found.differences
    assert all(difference.only == "a" for difference in found.differences)
    assert all(path.startswith("explanations.") for path in paths(found))
    assert compared(other, other).compared + len(found.differences) == found.compared


def explained(**changes: Any) -> dict[str, Any]:
    document = {
        "version": "1.0",
        "explanations": {
            "kernel_shap": {
                "label0": {"global_shap_values": {"age": 0.25, "sex": 0.5}, "expected_value": 0.4}
            },
            "pdp": [pdp("age", [18.0, 40.5]), pdp("sex", ["f", "m"])],
        },
    }
    document["explanations"] = {**document["explanations"], **changes}  # type: ignore[dict-item]
    return document


def pdp(name: str, values: list[Any], predictions: tuple[float, float] = (0.5, 0.75)) -> Any:
    return {
        "feature_name": name,
        "data_type": "numerical",
        "feature_values": values,
        "data_distribution": [0.5, 0.5],
        "model_predictions": [list(predictions)],
        "label_headers": ["label0"],
    }


def shap(age: float, expected: float) -> dict[str, Any]:
    values = {"age": age, "sex": 0.5}
    return {"label0": {"global_shap_values": values, "expected_value": expected}}


def test_explanations_differ_beyond_their_tolerances() -> None:
    start = "explanations.kernel_shap.label0"
    assert paths(compared(explained(), explained(kernel_shap=shap(0.2549, 0.4049)))) == []
    far = explained(kernel_shap=shap(0.2551, 0.4051))
    assert paths(compared(explained(), far)) == [
        f"{start}.expected_value",
        f"{start}.global_shap_values.age",
    ]
    assert paths(compared(explained(), far, shap=0.01)) == [f"{start}.expected_value"]
    assert paths(compared(explained(), far, shap=0.01, expected_value=0.01)) == []


def test_partial_dependence_is_compared_by_feature_whatever_their_order() -> None:
    turned = explained(pdp=[pdp("sex", ["f", "m"], (0.5, 0.76)), pdp("age", [18.0, 40.5 + 1e-13])])
    assert paths(compared(explained(), turned)) == ["explanations.pdp.sex.model_predictions[0][1]"]
    assert paths(compared(explained(), turned, pdp=0.02)) == []
    other_grid = explained(pdp=[pdp("age", [18.0, 41.0]), pdp("sex", ["f", "m"])])
    assert paths(compared(explained(), other_grid)) == ["explanations.pdp.age.feature_values[1]"]


def test_infinities_of_one_sign_agree_and_a_number_is_not_close_to_one() -> None:
    def di(value: Any) -> dict[str, Any]:
        document = copy.deepcopy(example())
        document["post_training_bias_metrics"]["facets"]["Gender"][0]["metrics"] = [
            {"name": "DI", "description": "Disparate Impact (DI)", "value": value}
        ]
        return document

    assert paths(compared(di("Infinity"), di("∞"))) == []
    for other in ("-Infinity", 1e300):
        assert len(paths(compared(di("Infinity"), di(other), DI=1e308))) == 1


def test_a_tolerance_of_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="DPP"):
        compared(example(), example(), DPP=0.1)
