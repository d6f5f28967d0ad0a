"""The JSON Schema of an `analysis_config.json`, made from the models: for editors."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from clarify_contract.config.keys import AnalysisKeys

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """A key that is absent is None in Python; in JSON it is absent, never null."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        inner = schema["schema"]
        if inner["type"] == "nullable" and schema.get("default") is None:
            inner = inner["schema"]
        return self.generate_inner(inner)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an ``analysis_config.json``.

    It holds every key with its meaning, type and allowed values, so that an editor completes and
    explains them. It holds no rule between keys, and cannot tell ``1`` from ``1.0``:
    `AnalysisConfig` checks both.

    Returns
    -------
    dict
        A fresh JSON object.
    """
    schema = AnalysisKeys.model_json_schema(schema_generator=_Generator)
    schema["title"] = "SageMaker Clarify analysis configuration"
    schema["description"] = "What a SageMaker Clarify processing job is asked to do."
    return {"$schema": _DIALECT, **schema}
