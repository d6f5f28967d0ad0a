"""Corrupted copies of real results never pass: thousands of them, in classes, from fixed seeds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, FeatureCount, Limit, Rules, resolve_checks
from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import passed
from support_lambda.evidence import facts
from support_lambda.mutations import BIAS, GENERAL, survivors
from support_real import BESIDE, real

BIAS_FILE = "adult_linear_learner/bias_analysis.json"
SHAP_FILES = (
    "adult_linear_learner/shap_analysis.json",
    "adult_linear_learner/shap_analysis_endpoint.json",
    "abalone_sklearn/shap_analysis.json",
)
OF_EACH_CLASS = 300
OF_EACH_CLASS_IN_SHAP = 60
#: These metrics have no range of their own on one side or both.
UNBOUNDED = ("KL", "DI", "DCA", "DCR", "TE", "GE")


def bias_rules() -> dict[str, Any]:
    config = AnalysisConfig.load(real("adult_linear_learner/bias_analysis_config.json"))
    limits = {code: Limit(minimum=None, maximum=100) for code in UNBOUNDED}
    below = {code: Limit(minimum=-100) for code in ("DCA", "DCR", "TE")}
    return resolve_checks(config, {code: [*both(code, limits, below)] for code in UNBOUNDED})


def both(code: str, *limits: dict[str, Limit]) -> list[Limit]:
    return [found[code] for found in limits if code in found]


def shap_rules(document: Any) -> dict[str, Any]:
    config = AnalysisConfig(
        dataset_type="text/csv",
        methods={"shap": {"num_clusters": 1}},
        predictor={"endpoint_name": "live", "content_type": "text/csv"},
    )
    (label,) = document["explanations"]["kernel_shap"].values()
    count = FeatureCount(features=len(label["global_shap_values"]))
    return resolve_checks(config, rules=Rules(attributions=[count]))


def rejected(
    body: bytes,
    rules: dict[str, Any],
    classes: Mapping[str, Callable[..., bytes]],
    each: int,
    seed: int,
) -> int:
    """Return how many corruptions that took evidence away were tried; none passes."""
    intact = facts(body)
    assert intact
    counted, wrong = survivors(
        body,
        classes,
        each,
        seed=str(seed),
        lost=lambda mutant: facts(mutant) != intact,
        passes=lambda mutant: passed(judge(mutant, rules, files=BESIDE)),
    )
    assert wrong == []
    return counted.total()


@pytest.mark.proves("fails-closed")
def test_more_than_five_thousand_corruptions_are_rejected_each() -> None:
    body, rules = real(BIAS_FILE).read_bytes(), bias_rules()
    assert passed(judge(body, rules, files=BESIDE))
    tried = rejected(body, rules, {**GENERAL, **BIAS}, OF_EACH_CLASS, seed=1)
    assert tried == OF_EACH_CLASS * len({**GENERAL, **BIAS}) >= 5_000


@pytest.mark.parametrize("name", SHAP_FILES)
def test_corrupted_attributions_are_rejected(name: str) -> None:
    body = real(name).read_bytes()
    document = json.loads(body)
    # What the rules rest on; abalone's file has partial dependence beside.
    document = {"explanations": {"kernel_shap": document["explanations"]["kernel_shap"]}}
    body, rules = json.dumps(document).encode(), shap_rules(document)
    assert passed(judge(body, rules, files=BESIDE))
    tried = rejected(body, rules, GENERAL, OF_EACH_CLASS_IN_SHAP, seed=2)
    assert tried == OF_EACH_CLASS_IN_SHAP * len(GENERAL)


def test_what_only_describes_may_change() -> None:
    """The oracle and the judge agree on a file that says the same in other words."""
    body = real(BIAS_FILE).read_bytes()
    document = json.loads(body)
    document["version"] = "1.1"
    for groups in document["pre_training_bias_metrics"]["facets"].values():
        for group in groups:
            for metric in group["metrics"]:
                del metric["description"]
    other = json.dumps(document, indent=7).encode()
    assert facts(other) == facts(body)
    assert passed(judge(other, bias_rules(), files=BESIDE))
