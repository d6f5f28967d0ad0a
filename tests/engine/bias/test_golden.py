"""Our numbers beside those that the real service printed for the same rows and model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract import AnalysisConfig
from clarify_engine.bias import BiasPlan, BiasTally
from clarify_engine.data.roles import Roles
from support_bias import adult

STAGES = ("pre_training_bias_metrics", "post_training_bias_metrics")


def _real_sections() -> dict[str, Any]:
    given = adult.config()
    *features, label = given["headers"]
    roles = Roles(label, None, ("Sex",), "Age", tuple(features))
    tally = BiasTally(BiasPlan.from_config(AnalysisConfig.load(given), roles))
    tally.update(adult.batch())
    return tally.sections()


def test_all_21_metrics_equal_the_real_output() -> None:
    ours, real = _real_sections(), adult.output()
    compared = 0
    for stage in STAGES:
        (our_group,) = ours[stage]["facets"]["Sex"]
        (real_group,) = real[stage]["facets"]["Sex"]
        assert our_group["value_or_threshold"] == real_group["value_or_threshold"]
        for our_metric, real_metric in zip(
            our_group["metrics"], real_group["metrics"], strict=True
        ):
            assert our_metric["value"] == pytest.approx(real_metric["value"], rel=0, abs=1e-12)
            compared += 1
    assert compared == 21


def test_everything_but_the_digits_is_as_in_the_real_output() -> None:
    def without_values(sections: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps({stage: sections[stage] for stage in STAGES})
        stripped: dict[str, Any] = json.loads(
            text, object_hook=lambda d: {k: v for k, v in d.items() if k != "value"}
        )
        return stripped

    assert without_values(_real_sections()) == without_values(adult.output())
