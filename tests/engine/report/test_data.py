"""The data of a report: kept as JSON, and no more of people's data in it than a report shows."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clarify_contract import Refused
from clarify_engine.report import ReportData, ShapSample, report_name
from support_report import diabetes, hard


@pytest.mark.parametrize("results", [diabetes, hard])
def test_what_is_written_is_read_again(results: Any) -> None:
    data = results()[1]
    text = json.dumps(data.to_dict(), allow_nan=False)
    assert ReportData.from_dict(json.loads(text)) == data


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"config": []},
        {"config": {}, "rows": "many"},
        {"config": {}, "statistics": {"label": "y"}},
        {"config": {}, "warnings": [{"id": "x"}]},
    ],
)
def test_another_document_is_refused_without_its_content(document: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        ReportData.from_dict(document)
    assert [finding.id for finding in refused.value.findings] == ["report-data-unreadable"]
    assert "many" not in str(refused.value)


def named(name: Any) -> dict[str, Any]:
    return {"methods": {"report": {"name": name}}}


@pytest.mark.parametrize("name", ["report", "my report 2", "Bericht für März", "a.b"])
def test_a_file_name_is_taken(name: str) -> None:
    assert report_name(named(name)) == name


@pytest.mark.parametrize("name", ["../x", "a/b", "/etc/x", "..", ".", "a\\b", "a\nb", "x" * 101])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="report-name"):
        report_name(named(name))


def test_without_a_report_in_the_config_there_are_defaults() -> None:
    data = ReportData(config={"methods": {}})
    assert (data.name, data.title) == ("report", "Analysis report")


def sample(**columns: Any) -> ShapSample:
    rows = pa.RecordBatch.from_pydict(columns)
    return ShapSample.of(rows, np.zeros((len(rows), rows.num_columns, 1)), ["label0"])


def test_levels_tell_how_high_a_value_stands_and_no_more() -> None:
    found = sample(
        n=pa.array([0.0, 50.0, 100.0, None]),
        b=pa.array([True, False, True, None]),
        t=pa.array(["secret", "x", "y", None]),
        d=pa.array([1, 2, 3, 2]).dictionary_encode(),
        c=pa.array([7, 7, 7, 7]),
    )
    # The 5th percentile of (0, 50, 100) is 5 and the 95th 95: what is beyond has the last colour.
    n, b, t, d, c = zip(*found.levels, strict=True)
    assert n == (0.0, 0.5, 1.0, None)
    assert b == (1.0, 0.0, 1.0, None)
    assert t == (None,) * 4
    assert (d[0], d[2]) == (0.0, 1.0)
    assert c == (0.5,) * 4
    assert "secret" not in json.dumps(ReportData(config={}, shap=found).to_dict())


@given(st.lists(st.one_of(st.none(), st.floats(allow_infinity=True, allow_nan=True)), min_size=1))
def test_levels_are_shares_whatever_the_numbers(cells: list[float | None]) -> None:
    for (level,) in sample(x=pa.array(cells, pa.float64())).levels:
        assert level is None or 0 <= level <= 1


def test_one_outlier_does_not_take_the_colour_from_the_others() -> None:
    column = [row[0] or 0 for row in sample(x=[*range(99), 10**9]).levels]
    assert column[10] < 0.1
    assert column[90] > 0.9


def test_values_that_do_not_fit_their_rows_are_refused() -> None:
    rows = pa.RecordBatch.from_pydict({"x": [1, 2]})
    with pytest.raises(ValueError, match="1 features"):
        ShapSample.of(rows, np.zeros((2, 2, 1)), ["label0"])
