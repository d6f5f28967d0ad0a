"""Environment variables of a job."""

from __future__ import annotations

import pytest

from clarify_contract.findings import Refused
from clarify_engine.settings import Settings


def test_without_variables_defaults_hold() -> None:
    assert Settings.read({"PATH": "/bin"}) == Settings(workers=4, estimator="auto")


def test_variables_are_read() -> None:
    given = {"CLARIFY_WORKERS": "12", "CLARIFY_ESTIMATOR": "exact"}
    assert Settings.read(given) == Settings(workers=12, estimator="exact")


def test_everything_wrong_is_told_at_once_without_the_value() -> None:
    with pytest.raises(Refused) as refused:
        Settings.read({"CLARIFY_WORKERS": "0x10", "CLARIFY_ESTIMATOR": "Exact"})
    assert [finding.path for finding in refused.value.findings] == [
        "Environment.CLARIFY_WORKERS",
        "Environment.CLARIFY_ESTIMATOR",
    ]
    assert "least_squares" in str(refused.value)
    assert "0x10" not in str(refused.value)


@pytest.mark.parametrize("workers", ["0", "65", "-1", "", "2.0", "²"])
def test_workers_are_a_number_in_range(workers: str) -> None:
    with pytest.raises(Refused, match="from 1 to 64"):
        Settings.read({"CLARIFY_WORKERS": workers})
