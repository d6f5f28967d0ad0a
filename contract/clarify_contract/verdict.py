"""The JSON Schema of a ``verdict.json``, for whoever reads verdicts by program."""

from __future__ import annotations

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_TEXT_OR_NULL: Final = {"type": ["string", "null"]}
_NUMBER_OR_NULL: Final = {"type": ["number", "null"]}
_DIGEST: Final = {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}
_END: Final = {"anyOf": [{"type": "number"}, {"enum": ["Infinity", "-Infinity"]}]}
_REAL_OR_NULL: Final = {"anyOf": [*_END["anyOf"], {"type": "null"}]}


def _object(properties: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def verdict_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a ``verdict.json``.

    Returns
    -------
    dict
        A fresh JSON object. What each member means is said in it.
    """
    common = {
        "version": {"const": "1.0"},
        "summary": _TEXT | {"maxLength": 1000},
        "checks": {"type": "array", "items": _check()},
        "preflight": {"type": "array", "items": _finding()},
        "run": _run(),
    }
    judged = common | {"verdict": {"enum": ["passed", "rejected"]}, "inputs": _inputs()}
    failed = common | {
        "verdict": {"const": "failed"},
        "checks": {"type": "array", "maxItems": 0},
        "error": _TEXT,
        "retry": {"type": "boolean"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Verdict on one run of a SageMaker Clarify analysis",
        "oneOf": [
            _object(judged, "Of a run whose results were judged."),
            _object(failed, "Of a run that left nothing to judge; `summary` says why."),
        ],
    }


def _check() -> dict[str, Any]:
    return _object(
        {
            "rule": {
                "enum": [
                    *("complete", "plausible", "rows", "limit", "no_worse", "attribution"),
                    *("rules", "analysis"),
                ]
            },
            "where": _TEXT | {"description": "Place in analysis.json; groups by position."},
            "metric": _TEXT_OR_NULL,
            "value": _REAL_OR_NULL,
            "baseline": _REAL_OR_NULL
            | {"description": "What the metric was in the baseline, where the rule asked for it."},
            "interval": {
                "type": ["array", "null"],
                "items": _END,
                "minItems": 2,
                "maxItems": 2,
                "description": "The metric's 95 % interval, where the rule asked for it.",
            },
            "min": _NUMBER_OR_NULL,
            "max": _NUMBER_OR_NULL,
            "source": _TEXT_OR_NULL | {"description": "Where the bounds come from."},
            "held": {"type": "boolean"},
            "reason": _TEXT_OR_NULL | {"description": "Why it did not hold; null if it held."},
            "accepted": _TEXT_OR_NULL | {"description": "What a rule accepted here."},
        },
        "One evaluation of one rule.",
    )


def _finding() -> dict[str, Any]:
    texts = dict.fromkeys(("id", "path", "given", "allowed", "fix"), _TEXT)
    return _object(
        {**texts, "severity": {"enum": ["error", "warning"]}},
        "One thing that was found before the job started; it holds no cell of the data.",
    )


def _inputs() -> dict[str, Any]:
    names = ("analysis.json", "intervals.json", "baseline", "rules")
    return _object(dict.fromkeys(names, _DIGEST), "SHA-256 of what was judged, and by what.")


def _run() -> dict[str, Any]:
    names = ("name", "job_name", "config_uri", "dataset_uri", "output_uri")
    members = {"attempt": {"type": ["integer", "null"]}, **dict.fromkeys(names, _TEXT_OR_NULL)}
    return _object(members, "The run that was judged.")
