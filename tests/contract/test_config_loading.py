"""From where a config is read, and what is no config at all."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, Refused
from clarify_contract.config import Facet, Methods, Predictor, PreTrainingBias
from support_config.judge import errors, places
from support_config.valid import GONE, bias, changed, shap


def test_a_path_a_text_and_a_mapping_give_the_same_config(tmp_path: Path) -> None:
    path = tmp_path / "analysis_config.json"
    path.write_text(json.dumps(bias(), indent=2), encoding="utf-8")
    from_path = AnalysisConfig.load(path)
    assert from_path == AnalysisConfig.load(str(path))
    assert from_path == AnalysisConfig.load(json.dumps(bias()))
    assert from_path == AnalysisConfig.load("\n  " + json.dumps(bias()))
    assert from_path == AnalysisConfig.load(bias())
    assert from_path == AnalysisConfig.load(MappingProxyType(bias()))
    assert from_path == AnalysisConfig(**bias())


# Spec 2 and 6.5: the service's words for a file that is no JSON object.
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"dataset_type: text/csv",
        b"[1, 2]",
        b'"text"',
        b"null",
        b'{"dataset_type": "text/csv",}',
        b"{'dataset_type': 'text/csv'}",
        b'{"label": "\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"a":' * 100_000,
        b'{"label": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_json_object_is_refused_in_the_services_words(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "analysis_config.json"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        AnalysisConfig.load(path)
    (finding,) = refused.value.findings
    assert finding.id == "config-not-json"
    assert finding.fix.startswith("Unable to load analysis configuration as JSON.")


def test_a_syntax_error_is_placed_by_line_and_column_and_not_quoted() -> None:
    (finding,) = errors('{\n  "label": canary\n}')
    assert "line 2, column 12" in finding.given
    assert "canary" not in str(finding)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        AnalysisConfig.load(tmp_path / "absent.json")
    (finding,) = refused.value.findings
    assert (finding.id, finding.path) == ("config-unreadable", str(tmp_path / "absent.json"))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_refused(number: str) -> None:
    text = json.dumps(bias()).replace(
        '"label_values_or_threshold": [1]', f'"label_values_or_threshold": [{number}]'
    )
    assert number in text
    assert places(errors(text)) == [("number-not-finite", "$.label_values_or_threshold[0]")]


def test_a_key_that_stands_twice_is_refused_wherever_it_is() -> None:
    text = json.dumps(bias())
    top = text.replace('{"dataset_type"', '{"label": "x", "dataset_type"', 1)
    assert places(errors(top)) == [("schema-repeated-key", "$")]
    nested = text.replace('{"name_or_index"', '{"name_or_index": "age", "name_or_index"')
    assert places(errors(nested)) == [("schema-repeated-key", "$.facet[0]")]


def test_half_of_a_surrogate_pair_is_no_text() -> None:
    text = json.dumps({**bias(), "label": "\ud800"})
    assert places(errors(text)) == [("text-not-unicode", "$.label")]
    metric = json.dumps(bias()).replace('"all"', '["\\ud800", "CI"]')
    assert all(str(finding).encode("utf-8") for finding in errors(metric))
    key = json.dumps({**bias(), "\udc00": 1})
    assert [finding.id for finding in errors(key)] == ["text-not-unicode"]


def test_models_of_the_parts_can_be_put_together_in_python() -> None:
    config = AnalysisConfig(
        dataset_type="text/csv",
        headers=("label", "sex"),
        label="label",
        label_values_or_threshold=[1],
        facet=[Facet(name_or_index="sex", value_or_threshold=[0])],
        methods=Methods(pre_training_bias=PreTrainingBias(methods=["CI"])),
        group_variable=None,
    )
    assert config.to_dict() == {
        "dataset_type": "text/csv",
        "headers": ["label", "sex"],
        "label": "label",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
        "methods": {"pre_training_bias": {"methods": ["CI"]}},
    }


def test_a_part_keeps_the_case_it_was_given_in() -> None:
    given: dict[str, Any] = {"endpoint_name": "loans", "content_type": "Text/CSV"}
    predictor = Predictor(**given)
    config = AnalysisConfig(**{**shap(), "predictor": predictor})
    assert predictor.content_type == "text/csv"
    assert config.to_dict()["predictor"]["content_type"] == "Text/CSV"


def test_a_part_alone_is_refused_with_findings_too() -> None:
    wrong: dict[str, Any] = {"name_or_index": 1.5, "value_or_threshold": 0}
    with pytest.raises(Refused) as refused:
        Facet(**wrong)
    assert places(refused.value.findings) == [
        ("schema-type", "Facet.name_or_index"),
        ("schema-type", "Facet.value_or_threshold"),
    ]


@pytest.mark.parametrize(
    "foreign", [{1, 2}, 1j, b"x", object()], ids=["set", "complex", "bytes", "object"]
)
def test_a_python_value_without_a_json_form_is_refused(foreign: Any) -> None:
    with pytest.raises(Refused) as refused:
        AnalysisConfig(**{**bias(), "label_values_or_threshold": [foreign]})
    assert places(refused.value.findings) == [("schema-type", "$.label_values_or_threshold[0]")]


def test_python_code_is_refused_as_a_file_is() -> None:
    with pytest.raises(Refused) as refused:
        AnalysisConfig(dataset_type="text/csv", lable="label", methods={})
    assert places(refused.value.findings) == [
        ("schema-unknown-key", "$.lable"),
        ("no-analysis", "$.methods"),
    ]


def test_pydantics_own_entrance_checks_the_rules_too() -> None:
    with pytest.raises(ValueError, match="no-analysis"):
        AnalysisConfig.model_validate({"dataset_type": "text/csv", "methods": {}})


def test_a_config_cannot_be_changed() -> None:
    config = AnalysisConfig(**bias())
    with pytest.raises(ValueError, match="frozen"):
        config.label = "other"  # type: ignore[misc]
    given = config.to_dict()
    given["facet"].clear()
    assert config.to_dict() == bias()


def test_a_copy_with_changes_shows_them_in_its_json() -> None:
    config = AnalysisConfig(**bias())
    assert config.model_copy(deep=True) == config
    other = config.model_copy(update={"label": "age", "group_variable": None})
    assert other.to_dict() == changed(bias(), {"label": "age", "group_variable": GONE})
    assert config.to_dict() == bias()
