"""Names of one run: lower-case, valid, unique, and beginning as the roles' permissions say."""

from __future__ import annotations

import hashlib
import re

# `clarify_contract.container` knows these too, but Lambda has no contract: a test keeps them equal.
JOB_NAME_MAX = 63
ENDPOINT_PREFIX_MAX = 23
DEFAULT_ENDPOINT_BASE = "sm-clarify"
DEFAULT_JOB_BASE = "clarify"

_ENDPOINT_TOKEN = 8
_JOB_TOKEN = 12
_JOB_BASE_MAX = 24


def run_token(execution_id: str, started: str, attempt: int) -> str:
    """Return the 32 hex digits that tell this attempt of this execution from every other one.

    The same attempt always gets the same token, so that a repeated call of the function names the
    same job, which SageMaker starts only once. The id alone would not do: an execution's name, and
    so its id, may be given again after 90 days, but a job's name never.

    Parameters
    ----------
    execution_id, started
        ARN of the execution and the time of its start, as the state machine's context has them.
    attempt
        1 for the first job of the execution.
    """
    return hashlib.sha256(f"{execution_id} {started} {attempt}".encode()).hexdigest()[:32]


def endpoint_scope(base: str | None) -> str:
    """Return what the endpoint prefix of every run begins with, for the role's ARNs.

    Parameters
    ----------
    base
        The config's `predictor.endpoint_name_prefix`, as literal text; None is `sm-clarify`.
    """
    room = ENDPOINT_PREFIX_MAX - _ENDPOINT_TOKEN - 1
    return _cut(base or "", room, DEFAULT_ENDPOINT_BASE) + "-"


def endpoint_prefix(base: str | None, token: str) -> str:
    """Return one run's `predictor.endpoint_name_prefix`: at most 23 characters.

    The base is cut so that eight digits of the token always fit: two runs at the same time never
    share a prefix, and a left-over endpoint can be told from one in use.
    """
    return endpoint_scope(base) + token[:_ENDPOINT_TOKEN]


def job_scope(prefix: str) -> str:
    """Return what the name of every job begins with, for the ARNs of the state machine's role."""
    return _cut(prefix, _JOB_BASE_MAX, DEFAULT_JOB_BASE) + "-"


def job_name(prefix: str, name: str | None, token: str) -> str:
    """Return one run's job name: `<prefix>-<name>-<token>`, at most 63 characters.

    The job's name carries as much of the run's name as fits.
    """
    scope, tail = job_scope(prefix), token[:_JOB_TOKEN]
    label = _cut(name or "", JOB_NAME_MAX - len(scope) - 1 - len(tail), "")
    return f"{scope}{label}-{tail}" if label else f"{scope}{tail}"


def _cut(text: str, length: int, default: str) -> str:
    """Keep what a name may hold, lower-case, with no hyphen at either end."""
    clean = re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")
    return clean[:length].rstrip("-") or default
