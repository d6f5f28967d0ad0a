"""A run never passes by a baseline that was corrupted: numbers that are gone are not met."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, AttributionDrift, NoWorse, Rules, resolve_checks
from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import passed
from support_lambda.evidence import Facts, facts
from support_lambda.mutations import BIAS, GENERAL, survivors
from support_real import BESIDE, real

BIAS_FILE = "adult_linear_learner/bias_analysis.json"
SHAP_FILE = "adult_linear_learner/shap_analysis.json"
OF_EACH_CLASS = 100
#: The other classes of `BIAS` leave a number in every place: a baseline like others.
IN_BIAS = {
    name: BIAS[name] for name in ("an error", "a metric twice", "a facet read as a threshold")
}


def bias_rules() -> dict[str, Any]:
    config = AnalysisConfig.load(real("adult_linear_learner/bias_analysis_config.json"))
    return resolve_checks(config, rules=Rules(no_worse=[NoWorse()]))


def shap_rules() -> dict[str, Any]:
    config = AnalysisConfig(
        dataset_type="text/csv",
        methods={"shap": {"num_clusters": 1}},
        predictor={"endpoint_name": "live", "content_type": "text/csv"},
    )
    return resolve_checks(config, rules=Rules(attributions=[AttributionDrift(minimum=0.01)]))


def places(found: Facts | None) -> Facts:
    """Return where a file has a number that something is compared with, without the number."""
    bias = {
        (*fact[:-2], fact[-1]) for fact in found or () if len(fact) == 8 and fact[-2] is not None
    }
    shap = {fact[:-1] for fact in found or () if fact[0] == "shap" and fact[-1] is not None}
    return frozenset(bias | shap)


def rejected(
    body: bytes, rules: dict[str, Any], classes: Mapping[str, Callable[..., bytes]]
) -> int:
    """Return how many baselines that lost a number were tried; no run passes by one."""
    intact = places(facts(body))
    assert intact
    counted, wrong = survivors(
        body,
        classes,
        OF_EACH_CLASS,
        seed="baseline",
        lost=lambda mutant: not intact <= places(facts(mutant)),
        passes=lambda mutant: passed(judge(body, rules, baseline=mutant, files=BESIDE)),
    )
    assert wrong == []
    return counted.total()


def test_no_run_passes_by_a_corrupted_baseline_of_metrics() -> None:
    body, rules = real(BIAS_FILE).read_bytes(), bias_rules()
    assert passed(judge(body, rules, baseline=body, files=BESIDE))
    assert rejected(body, rules, {**GENERAL, **IN_BIAS}) == OF_EACH_CLASS * 17


def test_no_run_passes_by_a_corrupted_baseline_of_attributions() -> None:
    body, rules = real(SHAP_FILE).read_bytes(), shap_rules()
    assert passed(judge(body, rules, baseline=body, files=BESIDE))
    assert rejected(body, rules, GENERAL) == OF_EACH_CLASS * 14


@pytest.mark.parametrize("value", [1e308, -1e6, 10**20])
def test_baseline_out_of_range_is_none(value: float) -> None:
    document = json.loads(real(BIAS_FILE).read_bytes())
    (group,) = document["post_training_bias_metrics"]["facets"]["Sex"]
    for metric in group["metrics"]:
        bounded = metric["name"] not in ("DI", "DCA", "DCR", "TE", "GE")
        if bounded:
            changed = {**metric, "value": value}
            metrics = [changed if entry is metric else entry for entry in group["metrics"]]
            section = document["post_training_bias_metrics"]
            facets = {"Sex": [{**group, "metrics": metrics}]}
            mutant = {**document, "post_training_bias_metrics": {**section, "facets": facets}}
            body = real(BIAS_FILE).read_bytes()
            outcomes = judge(body, bias_rules(), baseline=json.dumps(mutant).encode(), files=BESIDE)
            assert not passed(outcomes), metric["name"]
