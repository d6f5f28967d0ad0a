"""The verdict as a document: what `verdict.json` beside a run's results holds.

``version``
    ``"1.0"``.
``verdict``
    ``"passed"``: every rule was evaluated on a real number and held. ``"rejected"``: the job
    completed, and a rule did not hold or could not be evaluated. ``"failed"``: there is no
    analysis to judge.
``summary``
    One line; of a failed run the reason.
``checks``
    One entry for each evaluation of a rule, in order; empty for a failed run:
    ``rule`` (``complete``, ``limit``; ``rules`` or ``analysis`` where these cannot be read),
    ``where`` (place in analysis.json; groups by position), ``metric``, ``value`` (number or null),
    ``min``, ``max`` (of a limit, else null), ``held`` (boolean), ``reason`` (text; null if held).
``error``, ``retry``
    Of a failed run: the name of its Fail state's error, and whether another attempt follows.
``run``
    ``attempt``, ``name``, ``job_name``, ``config_uri``, ``dataset_uri`` (null: the config names its
    own) and ``output_uri``.

It holds metric values and names, never a cell value of the data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from clarify_lambda.check.explain import Explanation
from clarify_lambda.check.outcome import Outcome, as_json, passed, summary

VERDICT_FILE = "verdict.json"
_RUN_FACTS = ("attempt", "name", "job_name", "config_uri", "dataset_uri", "output_uri")


def judged(outcomes: Sequence[Outcome], run: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document for a run whose analysis was judged."""
    return {
        "version": "1.0",
        "verdict": "passed" if passed(outcomes) else "rejected",
        "summary": summary(outcomes),
        "checks": as_json(outcomes),
        "run": _facts(run),
    }


def failed(explanation: Explanation, run: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document for a run that gave no analysis to judge."""
    return {
        "version": "1.0",
        "verdict": "failed",
        "summary": explanation.reason,
        "checks": [],
        "error": explanation.error,
        "retry": explanation.retry,
        "run": _facts(run),
    }


def text(document: Mapping[str, Any]) -> str:
    """Return a document's JSON text."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _facts(run: Mapping[str, Any]) -> dict[str, Any]:
    return {key: run.get(key) for key in _RUN_FACTS}
