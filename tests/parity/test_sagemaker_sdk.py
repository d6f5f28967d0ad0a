"""`AnalysisConfig.from_sagemaker` against the published SDK, over a grid of calls.

What may differ is what docs/moving-from-the-sdk.md says, no more and no less.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support_parity.grid import Call, calls
from support_parity.keys import known_keys, values_of
from support_parity.published import RELEASES, Published
from support_parity.recording import COMMAND, COUNT, chosen, recorded

pytestmark = pytest.mark.registry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "moving-from-the-sdk.md"
#: After the page's snippets: what it says of another dataset type.
CAPTURE = """
try:
    DataConfig("s3://b/data", "s3://b/out", dataset_type="application/sagemakercapturejson")
except ValueError as error:
    print(error)
"""


@dataclass(frozen=True)
class Asked:
    """One release, where it is installed, and what it made of the calls."""

    release: Published
    site: Path
    calls: list[Call]
    outcomes: list[dict[str, Any]]

    def pairs(self, sdk: str, ours: str) -> list[tuple[Any, Any]]:
        """Return what both made where it is of these kinds."""
        return [(one[sdk], one[ours]) for one in self.outcomes if sdk in one and ours in one]


@pytest.fixture(scope="module", params=sorted(RELEASES))
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    release, made = RELEASES[request.param], calls(COUNT)
    site = release.install(tmp_path_factory.mktemp(request.param))
    return Asked(release, site, made, release.outcomes(site, made))


def section(before: str) -> str:
    """Return what stands below a paragraph that begins so, to the next paragraph of prose."""
    _, _, after = PAGE.read_text(encoding="utf-8").partition(f"\n{before}")
    lines = after.partition("\n\n")[2].splitlines()
    end = next(i for i, line in enumerate(lines) if line and line[0] not in "|-")
    return "\n".join(lines[:end])


def named(before: str) -> list[str]:
    """Return the first name of each row or point below a paragraph that begins so."""
    return re.findall(r"^(?:\||-) `([^`]+)`", section(before), re.MULTILINE)


def uploaded(asked: Asked) -> list[dict[str, Any]]:
    return [one["uploaded"] for one in asked.outcomes if "uploaded" in one]


def test_every_config_that_both_make_is_the_same(asked: Asked) -> None:
    pairs = asked.pairs("uploaded", "made")
    assert len(pairs) >= 300
    for theirs, ours in pairs:
        assert json.dumps(ours, sort_keys=True) == json.dumps(theirs, sort_keys=True)


def test_each_method_of_the_sdk_makes_some_of_them(asked: Asked) -> None:
    same = Counter(
        call["run"]
        for call, one in zip(asked.calls, asked.outcomes, strict=True)
        if "uploaded" in one and "made" in one
    )
    assert {run for run, count in same.items() if count >= 25} == {
        "run_pre_training_bias",
        "run_post_training_bias",
        "run_bias",
        "run_explainability",
        "run_bias_and_explainability",
    }


def test_what_is_refused_here_alone_is_on_the_page_with_its_finding(asked: Asked) -> None:
    ids = {found for _, findings in asked.pairs("uploaded", "findings") for found, _ in findings}
    assert sorted(ids) == sorted(named("The SDK uploads it; here it is refused"))


def test_what_the_sdk_alone_refuses_is_on_the_page_with_its_message(asked: Asked) -> None:
    messages = {refusal for refusal, _ in asked.pairs("refused", "made")}
    quoted = named("The SDK refuses it; here it is taken")
    assert {text for text in quoted if any(text in message for message in messages)} == {*quoted}
    assert not [message for message in messages if not any(text in message for text in quoted)]


def test_a_pipeline_variable_is_known_as_one(asked: Asked) -> None:
    variable = {"class": "ParameterString", "name": "Model"}
    found = [
        one["findings"]
        for call, one in zip(asked.calls, asked.outcomes, strict=True)
        if call["arguments"].get("model_config", {}).get("model_name") == variable
    ]
    assert found
    expected = ["sagemaker-pipeline-variable", "$.predictor.model_name"]
    assert all(expected in findings for findings in found)


def test_keys_that_the_sdk_cannot_write_are_on_the_page(asked: Asked) -> None:
    points = named("These keys of an `analysis_config` have no parameter")
    missing = known_keys() - values_of(uploaded(asked)).keys()
    assert missing == {
        key for key in known_keys() if any(f"{key}.".startswith(f"{point}.") for point in points)
    }


def test_keys_that_the_sdk_always_writes_alike_are_on_the_page(asked: Asked) -> None:
    values = values_of(uploaded(asked))
    assert all(len(values[key]) == 1 for key in named("And these always have the SDK's value"))
    assert all("report" in config["methods"] for config in uploaded(asked))


def test_the_pages_snippets_run_with_the_release_that_they_import(asked: Asked) -> None:
    snippets = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    text = "".join(snippets).replace("sagemaker.core.clarify", asked.release.module)
    printed = asked.release.run(asked.site, "-c", f"{text}print(config.to_json())\n{CAPTURE}")
    assert "Invalid dataset_type 'application/sagemakercapturejson'" in printed
    first, last = (json.loads(line) for line in printed.splitlines() if line.startswith("{"))
    assert sorted(first["methods"]) == ["post_training_bias", "pre_training_bias", "report", "shap"]
    first["methods"]["report"]["title"] = "Loans, 2024"
    assert first == last


def test_the_recorded_calls_are_what_the_sdk_makes_now(asked: Asked) -> None:
    assert chosen(asked.calls, asked.outcomes) == recorded(), f"record them anew: {COMMAND}"
