"""Our numbers beside those that the real service printed for the same rows and model.

``adult_counts.json`` holds counts of the 666 rows that the service's run had, by age (one item per
age), sex, label and prediction of its model: from aws/amazon-sagemaker-examples, Apache-2.0, whose
rows are from UCI Adult, CC BY 4.0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clarify_contract import AnalysisConfig
from clarify_engine.bias import BiasPlan, BiasTally
from clarify_engine.bias.post_training import POST_TRAINING_FUNCTIONS
from clarify_engine.bias.pre_training import PRE_TRAINING_FUNCTIONS
from clarify_engine.bias.table import Table
from clarify_engine.data.roles import Roles
from support_bias import adult

STAGES = ("pre_training_bias_metrics", "post_training_bias_metrics")

#: Printed by the service (2024-01-19), all but FT, which is no function of counts.
PRINTED = {
    "CDDL": 0.27459074287718793,
    "CI": 0.36936936936936937,
    "DPL": 0.2326441102756892,
    "JS": 0.04508199943437752,
    "KL": 0.22434464102537785,
    "KS": 0.2326441102756892,
    "LP": 0.32900845595810163,
    "TVD": 0.2326441102756892,
    "AD": -0.15156641604010024,
    "CDDPL": 0.28176563733194276,
    "DAR": -0.09508196721311479,
    "DCA": -0.5278688524590163,
    "DCR": 0.027874251497005953,
    "DI": 0.17798594847775176,
    "DPPL": 0.2199248120300752,
    "DRR": 0.12565868263473046,
    "GE": 0.0841186702174704,
    "RD": 0.1308103661044837,
    "SD": 0.10465328014037645,
    "TE": 2.916666666666667,
}


@pytest.mark.parametrize("code", sorted(PRINTED))
def test_metrics_of_the_aggregated_counts_equal_the_real_output(code: str) -> None:
    groups = np.array(json.loads((Path(__file__).parent / "adult_counts.json").read_text()))
    assert groups.sum() == 666
    table = Table(groups, np.zeros((2, 2, 2), dtype=np.int64))
    function = {**PRE_TRAINING_FUNCTIONS, **POST_TRAINING_FUNCTIONS}[code]
    assert function(table) == pytest.approx(PRINTED[code], rel=0, abs=1e-12)


def test_the_printed_values_are_20_of_the_21() -> None:
    assert {*PRINTED, "FT"} == {*PRE_TRAINING_FUNCTIONS, *POST_TRAINING_FUNCTIONS, "FT"}
    assert len(PRINTED) == 20


def test_all_21_metrics_equal_the_real_output() -> None:
    ours, real = _our_sections(), adult.output()
    compared = 0
    for stage in STAGES:
        (our_group,) = ours[stage]["facets"]["Sex"]
        (real_group,) = real[stage]["facets"]["Sex"]
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

    assert without_values(_our_sections()) == without_values(adult.output())


def _our_sections() -> dict[str, Any]:
    given = adult.config()
    *features, label = given["headers"]
    roles = Roles(label, None, ("Sex",), "Age", tuple(features))
    tally = BiasTally(BiasPlan.from_config(AnalysisConfig.load(given), roles))
    tally.update(adult.batch())
    return tally.sections()
