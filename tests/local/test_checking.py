"""What `clarify validate --data` finds out about data, without a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_contract import AnalysisConfig
from clarify_engine.errors import AnalysisError
from clarify_local.checking import data_findings
from support_run import cases


def shap(**keys: Any) -> AnalysisConfig:
    return cases.config(methods={"shap": keys}, predictor=cases.SHADOW)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return cases.write_csv(tmp_path / "rows.csv")


def test_a_baseline_that_fits_the_columns_is_fine(data: Path) -> None:
    assert list(data_findings(shap(baseline=[[0, 1, 2000.5, 40]]), data)) == []


@pytest.mark.parametrize("baseline", [[0, 1, 2000.5], [0, 1, "much", 40]])
def test_a_baseline_of_another_width_or_type_is_found(data: Path, baseline: list[Any]) -> None:
    with pytest.raises(AnalysisError, match=r"X19|baseline-"):
        data_findings(shap(baseline=[baseline]), data)


def test_a_baseline_in_s3_is_said_not_to_be_read(data: Path) -> None:
    [finding] = data_findings(shap(baseline="s3://bucket/baseline.csv"), data)
    assert (finding.id, finding.severity) == ("side-datasets-not-read", "warning")


def test_beside_a_baseline_in_s3_the_dataset_is_read_whole(data: Path) -> None:
    data.write_bytes(data.read_bytes() + b"9," * 50 + b"\n")
    with pytest.raises(AnalysisError, match="dataset-ragged"):
        data_findings(shap(baseline="s3://bucket/baseline.csv"), data)


def test_a_run_that_takes_longer_than_a_day_is_warned_of(data: Path) -> None:
    """Each of so many baseline rows takes as long again."""
    found = data_findings(shap(num_clusters=10**6), data)
    assert [(f.id, f.severity) for f in found] == [("shap-duration", "warning")]
    assert "24.0 hours" in found[0].allowed


def test_metrics_that_were_not_asked_for_are_not_warned_of(data: Path) -> None:
    """All pre-training metrics are computed to see the data; CDDL among them wants a group."""
    asked = {"post_training_bias": {"methods": ["DI"]}}
    config = cases.config(methods=asked, predictor=cases.SHADOW, group_variable=None)
    assert list(data_findings(config, data)) == []


def test_a_template_that_the_data_break_is_found(data: Path) -> None:
    predictor = {
        **cases.SHADOW,
        "content_type": "application/json",
        "accept_type": "text/csv",
        "content_template": '{"rows": $records}',
        "record_template": '{"a": 1"${age}"}',
    }
    fits = cases.config(methods={"shap": {"num_samples": 9}}, predictor=predictor)
    assert list(data_findings(fits, data)) == []
    names, *rows = data.read_text().splitlines()
    negative = [",-".join(row.rsplit(",", 1)) for row in rows]  # the last column is the age
    data.write_text("\n".join([names, *negative]) + "\n")
    found = data_findings(fits, data)
    assert [(f.id, f.severity) for f in found] == [("template-json", "error")]


def test_beside_a_side_dataset_the_datasets_beginning_is_looked_at(data: Path) -> None:
    """As before a run: its columns are there, or it would be refused."""
    side = {"facet_dataset_uri": "s3://people/sex.csv", "facet_headers": ["sex"]}
    config = cases.config(methods=cases.PRE_TRAINING, group_variable=None, **side)
    assert [f.id for f in data_findings(config, data)] == ["side-datasets-not-read"]
    config = cases.config(methods=cases.PRE_TRAINING, group_variable=None, label="agreed", **side)
    found = data_findings(config, data)
    assert [(f.id, f.severity) for f in found] == [
        ("side-datasets-not-read", "warning"),
        ("X16", "error"),
    ]
    data.write_bytes(b"")
    found = data_findings(config, data.parent)
    assert [f.id for f in found] == ["side-datasets-not-read", "dataset-empty"]


def test_time_series_of_unequal_lengths_are_found(tmp_path: Path) -> None:
    config = AnalysisConfig.load(cases.FORECAST)
    rows = [{"id": "a", "timestamp": f"2024-01-0{day}", "target": day} for day in (1, 2, 3)]
    data = tmp_path / "series.json"
    data.write_text(json.dumps(rows))
    assert list(data_findings(config, data)) == []
    del rows[1]["timestamp"]
    data.write_text(json.dumps(rows))
    with pytest.raises(AnalysisError) as error:
        data_findings(config, data)
    assert error.value.findings
