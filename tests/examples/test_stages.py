"""One app for three accounts: the stage that has most of its own is rehearsed."""

from __future__ import annotations

import json
import re

import aws_cdk as cdk
import pytest

from clarify_cdk.__main__ import add_stack
from clarify_cdk.deployments import CONTEXT_KEY, read_deployments
from clarify_cdk.testing.readable import readable
from support_examples import EXAMPLES, Example

FOLDER = EXAMPLES / "stages"
ENTRIES = json.loads((FOLDER / "cdk.json").read_text("utf-8"))["context"][CONTEXT_KEY]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    return Example("stages", tmp_path_factory.mktemp("examples"))


def test_its_readme_runs_and_what_two_stages_accept_the_third_rejects(example: Example) -> None:
    assert example.commands == 2
    decided = [(row["sex"], row["approved"]) for row in example.rows("loans.csv")]
    assert [decided.count((sex, "yes")) for sex in "mf"] == [7, 6]
    assert [decided.count((sex, "no")) for sex in "mf"] == [5, 6]
    difference = example.metrics("pre_training_bias_metrics", "sex")["DPL"]
    assert difference == pytest.approx(1 / 12)
    limits = {name: entry["limits"]["DPL"] for name, entry in ENTRIES.items()}
    accepting = {name for name, dpl in limits.items() if dpl["min"] <= difference <= dpl["max"]}
    assert accepting == {"LoansTest", "LoansStaging"}


def test_the_policy_that_is_printed_is_that_which_the_stack_asks_for(example: Example) -> None:
    app = cdk.App(
        context=json.loads((FOLDER / "cdk.context.json").read_text("utf-8")),
        analytics_reporting=False,
    )
    (live,) = read_deployments({"LoansLive": ENTRIES["LoansLive"]}, FOLDER)
    add_stack(app, live)
    outputs = readable(app.synth().get_stack_by_name("LoansLive").template)["Outputs"]
    (asked,) = (each["Value"] for name, each in outputs.items() if "JobPolicy" in name)
    for name, value in {
        r"AWS::Partition": "aws",
        r"Data\w+": "loans-data",
        r"Results\w+": "loans-results",
    }.items():
        asked = re.sub(rf"\$\{{{name}\}}", value, asked)
    assert json.loads((example.folder / "policy.json").read_text("utf-8")) == json.loads(asked)
