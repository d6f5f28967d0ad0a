"""A run each night, compared with the day the model was accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from math import log2
from pathlib import Path
from statistics import mean

import pytest

from support_constructs.templates import Template
from support_examples import EXAMPLES, Example
from support_examples.templates import example_templates

FOLDER = EXAMPLES / "nightly"


@pytest.fixture(scope="module")
def templates() -> dict[str, Template]:
    return example_templates(FOLDER)


def score(row: Mapping[str, str]) -> float:
    return 0.5 + 0.1 * (float(row["temperature"]) - 38) + 0.01 * (float(row["pulse"]) - 90)


def attributions(rows: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Return mean absolute Shapley values: of a sum, each feature's term less the baseline's."""
    return {
        "temperature": mean(abs(0.1 * (float(row["temperature"]) - 38)) for row in rows),
        "pulse": mean(abs(0.01 * (float(row["pulse"]) - 90)) for row in rows),
        "language": 0.0,
    }


def test_its_readme_runs_and_what_drifted_is_what_a_hand_computes(tmp_path: Path) -> None:
    example = Example("nightly", tmp_path)
    assert example.commands == 6

    night = example.rows("rough_night.csv")
    urgent = [row["language"] for row in night if score(row) > 0.5]
    assert (urgent.count("local"), urgent.count("other")) == (7, 3)
    assert example.metrics("post_training_bias_metrics", "language") == {
        "DPPL": pytest.approx(4 / 12)
    }
    shap = example.result("output/analysis.json")["explanations"]["kernel_shap"]["label0"]
    now = attributions(night)
    assert shap["global_shap_values"] == pytest.approx(now, abs=1e-9)

    def gain(order: Mapping[str, float]) -> float:
        ranked = sorted(order, key=lambda name: order[name], reverse=True)
        return sum(accepted[name] / log2(place) for place, name in enumerate(ranked, start=2))

    accepted = attributions(example.rows("accepted.csv"))
    bias, shap = example.result("constraint_violations.json")["violations"]
    assert float(bias["description"].split()[2]) == pytest.approx(4 / 12)
    assert float(shap["description"].split()[3]) == pytest.approx(gain(now) / gain(accepted))


def test_the_schedule_starts_the_runs_that_were_rehearsed(templates: dict[str, Template]) -> None:
    template = templates["Nightly"]
    schedule = template.only("Scheduler::Schedule")
    assert schedule["ScheduleExpression"] == "cron(30 2 * * ? *)"
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Berlin"
    machine = template.logical_id("StepFunctions::StateMachine", "PipelineStateMachine")
    assert schedule["Target"]["Arn"] == f"${{{machine}}}"
    rehearsed = re.search(r"--input '(.+?)'", (FOLDER / "README.md").read_text("utf-8"))
    assert rehearsed is not None
    assert json.loads(schedule["Target"]["Input"]) == json.loads(rehearsed[1])


def test_the_topic_that_runs_tell_is_read_by_people(templates: dict[str, Template]) -> None:
    people = templates["People"]
    topic = people.logical_id("SNS::Topic")
    reader = people.only("SNS::Subscription")
    assert (reader["Protocol"], reader["TopicArn"]) == ("email", f"${{{topic}}}")
    (export,) = people.document["Outputs"].values()
    assert export["Value"] == f"${{{topic}}}"
    told = templates["Nightly"].state("PublishVerdict")["Parameters"]["TopicArn"]
    assert told == f"${{import {export['Export']['Name']}}}"
