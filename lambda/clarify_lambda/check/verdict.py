"""The verdict as a document: what `verdict.json` beside a run's results holds.

What each member means stands in the contract, which is not part of a function's code:
``clarify_contract.verdict.verdict_schema``.

It holds metric values and names, never a cell value of the data.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from clarify_lambda.check.explain import Explanation
from clarify_lambda.check.outcome import Outcome, passed, summary

VERDICT_FILE = "verdict.json"
#: Findings of the preparation, as JSON.
Preflight = Sequence[Mapping[str, str]]
_RUN_FACTS = ("attempt", "name", "job_name", "config_uri", "dataset_uri", "output_uri")


def judged(
    outcomes: Sequence[Outcome],
    run: Mapping[str, Any],
    inputs: Mapping[str, str | None],
    preflight: Preflight = (),
) -> dict[str, Any]:
    """Return the document for a run whose analysis was judged, from what `inputs` tells.

    Its checks are outcomes still: `body` writes them as JSON one by one.
    """
    return {
        "version": "1.0",
        "verdict": "passed" if passed(outcomes) else "rejected",
        "summary": summary(outcomes),
        "checks": list(outcomes),
        "preflight": list(preflight),
        "inputs": dict(inputs),
        "run": _facts(run),
    }


def inputs(files: Mapping[str, bytes | None], rules: object) -> dict[str, str | None]:
    """Return the digest of each file that was read, and of the rules."""
    text = json.dumps(rules, sort_keys=True, separators=(",", ":"))
    read = {**files, "rules": text.encode()}
    return {
        name: None if body is None else hashlib.sha256(body).hexdigest()
        for name, body in read.items()
    }


def failed(
    explanation: Explanation, run: Mapping[str, Any], preflight: Preflight = ()
) -> dict[str, Any]:
    """Return the document for a run that gave no analysis to judge."""
    return {
        "version": "1.0",
        "verdict": "failed",
        "summary": explanation.reason,
        "checks": [],
        "preflight": list(preflight),
        "error": explanation.error,
        "retry": explanation.retry,
        "run": _facts(run),
    }


def body(document: Mapping[str, Any]) -> bytes:
    """Return a document as JSON in UTF-8, with each item of a list on a line of its own.

    Ten thousands of checks are common where a facet has many groups. Indented throughout, or put
    together before they are written, they would not fit into the memory of a small function.
    """
    file = io.BytesIO()
    for number, (key, value) in enumerate(document.items()):
        file.write(f"{',' if number else '{'}\n  {_json(key)}: ".encode())
        if isinstance(value, list) and value:
            for position, item in enumerate(value):
                file.write(f"{',' if position else '['}\n    {_json(item)}".encode())
            file.write(b"\n  ]")
        else:
            file.write(_json(value).encode())
    file.write(b"\n}\n")
    return file.getvalue()


def _json(value: object) -> str:
    plain = value.as_json() if isinstance(value, Outcome) else value
    return json.dumps(plain, allow_nan=False)


def _facts(run: Mapping[str, Any]) -> dict[str, Any]:
    return {key: run.get(key) for key in _RUN_FACTS}
