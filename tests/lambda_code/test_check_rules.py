"""Whatever the contract resolves, the check takes for well-formed rules."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from clarify_contract import (
    METRICS,
    AnalysisConfig,
    Limit,
    NoWorse,
    Refused,
    Rules,
    resolve_checks,
)
from clarify_lambda.check.rules import BIAS_SECTIONS, EXPLANATIONS, faults

BOUNDS = st.none() | st.floats() | st.integers() | st.floats(-1, 1)
LIMITS = st.dictionaries(
    st.sampled_from([*METRICS]),
    st.lists(
        st.builds(Limit, minimum=BOUNDS, maximum=BOUNDS, facet=st.sampled_from(["Sex", None])),
        max_size=2,
    ),
    max_size=3,
)
NO_WORSE = st.lists(
    st.builds(
        NoWorse,
        metrics=st.lists(st.sampled_from([*METRICS]), max_size=2),
        facet=st.sampled_from(["Sex", None]),
        distance=st.sampled_from(["neutral", "zero"]),
        tolerance=BOUNDS,
    ),
    max_size=2,
)
FACETS = st.lists(
    st.fixed_dictionaries(
        {"name_or_index": st.sampled_from(["Sex", "Age", 0, 1, 2])},
        optional={"value_or_threshold": st.just([0.5])},
    ),
    min_size=1,
    max_size=3,
)


def config(facet: list[dict[str, Any]], headers: list[str] | None) -> AnalysisConfig:
    given_keys = {
        "dataset_type": "text/csv",
        "headers": headers,
        "label": "Target",
        "label_values_or_threshold": [1],
        "predicted_label": "Guess",
        "facet": facet,
        "methods": {
            "pre_training_bias": {"methods": "all"},
            "post_training_bias": {"methods": ["DI", "FT"]},
        },
    }
    return AnalysisConfig.load({key: val for key, val in given_keys.items() if val is not None})


@settings(max_examples=300)
@given(FACETS, st.sampled_from([None, ["Sex", "Age", "Target", "Guess"]]), LIMITS, NO_WORSE)
def test_resolved_rules_have_no_faults(
    facet: list[dict[str, Any]], headers: list[str] | None, limits: Any, no_worse: list[NoWorse]
) -> None:
    try:
        rules = resolve_checks(config(facet, headers), limits, Rules(no_worse=no_worse))
    except Refused:
        rules = resolve_checks(config(facet, headers))
    assert list(faults(json.loads(json.dumps(rules, allow_nan=False)))) == []


def test_sections_are_those_that_the_contract_resolves() -> None:
    assert (
        tuple(dict.fromkeys(f"{metric.stage}_metrics" for metric in METRICS.values()))
        == BIAS_SECTIONS
    )
    shap = AnalysisConfig(
        dataset_type="text/csv",
        methods={"shap": {}, "pdp": {"grid_resolution": 5}},
        predictor={"endpoint_name": "live"},
    )
    sections = {rule["section"] for rule in resolve_checks(shap)["complete"]}
    assert sections < set(EXPLANATIONS)
