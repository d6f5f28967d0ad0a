"""A config gives back what was given, and whatever is given, only findings come out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings

from clarify_contract import AnalysisConfig
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.misleading.table import WARNINGS
from clarify_contract.config.rules.table import RULES
from support_config.judge import errors
from support_config.strategies import LARGE, accepted, any_keys, anything
from support_config.valid import MODALITIES, Config, bias, changed, json_document


def exactly(value: Any) -> Any:
    """Return a value that equals another only if types, floats and order of keys are the same."""
    if isinstance(value, dict):
        return ["object", *[(key, exactly(item)) for key, item in value.items()]]
    if isinstance(value, list):
        return ["list", *map(exactly, value)]
    return (type(value).__name__, repr(value))


def test_the_comparison_tells_one_from_one_point_zero_and_sees_the_order() -> None:
    assert exactly({"a": 1}) != exactly({"a": 1.0})
    assert exactly([0]) != exactly([False])
    assert exactly({"a": 1, "b": 2}) != exactly({"b": 2, "a": 1})


@settings(suppress_health_check=LARGE)
@given(accepted())
def test_a_config_gives_back_exactly_what_was_given(config: Config) -> None:
    text = json.dumps(config)
    loaded = AnalysisConfig.load(text)
    assert exactly(loaded.to_dict()) == exactly(config)
    assert exactly(json.loads(loaded.to_json())) == exactly(config)
    assert exactly(AnalysisConfig(**config).to_dict()) == exactly(config)
    assert AnalysisConfig.load(loaded.to_json()) == loaded
    assert "\n" not in loaded.to_json()


@settings(suppress_health_check=LARGE, max_examples=200)
@given(any_keys)
def test_every_key_is_known_and_kept_whatever_the_rules_say(config: Config) -> None:
    given_back = AnalysisKeys(**config)
    assert exactly(given_back._given) == exactly(config)
    # The rules and warnings read any config whose types are right.
    for rule in (*RULES, *WARNINGS):
        rule.findings(given_back)


def test_the_random_configs_reach_every_key() -> None:
    known = _all_keys(AnalysisKeys.model_json_schema())
    seen: set[str] = set()

    @settings(
        suppress_health_check=LARGE,
        max_examples=200,
        database=None,
        derandomize=True,
    )
    @given(any_keys)
    def collect(config: Config) -> None:
        seen.update(_keys_of(config))

    collect()
    assert known - seen == set()


def _all_keys(schema: dict[str, Any]) -> set[str]:
    objects = [schema, *schema["$defs"].values()]
    return {key for made in objects for key in made.get("properties", ())}


def _keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_keys_of, value.values()))
    return set().union(*map(_keys_of, value)) if isinstance(value, list) else set()


@settings(suppress_health_check=LARGE, max_examples=150)
@given(anything)
@example({})
@example({"\ud800": {"\udfff": 1}, "methods": {"\ud800": 1}})
@example({"methods": {"shap": {"baseline": {"x": [None]}}}, "dataset_type": None})
@example({"(": None, "methods": {"asymmetric_shapley_value": {"baseline": {"(uri)": 1}}}})
@example({"facet": [None, {"x": 1}, {"name_or_index": None}], "methods": {"pdp": {}}})
def test_whatever_is_given_only_findings_come_out(config: Config) -> None:
    for finding in errors(config):
        assert finding.severity == "error"
        assert finding.path.startswith("$")
        assert "\n" not in str(finding)


@pytest.mark.parametrize("modality", MODALITIES, ids=lambda made: made.__name__)
def test_one_wrong_value_is_refused_there_and_nowhere_else(modality: Callable[[], Config]) -> None:
    config = modality()
    for path in _paths(config):
        found = errors(changed(config, {path: [[{"of no": "type"}]]}))
        assert found, path
        assert {
            finding.path for finding in found if not finding.path.startswith(f"$.{path}")
        } == set()


def _paths(value: Any, prefix: str = "") -> set[str]:
    """Return the paths of all keys down to those in lists and data."""
    if not isinstance(value, dict) or prefix.endswith(("baseline.", "static_covariates.")):
        return set()
    return {prefix + key for key in value}.union(
        *(_paths(item, f"{prefix}{key}.") for key, item in value.items())
    )


@pytest.mark.parametrize(
    "template",
    ['{"A":"${age}"}', '{"A": "${age}", "text": "1.0 \\\\ ü ${literal}"}', '[ "${age}" ]'],
)
def test_templates_are_untouched(template: str) -> None:
    config = changed(json_document(), {"predictor.record_template": template})
    loaded = AnalysisConfig.load(json.dumps(config))
    assert loaded.to_dict()["predictor"]["record_template"] == template
    assert json.loads(loaded.to_json())["predictor"]["record_template"] == template


@pytest.mark.parametrize("number", ["1.0", "0.5", "1e-07", "-0.0", "100000000000000000000"])
def test_a_number_keeps_its_json_text(number: str) -> None:
    config = changed(bias(), {"label_values_or_threshold": ["NUMBER"]})
    text = json.dumps(config).replace('"NUMBER"', number)
    assert AnalysisConfig.load(text).to_json() == text
