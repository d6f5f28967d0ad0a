"""The JSON Schema for editors: valid, complete, and made from the models."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings

from clarify_contract.schema import json_schema
from support_config.strategies import LARGE, any_keys
from support_config.valid import MODALITIES, Config, bias, changed, shap

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema["$defs"].values()


def test_the_schema_is_a_json_schema_and_a_fresh_one_each_time() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    first = json_schema()
    first.clear()
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("modality", MODALITIES, ids=lambda made: made.__name__)
def test_a_config_of_each_modality_is_valid(modality: Callable[[], Config]) -> None:
    VALIDATOR.validate(modality())


@settings(suppress_health_check=LARGE, max_examples=40)
@given(any_keys.map(lambda config: json.loads(json.dumps(config, ensure_ascii=False).lower())))
def test_whatever_the_models_take_is_valid(config: Config) -> None:
    # Lower case: the schema offers enums in the case that the developer guide has.
    image = config["methods"].get("shap", {}).get("image_config", {})
    if "model_type" in image:
        image["model_type"] = image["model_type"].upper()
    for stage in ("pre_training_bias", "post_training_bias"):
        section = config["methods"].get(stage, {})
        if isinstance(section.get("methods"), list):
            section["methods"] = [code.upper() for code in section["methods"]]
    VALIDATOR.validate(config)


WRONG = [
    (bias, {"lable": 1}),
    (bias, {"label": None}),
    (bias, {"label": True}),
    (bias, {"headers": "label"}),
    (bias, {"dataset_type": "text/tsv"}),
    (bias, {"version": "9"}),
    (bias, {"facet": [{}]}),
    (bias, {"methods.pre_training_bias.methods": ["DI"]}),
    (bias, {"predictor.accept_type": "image/png"}),
    (shap, {"methods.shap.num_samples": 0}),
    (shap, {"methods.shap.baseline": 5}),
    (shap, {"methods.shap.image_config": {"model_type": "classification"}}),
]


@pytest.mark.parametrize(("valid", "change"), WRONG)
def test_what_an_editor_can_see_is_marked(
    valid: Callable[[], Config], change: dict[str, Any]
) -> None:
    assert not VALIDATOR.is_valid(changed(valid(), change))


def test_every_key_is_explained_and_no_other_is_allowed() -> None:
    for made in objects(json_schema()):
        assert made["additionalProperties"] is False
        assert made["description"]
        for key, value in made["properties"].items():
            assert value.get("description"), key


def test_the_command_prints_it() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "clarify_contract"], capture_output=True, check=True
    )
    assert json.loads(answer.stdout.decode("utf-8")) == json_schema()
