"""Why a run failed, in plain words, from what Step Functions caught."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REASON_MAX = 1000
#: What SageMaker writes where it had no machine to give; another attempt may find one.
CAPACITY_ERROR = "CapacityError"
_FAILURE_REASON = re.compile(r'"FailureReason"\s*:\s*"((?:[^"\\]|\\.)*)')
_TIMEOUTS = {
    "ClarifyPreparationFailed": "The preparation did not end in time.",
    "ClarifyJobFailed": (
        "The job did not end within the state machine's time limit; Step Functions asked "
        "SageMaker to stop it. A job that is stopped writes no results."
    ),
    "ClarifyCheckFailed": "The check did not end in time.",
}


@dataclass(frozen=True)
class Explanation:
    """What the state machine fails with.

    Attributes
    ----------
    error
        ``ClarifyPreparationFailed``, ``ClarifyJobFailed`` or ``ClarifyCheckFailed``.
    reason
        Plain words, at most 1000 characters.
    retry
        Whether the job lacked capacity and another attempt is allowed.
    """

    error: str
    reason: str
    retry: bool


def explain(run: Mapping[str, Any], max_attempts: int) -> Explanation:
    """Explain one failed run.

    Parameters
    ----------
    run
        The state: what Prepare returned, with ``job_failure`` or ``check_failure`` (``Error`` and
        ``Cause``) beside it; or ``Error`` and ``Cause`` alone where Prepare itself failed.
    max_attempts
        How many attempts a run may take in all.

    Raises
    ------
    ValueError
        If the state holds no failure.
    """
    for key, error in (
        ("check_failure", "ClarifyCheckFailed"),
        ("job_failure", "ClarifyJobFailed"),
    ):
        if isinstance(run.get(key), Mapping):
            return _explanation(error, run[key], run, max_attempts)
    if "Error" in run:
        return _explanation("ClarifyPreparationFailed", run, run, max_attempts)
    raise ValueError("the state holds no failure to explain")


def _explanation(
    error: str, failure: Mapping[str, Any], run: Mapping[str, Any], max_attempts: int
) -> Explanation:
    code, cause = str(failure.get("Error") or ""), failure.get("Cause")
    description = _description(cause)
    reason = _reason(error, code, cause if isinstance(cause, str) else "", description)
    attempt = run.get("attempt")
    retry = False
    if error == "ClarifyJobFailed" and CAPACITY_ERROR in _failure_reason(cause, description):
        if isinstance(attempt, int) and attempt < max_attempts:
            retry = True
        else:
            reason = f"No capacity in {attempt} of {max_attempts} attempts. {reason}"
    return Explanation(error, plain_lines(reason), retry)


def _description(cause: object) -> Mapping[str, Any] | None:
    """Return the object that a cause may be the JSON text of."""
    try:
        value = json.loads(cause) if isinstance(cause, str) else cause
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, Mapping) else None


def _failure_reason(cause: object, description: Mapping[str, Any] | None) -> str:
    if description is not None:
        return _text(description, "FailureReason")
    text = cause if isinstance(cause, str) else ""
    # A description that was cut off still begins with what SageMaker said.
    if cut := _FAILURE_REASON.search(text):
        return _unescaped(cut[1])
    return "" if text.lstrip().startswith(("{", "[")) else text


def _reason(error: str, code: str, cause: str, description: Mapping[str, Any] | None) -> str:
    if code == "States.Timeout":
        return _TIMEOUTS[error]
    if description is not None and "errorMessage" in description:
        return _lambda_error(error, description)
    said = _failure_reason(cause, description)
    if error == "ClarifyJobFailed" and description is not None:
        return _job_end(description, said)
    prefix = "" if not code or code == "States.TaskFailed" else f"{code}: "
    if said.strip():
        return prefix + said
    return prefix + "no reason was given" + (", or it was cut off." if cause.strip() else ".")


def _job_end(description: Mapping[str, Any], said: str) -> str:
    """Tell how a job ended: SageMaker's reason first, then the container's last words."""
    name = _text(description, "ProcessingJobName")
    job = f"The job {name}" if name else "The job"
    status = _text(description, "ProcessingJobStatus")
    verb = "was stopped before it ended; it wrote no results" if status == "Stopped" else "failed"
    words = _text(description, "ExitMessage")
    parts = [f"{job} {verb}" + (f": {said}" if said else ".")]
    if words and words not in said:
        parts[0] = parts[0].rstrip(".") + "."
        parts.append(f"Its last words: {words}")
    if not said and not words and status != "Stopped":
        parts.append("SageMaker gave no reason; see the job's log.")
    return " ".join(parts)


def _lambda_error(error: str, description: Mapping[str, Any]) -> str:
    message, kind = _text(description, "errorMessage"), _text(description, "errorType")
    if kind == "RunRefused" and error == "ClarifyPreparationFailed":
        return message
    return f"{kind}: {message}" if kind and message else message or kind or "no reason was given."


def _text(description: Mapping[str, Any], key: str) -> str:
    value = description.get(key)
    return value.strip() if isinstance(value, str) else ""


def _unescaped(text: str) -> str:
    """Undo the escapes of a JSON text that may end in the middle of one."""
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def plain_lines(text: str) -> str:
    """Return a text as plain lines of at most 1000 characters in all."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    plain = "\n".join(line for line in lines if line).encode(errors="replace").decode()
    return plain if len(plain) <= REASON_MAX else plain[: REASON_MAX - 1] + "…"
