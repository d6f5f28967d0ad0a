"""What is no evidence passes nothing: documents, rules and explanations of every broken kind."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import passed, summary
from support_lambda import passing_analysis, passing_rules
from support_lambda.judging import (
    BIAS,
    attribution,
    broken,
    complete,
    group,
    judged,
    limit,
    rules_of,
)

RULE_KEYS = (
    *("complete", "limits", "attributions", "section", "facets", "metrics", "kind"),
    *("no_worse", "neutral", "tolerance"),
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "the job wrote no such file"),
        (b"", "it is not complete JSON"),
        (json.dumps(passing_analysis()).encode()[:-1], "it is not complete JSON"),
        (json.dumps(passing_analysis()).encode() + b"{}", "it is not complete JSON"),
        (json.dumps(passing_analysis()).encode("utf-16"), "it is not UTF-8"),
        (json.dumps(passing_analysis()).encode("utf-8-sig"), "it is not complete JSON"),
        (json.dumps(passing_analysis()).encode().replace(b"Target", b"T\xe4"), "it is not UTF-8"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a": ' + b"1" * 5000 + b"}", "it is not complete JSON"),
        (b"[]", "it is JSON, but no object"),
        (b"null", "it is JSON, but no object"),
        (b'{"a": NaN}', "it holds the bare word NaN, which is no JSON"),
        (b'{"a": -Infinity}', "it holds the bare word -Infinity, which is no JSON"),
        (b'{"a": 1, "a": 1}', "an object in it holds the same key twice"),
    ],
    ids=range(14),
)
def test_document_that_is_no_evidence_passes_nothing(body: bytes | None, reason: str) -> None:
    assert broken(judge(body, passing_rules())) == [("analysis.json", reason)]


@pytest.mark.parametrize(
    "rules",
    [
        None,
        [],
        {},
        rules_of(),
        {"complete": []},
        {"complete": [], "limits": []},
        rules_of(complete={}),
        rules_of(extra=[]),
        rules_of(complete=[None]),
        rules_of(complete=[{"section": "explanations.lime"}]),
        rules_of(complete=[{"section": "explanations.pdp", "metrics": []}]),
        rules_of(complete=[{"section": []}]),
        rules_of(complete=[{"section": BIAS}]),
        complete(facets=[]),
        complete(metrics=[]),
        complete(metrics=["CI"]),
        complete(metrics=[{"name": "CI", "min": "0", "max": None, "outcomes": True}]),
        complete(metrics=[{"name": "CI", "min": None, "max": None, "outcomes": 1}]),
        complete(facets=[{"name": "Sex", "groups": 0, "reading": None}]),
        complete(facets=[{"name": "Sex", "groups": 1, "reading": "value"}]),
        complete(facets=[{"name": "Sex", "groups": 1, "reading": []}]),
        complete(facets=["Sex"]),
        complete(accepted_zeros="Sex"),
        complete(accepted_zeros=[None]),
        complete(accepted_errors=[{"metric": "KL", "facet": None, "error": ""}]),
        complete(accepted_errors=[{"metric": "KL", "error": "No instance"}]),
        complete(extra=[]),
        limit(min=None, max=None),
        limit(min=0.2),
        limit(min=True),
        limit(max="0.1"),
        limit(max=float("nan")),
        limit(max=float("inf")),
        limit(metric=None),
        limit(metric=""),
        limit(facet=0),
        limit(group=0),
        limit(evidence="both"),
        limit(evidence=None),
        limit(section="explanations.pdp"),
        limit(maximum=0.1),
        attribution(kind="lime"),
        attribution(kind=None),
        attribution(label=0),
        attribution(max="0.5"),
        attribution(max=None),
        attribution(top=3),
        attribution(kind="forbidden"),
        rules_of(attributions=[{"kind": "forbidden", "label": None, "features": [], "top": 1}]),
        rules_of(attributions=[{"kind": "forbidden", "label": None, "features": ["A"], "top": 0}]),
        rules_of(attributions=[{"kind": "count", "label": None, "features": True}]),
    ],
    ids=range(51),
)
def test_rules_that_are_missing_or_malformed_pass_nothing(rules: Any) -> None:
    outcomes = judge(json.dumps(passing_analysis()).encode(), rules)
    assert not passed(outcomes)
    assert {outcome.rule for outcome in outcomes} == {"rules"}


def test_one_malformed_rule_among_good_ones_passes_nothing() -> None:
    rules = passing_rules()
    del rules["limits"][1]["facet"]
    assert broken(judged(passing_analysis(), rules)) == [
        (
            "rules.limits[1]",
            "section, metric, facet, group, min, max, evidence and source are expected",
        )
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda e: e["kernel_shap"].clear(), "the section is missing or empty"),
        (lambda e: e.update(kernel_shap=[1]), "it is no object of labels"),
        (lambda e: e["kernel_shap"].update(label0=None), "label 0 is no object"),
        (
            lambda e: e["kernel_shap"]["label0"].pop("global_shap_values"),
            "label 0 has no attributions",
        ),
        (
            lambda e: e["kernel_shap"]["label0"]["global_shap_values"].update(Age="Infinity"),
            "global_shap_values of label 0 is not all finite numbers",
        ),
        (
            lambda e: e["kernel_shap"]["label0"].pop("expected_value"),
            "expected_value of label 0 is not all finite numbers",
        ),
        (lambda e: e["pdp"].clear(), "the section is missing or empty"),
        (lambda e: e["pdp"][0].update(error="x"), "feature 0 has an error instead of numbers"),
        (lambda e: e["pdp"][0].pop("feature_values"), "feature 0 has no feature_values"),
        (
            lambda e: e["pdp"][0].update(model_predictions=[[0.1], []]),
            "model_predictions of feature 0 is not all finite numbers",
        ),
        (
            lambda e: e["asymmetric_shapley_value"].pop("explanation_results_path"),
            "it names no explanation_results_path",
        ),
    ],
)
def test_explanation_without_its_numbers_passes_nothing(change: Any, reason: str) -> None:
    analysis = passing_analysis()
    change(analysis["explanations"])
    assert [found for _, found in broken(judged(analysis))] == [reason]


def members(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every member of a document."""
    keys = list(node) if isinstance(node, dict) else []
    keys = list(range(len(node))) if isinstance(node, list) else keys
    return [(*path, key) for key in keys] + [
        found for key in keys for found in members(node[key], (*path, key))
    ]


# What the rules rest on: all but the texts that only name or describe.
NAMES_ONLY = {"version", "label", "description", "feature_name", "data_type", "label_headers"}
NAMES_ONLY |= {"direction", "granularity", "data_distribution", "feature_values"}
ALL_EVIDENCE = [
    path for path in members(passing_analysis()) if not NAMES_ONLY.intersection(map(str, path))
]
NO_EVIDENCE = (
    st.none()
    | st.booleans()
    | st.sampled_from(["", "Infinity", "∞", [], {}, 10**400])
    | st.dictionaries(st.text(), st.none(), max_size=1)
)


@settings(max_examples=400)
@given(st.sampled_from(ALL_EVIDENCE), NO_EVIDENCE | st.just("remove"))
def test_no_analysis_passes_from_which_evidence_was_taken(path: Any, change: Any) -> None:
    analysis = passing_analysis()
    *before, last = path
    container: Any = analysis
    for key in before:
        container = container[key]
    if change == "remove":
        # How many features or points there should be, no rule knows: all of them go then.
        values = container.values() if isinstance(container, dict) else container
        if "explanations" in path and all(isinstance(value, float | list) for value in values):
            container.clear()
        else:
            del container[last]
    else:
        assume(not (change and isinstance(change, str) and isinstance(container[last], str)))
        container[last] = change
    rules = passing_rules()
    rules["complete"][0]["facets"][1]["groups"] = 2
    assert not passed(judged(analysis, rules))


@settings(max_examples=300)
@given(st.integers(0, len(json.dumps(passing_analysis())) - 1))
def test_no_analysis_passes_that_was_cut_off(length: int) -> None:
    body = json.dumps(passing_analysis()).encode()[:length]
    assert not passed(judge(body, passing_rules()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*RULE_KEYS]) | st.text(),
            inner,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(JSON, JSON)
def test_nothing_passes_and_nothing_raises_on_arbitrary_documents(
    document: Any, rules: Any
) -> None:
    assert not passed(judged(document))
    assert not passed(judge(json.dumps(passing_analysis()).encode(), rules))


def test_no_reason_holds_text_of_the_analysis() -> None:
    canary = "Q7-canary"
    analysis = passing_analysis()
    found = group(analysis, "Age", 1)
    found["value_or_threshold"] = canary
    found["metrics"][0] = {"name": "CI", "value": canary, "error": canary, canary: canary}
    found["metrics"][1] = {"name": "DPL", "value": canary}
    analysis["explanations"]["kernel_shap"][canary] = {"global_shap_values": {canary: canary}}
    analysis["explanations"]["pdp"][0]["error"] = canary
    outcomes = judged(analysis)
    assert len(broken(outcomes)) == 5
    assert canary not in repr(outcomes)


def test_reason_of_many_broken_rules_is_one_line_of_bounded_length() -> None:
    analysis = passing_analysis()
    analysis[BIAS]["facets"] = {f"facet {index}": None for index in range(300)}
    text = summary(judged(analysis, limit(facet=None)) * 2 + judged(analysis))
    assert text.startswith("Rejected: 3 of ")
    assert len(text) <= 1000
    assert "\n" not in text


def test_judge_is_imported_quickly_and_without_boto3() -> None:
    code = (
        "import sys, time; start = time.process_time(); import clarify_lambda.check.judge; "
        "took = time.process_time() - start; "
        "assert 'boto3' not in sys.modules and 'botocore' not in sys.modules; print(took)"
    )
    took = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(5)
    )
    assert took <= 0.05
