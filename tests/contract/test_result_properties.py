"""Whatever a file holds: it is read whole, or what is missing from the result was told."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from clarify_contract import AnalysisResult, Refused
from clarify_contract.result import BiasSection, PartialDependence, ShapLabel
from support_results import example
from support_results.mutated import INFINITIES, json_values, mutated

JSON = json_values(["Infinity", "-Infinity", "∞", "-∞", "0"])
KEYS = st.sampled_from(
    [
        "version",
        "label",
        "facets",
        "metrics",
        "name",
        "value",
        "error",
        "expected_value",
        "kernel_shap",
        "pdp",
        "XYZ",
    ]
)


def without_none(**members: Any) -> dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None}


def bias(section: BiasSection | None) -> dict[str, Any] | None:
    if section is None:
        return None
    return without_none(
        label=section.label,
        label_value_or_threshold=section.label_value_or_threshold,
        facets={
            name: [
                without_none(
                    value_or_threshold=group.value_or_threshold,
                    metrics=[
                        without_none(
                            name=metric.name, description=metric.description, error=metric.error
                        )
                        | {"value": INFINITIES.get(metric.value or 0.0, metric.value)}
                        for metric in group.metrics.values()
                    ],
                )
                for group in groups
            ]
            for name, groups in section.facets.items()
        },
    )


def shap(label: ShapLabel) -> dict[str, Any]:
    text = label.global_top_shap_text
    return without_none(
        global_shap_values=label.global_shap_values,
        expected_value=label.expected_value,
        global_top_shap_text=None
        if text is None
        else {key: tokens for key, tokens in text.items() if key is not None}
        | dict(text.get(None, {})),
    )


def dependence(feature: PartialDependence) -> dict[str, Any]:
    return without_none(
        **{name: getattr(feature, name) for name in PartialDependence.__dataclass_fields__}
    )


def written_back(result: AnalysisResult) -> dict[str, Any]:
    """Return the document that a result says it was read from."""
    explained = result.explanations
    asymmetric = explained and explained.asymmetric_shapley_value
    return without_none(
        version=result.version,
        pre_training_bias_metrics=bias(result.pre_training),
        post_training_bias_metrics=bias(result.post_training),
        explanations=explained
        and without_none(
            kernel_shap=None
            if explained.kernel_shap is None
            else {name: shap(label) for name, label in explained.kernel_shap.items()},
            pdp=None if explained.pdp is None else [dependence(item) for item in explained.pdp],
            asymmetric_shapley_value=asymmetric
            and without_none(
                explanation_results_path=asymmetric.explanation_results_path,
                direction=asymmetric.direction,
                granularity=asymmetric.granularity,
            ),
        ),
    )


def normal(node: Any) -> Any:
    """Make documents comparable that say the same: lists, order of keys, signs of infinity."""
    if isinstance(node, dict):
        return {key: normal(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [normal(value) for value in node]
    return node


def one_infinity(document: Any) -> Any:
    """Write the service's two spellings of infinity as one, where a metric's value stands."""
    text = json.dumps(document, ensure_ascii=False)
    return json.loads(
        text.replace('"value": "∞"', '"value": "Infinity"').replace(
            '"value": "-∞"', '"value": "-Infinity"'
        )
    )


@settings(max_examples=300)
@given(mutated(example, JSON, KEYS))
def test_what_is_read_without_a_finding_can_be_written_back(document: dict[str, Any]) -> None:
    result = AnalysisResult.load(document)
    if not result.unread:
        assert normal(written_back(result)) == one_infinity(document)


@settings(max_examples=200)
@given(mutated(example, JSON, KEYS))
def test_text_and_mapping_of_one_document_are_read_alike(document: dict[str, Any]) -> None:
    assert AnalysisResult.load(json.dumps(document)) == AnalysisResult.load(document)


@settings(max_examples=200)
@given(st.dictionaries(st.text(max_size=3), JSON) | JSON)
def test_any_json_is_read_or_refused(document: Any) -> None:
    try:
        result = AnalysisResult.load(" " * 2 + json.dumps(document))
    except Refused:
        assert not isinstance(document, dict)
    else:
        assert bool(result.unread) == bool(document)


@settings(max_examples=200)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        AnalysisResult.load(text)
