"""A real drift check of the service, repeated: engine, rules and judge give the same violations.

The service compared 334 rows, whose labels were made up, with the analysis of 666 others, which is
the baseline. `SOURCES.md` beside the files tells how the labels were made.
"""

from __future__ import annotations

import ast
import json
import random
from typing import Any

import pytest

from clarify_contract import AnalysisConfig, NoWorse, Rules, resolve_checks
from clarify_engine.run import analyze
from clarify_lambda.check.judge import judge
from clarify_lambda.check.outcome import Outcome, passed
from clarify_lambda.check.violations import violations
from support_real import real
from support_run.linear_learner import LinearLearner

FOLDER = "adult_linear_learner"


class Endpoint:
    """The model of this run, asked in JSON."""

    reference = "Linear Learner"

    def __init__(self) -> None:
        self._model = LinearLearner(real(f"{FOLDER}/ll-adult-prediction-model.tar.gz"))

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        answer, _ = self._model.answer({"Body": body})
        return answer.encode(), accept


def ground_truth(row: int) -> int:
    return int(random.Random(row).random() < 0.7)


@pytest.fixture(scope="module")
def config() -> AnalysisConfig:
    return AnalysisConfig.load(real(f"{FOLDER}/bias_analysis_config.json"))


@pytest.fixture(scope="module")
def analysis(config: AnalysisConfig, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return what the whole engine writes of the 334 rows."""
    lines = real(f"{FOLDER}/test-dataset.jsonl").read_text().splitlines()
    instances = [json.loads(line) | {"label": ground_truth(i)} for i, line in enumerate(lines)]
    assert len(instances) == 334
    folder = tmp_path_factory.mktemp("drift")
    (data := folder / "data.json").write_text(json.dumps({"instances": instances}))
    analyze(config, data, folder / "output", model=Endpoint())
    return (folder / "output" / "analysis.json").read_bytes()


def compared(analysis: bytes, config: AnalysisConfig, rule: NoWorse) -> tuple[Outcome, ...]:
    rules = resolve_checks(config, rules=Rules(no_worse=[rule]))
    baseline = real(f"{FOLDER}/bias_analysis.json").read_bytes()
    outcomes = judge(analysis, rules, baseline=baseline)
    return tuple(outcome for outcome in outcomes if outcome.rule == "no_worse")


def printed(name: str = "bias_constraint_violations.txt") -> dict[str, Any]:
    document: dict[str, Any] = ast.literal_eval(real(f"{FOLDER}/{name}").read_text())
    return document


@pytest.mark.proves("drift")
def test_the_same_eight_violations_and_no_other(analysis: bytes, config: AnalysisConfig) -> None:
    outcomes = compared(analysis, config, NoWorse(distance="zero"))
    assert len(outcomes) == 21
    assert not passed(outcomes)
    ours, theirs = violations(outcomes), printed()
    assert ours is not None
    assert len(theirs["violations"]) == 8
    assert [without_text(entry) for entry in ours["violations"]] == [
        without_text(entry) for entry in theirs["violations"]
    ]
    assert ours["version"] == theirs["version"]


def test_each_is_described_as_the_service_does(analysis: bytes, config: AnalysisConfig) -> None:
    """Word for word; only a last digit of a sum of many rows may differ."""
    ours = violations(compared(analysis, config, NoWorse(distance="zero")))
    assert ours is not None
    texts = 0
    for our, their in zip(ours["violations"], printed()["violations"], strict=True):
        texts += our["description"] == their["description"]
        assert numbers(our) == pytest.approx(numbers(their), rel=1e-12)
        assert words(our) == words(their)
    assert texts >= 7


def test_distance_from_neutral_finds_the_impact_too(
    analysis: bytes, config: AnalysisConfig
) -> None:
    """DI fell from 0.18 to 0.08: nearer to 0, and farther from 1, where groups fare alike."""
    outcomes = compared(analysis, config, NoWorse())
    broken = {outcome.metric for outcome in outcomes if not outcome.held}
    assert broken == {*(entry["metric_name"] for entry in printed()["violations"]), "DI"}


def test_the_baseline_is_no_worse_than_itself(config: AnalysisConfig) -> None:
    baseline = real(f"{FOLDER}/bias_analysis.json").read_bytes()
    for rule in (NoWorse(), NoWorse(distance="zero")):
        outcomes = compared(baseline, config, rule)
        assert passed(outcomes)
        assert violations(outcomes) == {"version": "1.0", "violations": []}


def without_text(entry: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in entry.items() if key != "description"}


def numbers(entry: dict[str, str]) -> list[float]:
    found = []
    for word in entry["description"].split():
        try:
            found.append(float(word))
        except ValueError:
            continue
    assert len(found) == 2
    return found


def words(entry: dict[str, str]) -> list[str]:
    return [word for word in entry["description"].split() if word[0] not in "-0123456789I"]
