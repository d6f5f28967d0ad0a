"""What a Lambda task hands to its function: JSON that must arrive as it was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_cdk import JsonNull
from aws_cdk import aws_stepfunctions as sfn

from clarify_contract import AnalysisConfig, Finding, Refused

#: The whole state of an execution, as a function gets it.
ENTIRE_STATE = sfn.JsonPath.entire_payload
_NULL = JsonNull.INSTANCE
#: What Step Functions takes as the input of one task.
PAYLOAD_BYTES = 256 * 1024
#: Left for what is added at run time: the execution's input (twice: as overrides and as state), its
#: id, and names in the place of tokens.
_RESERVE_BYTES = 32 * 1024


def with_nulls(value: Any) -> Any:
    """Return JSON in which a null survives: jsii drops keys whose value is None."""
    if isinstance(value, Mapping):
        return {key: with_nulls(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [with_nulls(entry) for entry in value]
    return _NULL if value is None else value


def config_text(config: AnalysisConfig) -> str:
    """Return the config as the one JSON text that travels in the payload.

    As an object it would pass through jsii, which writes ``1.0`` as ``1``; Clarify's schema tells
    the two apart.

    Raises
    ------
    Refused
        If it is too large for a payload.
    """
    text = config.to_json()
    # The text becomes a string in a JSON document: every quote and every backslash takes one more.
    size = len(json.dumps(text, ensure_ascii=False).encode())
    allowed = PAYLOAD_BYTES - _RESERVE_BYTES
    if size > allowed:
        raise Refused(
            [
                Finding(
                    "config-too-large",
                    "config",
                    f"{size} bytes as JSON text",
                    f"at most {allowed}: a state machine's task takes {PAYLOAD_BYTES} in all",
                    "Put the baseline rows into S3 and give their URI as `baseline`.",
                )
            ]
        )
    return text
