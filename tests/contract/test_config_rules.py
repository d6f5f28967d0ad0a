"""Every rule between keys refuses what breaks it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Rule
from clarify_contract.config.rules.table import RULES
from support_config.judge import errors, places
from support_config.rule_cases import CASES, Case
from support_config.valid import MODALITIES, Config

EACH_CASE = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.rule}-{number}" for number, case in enumerate(CASES)]
)


@pytest.mark.parametrize("modality", MODALITIES, ids=lambda made: made.__name__)
def test_a_config_of_each_modality_is_accepted(modality: Callable[[], Config]) -> None:
    assert errors(modality()) == ()


@EACH_CASE
def test_a_config_that_keeps_the_rule_is_accepted(case: Case) -> None:
    assert errors(case.compliant()) == ()


@EACH_CASE
def test_a_config_that_breaks_the_rule_is_refused_for_that_alone(case: Case) -> None:
    found = errors(case.non_compliant())
    assert places(found) == [(case.rule, f"$.{path}") for path in case.where]
    assert all(finding.severity == "error" for finding in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_every_rule_has_a_case_that_breaks_it(rule: Rule) -> None:
    broken = [AnalysisKeys.model_validate(case.non_compliant()) for case in CASES]
    assert any(rule.findings(config) for config in broken)
    assert rule.sentence.endswith(".")
