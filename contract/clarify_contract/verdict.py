"""The JSON Schema of a ``verdict.json``, for whoever reads verdicts by program."""

from __future__ import annotations

from typing import Any, Final

_END: Final = {"anyOf": [{"type": "number"}, {"enum": ["Infinity", "-Infinity"]}]}
_REAL_OR_NULL: Final = {"anyOf": [*_END["anyOf"], {"type": "null"}]}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _text_or_null(description: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "description": description}


def _digest(of: str) -> dict[str, Any]:
    return {
        "type": ["string", "null"],
        "pattern": "^[0-9a-f]{64}$",
        "description": f"SHA-256, in hexadecimal digits, of {of}.",
    }


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
        "version": {"const": "1.0", "description": "Of this form."},
        "summary": _text("One line for people; of a failed run the reason.") | {"maxLength": 1000},
        "checks": {
            "type": "array",
            "items": _check(),
            "description": "One entry for each evaluation of a rule, in order.",
        },
        "preflight": {
            "type": "array",
            "items": _finding(),
            "description": "All that was found before the job started.",
        },
        "run": _run(),
    }
    judged = common | {
        "verdict": {
            "enum": ["passed", "rejected"],
            "description": "`passed`: every rule was evaluated on a real number and held."
            " `rejected`: the job completed, and a rule did not hold or could not be evaluated.",
        },
        "inputs": _inputs(),
    }
    failed = common | {
        "verdict": {"const": "failed", "description": "There is no analysis to judge."},
        "checks": {"type": "array", "maxItems": 0, "description": "Empty: nothing was judged."},
        "error": _text("The error that the execution ends with."),
        "retry": {"type": "boolean", "description": "Whether another attempt follows."},
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
                ],
                "description": "Which rule; `rules` or `analysis` where these cannot be read.",
            },
            "where": _text(
                "Place in analysis.json, with groups and labels by position; or the file that is"
                " missing."
            ),
            "metric": _text_or_null("Code of the metric, where it is about one."),
            "value": _REAL_OR_NULL | {"description": "What the run has there."},
            "baseline": _REAL_OR_NULL
            | {"description": "What it was in the baseline, where the rule asked for it."},
            "interval": {
                "type": ["array", "null"],
                "items": _END,
                "minItems": 2,
                "maxItems": 2,
                "description": "The metric's 95 % interval, where the rule asked for it.",
            },
            "min": {"type": ["number", "null"], "description": "The lowest value that holds."},
            "max": {"type": ["number", "null"], "description": "The highest value that holds."},
            "source": _text_or_null("Where the bounds come from."),
            "held": {"type": "boolean", "description": "Whether the rule held."},
            "reason": _text_or_null("Why it did not hold; null if it held."),
            "accepted": _text_or_null("What a rule accepted here."),
        },
        "One evaluation of one rule.",
    )


def _finding() -> dict[str, Any]:
    return _object(
        {
            "id": _text("Stable: its page is the reference of findings."),
            "path": _text("Where: a key of the config, or a place in data or account."),
            "given": _text("What is there."),
            "allowed": _text("What is expected."),
            "fix": _text("What to do."),
            "severity": {
                "enum": ["error", "warning"],
                "description": "An error stopped the run; a warning travelled with it.",
            },
        },
        "One thing that was found before the job started; it holds no cell of the data.",
    )


def _inputs() -> dict[str, Any]:
    return _object(
        {
            "analysis.json": _digest("the file, as it was read"),
            "intervals.json": _digest("the file, as it was read; null where there is none"),
            "baseline": _digest("the file, as it was read; null where no rule asks for one"),
            "rules": _digest("the rules, as JSON with sorted keys and no spaces"),
        },
        "What was judged, and by what.",
    )


def _run() -> dict[str, Any]:
    return _object(
        {
            "attempt": {
                "type": ["integer", "null"],
                "description": "Counts from 1: a job that got no instance is tried again.",
            },
            "name": _text_or_null("What the execution's input calls the run."),
            "job_name": _text_or_null("The processing job."),
            "config_uri": _text_or_null("The config of the job in S3."),
            "dataset_uri": _text_or_null("The dataset in S3; null where the config names its own."),
            "output_uri": _text_or_null("The folder of the results in S3."),
        },
        "The run that was judged.",
    )
