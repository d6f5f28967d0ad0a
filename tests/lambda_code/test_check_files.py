"""A run that lacks a file which its config asks for is not complete."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, resolve_checks
from clarify_lambda.check.judge import files_begin, judge
from clarify_lambda.check.outcome import passed
from support_lambda import passing_analysis
from support_lambda.judging import broken, rules_of

METHODS: dict[str, Any] = {
    "shap": {"num_clusters": 1, "save_local_shap_values": True},
    "report": {"name": "loans"},
}
WRITTEN = ("analysis.json", "loans.html", "explanations_shap/out.csv")


def rules(**methods: Any) -> dict[str, Any]:
    config = AnalysisConfig(
        dataset_type="text/csv",
        methods={**METHODS, **methods},
        predictor={"endpoint_name": "live", "content_type": "text/csv"},
    )
    return resolve_checks(config)


def of(files: tuple[str, ...], given: dict[str, Any] | None = None) -> Any:
    body = json.dumps(passing_analysis()).encode()
    return judge(body, rules() if given is None else given, files=files)


@pytest.mark.parametrize(
    "local",
    [
        ("explanations_shap/out.csv",),
        ("explanations_shap/part-0.csv", "explanations_shap/part-1.csv"),  # several instances
        ("explanations_shap/baseline.csv", "explanations_shap/out.csv"),
    ],
)
def test_report_and_local_values_that_are_there_pass(local: tuple[str, ...]) -> None:
    assert passed(of(("loans.html", *local)))


@pytest.mark.parametrize(
    ("files", "where", "what"),
    [
        (WRITTEN[2:], "loans.html", "the report"),
        (("report.html", *WRITTEN[2:]), "loans.html", "the report"),
        (WRITTEN[:2], "explanations_shap/", "the local SHAP values"),
        (
            (*WRITTEN[:2], "explanations_shap/baseline.csv"),
            "explanations_shap/",
            "the local SHAP values",
        ),
    ],
)
def test_a_run_that_lacks_one_is_rejected(files: tuple[str, ...], where: str, what: str) -> None:
    assert broken(of(files)) == [(where, f"{what}: there is no such file, or it is empty")]


def test_what_the_config_does_not_ask_for_may_be_missing() -> None:
    shap = {"num_clusters": 1}
    config = AnalysisConfig(
        dataset_type="text/csv",
        methods={"shap": shap},
        predictor={"endpoint_name": "live", "content_type": "text/csv"},
    )
    assert files_begin(resolve_checks(config)) == ()
    assert passed(of((), resolve_checks(config)))
    assert files_begin(rules()) == ("loans.html", "explanations_shap/")


@pytest.mark.parametrize(
    "entry", [None, {}, {"what": "a", "begins": ""}, {"what": "a", "begins": 1, "other_than": None}]
)
def test_rules_that_name_no_file_are_a_fault_and_list_nothing(entry: Any) -> None:
    given = rules_of(complete=[{"section": "explanations.kernel_shap"}], files=[entry])
    assert not passed(of(WRITTEN, given))
    assert files_begin(given) == ()
