"""What a job's environment variables decide, for which an analysis config has no key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self, get_args

from clarify_contract.container import ESTIMATOR_VARIABLE, WORKERS_VARIABLE
from clarify_contract.findings import Finding, Refused
from clarify_engine.predict import ENDPOINT_WORKERS
from clarify_engine.shap import Estimator

_WORKERS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Settings:
    """How the engine works; the managed image ignores these variables.

    Attributes
    ----------
    workers
        `CLARIFY_WORKERS`: requests to the model that are under way at once, 1 to 64; by default 4.
    estimator
        `CLARIFY_ESTIMATOR`: how SHAP values are estimated; by default `auto`.
    """

    workers: int = ENDPOINT_WORKERS
    estimator: Estimator = "auto"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables.

        Raises
        ------
        Refused
            One of them has a value that is not allowed.
        """
        findings = []
        workers = environment.get(WORKERS_VARIABLE, str(ENDPOINT_WORKERS))
        if not workers.isdecimal() or not 1 <= int(workers) <= _WORKERS_MAX:
            findings.append(_finding(WORKERS_VARIABLE, f"a whole number from 1 to {_WORKERS_MAX}"))
        estimators: dict[str, Estimator] = {name: name for name in get_args(Estimator)}
        estimator = environment.get(ESTIMATOR_VARIABLE, "auto")
        if estimator not in estimators:
            findings.append(_finding(ESTIMATOR_VARIABLE, ", ".join(estimators)))
        if findings:
            raise Refused(findings)
        return cls(int(workers), estimators[estimator])


def _finding(variable: str, allowed: str) -> Finding:
    return Finding(
        "engine-environment",
        f"Environment.{variable}",
        "another value",
        allowed,
        "Correct the job's environment variable, or remove it.",
    )
