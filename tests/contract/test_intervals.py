"""intervals.json, read: whatever a file holds, it is read whole, or what is missing was told."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clarify_contract import BiasIntervals, Refused
from clarify_contract.result import Interval
from support_results.mutated import INFINITIES, json_values, mutated

EXAMPLE: dict[str, Any] = {
    "version": "1.0",
    "level": 0.95,
    "method": "quantiles of draws",
    "seed": 0,
    "resamples": 10_000,
    "pre_training_bias_metrics": {
        "facets": {
            "sex": [
                {
                    "value_or_threshold": "0",
                    "rows": 200,
                    "rest_rows": 300,
                    "intervals": {"DPL": {"low": -0.1, "high": 0.2}},
                },
                {"value_or_threshold": "1", "rows": 7, "rest_rows": 493, "intervals": {}},
            ]
        }
    },
    "post_training_bias_metrics": {
        "facets": {
            "sex": [
                {
                    "value_or_threshold": "0",
                    "intervals": {
                        "DI": {"low": 1.5, "high": "Infinity"},
                        "TE": {"low": "-Infinity", "high": -1},
                    },
                }
            ]
        }
    },
}
JSON = json_values(["Infinity", "-Infinity"])
KEYS = st.sampled_from(["version", "facets", "intervals", "low", "high", "level", "seed", "XYZ"])


def test_intervals_are_found_where_the_metric_stands() -> None:
    intervals = BiasIntervals.load(EXAMPLE)
    assert intervals.unread == ()
    assert intervals.at("pre_training_bias", "sex", 0, "DPL") == Interval(-0.1, 0.2)
    assert intervals.at("post_training_bias", "sex", 0, "DI") == Interval(1.5, math.inf)
    assert intervals.at("post_training_bias", "sex", 0, "TE") == Interval(-math.inf, -1.0)
    for stage, facet, index, code in (
        ("pre_training_bias", "sex", 0, "DI"),
        ("pre_training_bias", "sex", 1, "DPL"),
        ("pre_training_bias", "sex", 2, "DPL"),
        ("pre_training_bias", "sex", -1, "DPL"),
        ("post_training_bias", "age", 0, "DI"),
    ):
        assert intervals.at(stage, facet, index, code) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ends", "identifier"),
    [
        ({"low": 0.2, "high": -0.1}, "intervals-ends-swapped"),
        ({"low": 0.2}, "intervals-wrong-type"),
        ({"low": None, "high": 1}, "intervals-wrong-type"),
        ({"low": "0", "high": 1}, "intervals-number-text"),
        ({"low": 0, "high": math.nan}, "intervals-number-not-finite"),
        ({"low": 0, "high": 1, "mean": 0.5}, "intervals-unknown-key"),
        ([0, 1], "intervals-wrong-type"),
    ],
)
def test_ends_that_cannot_be_taken_are_told(ends: Any, identifier: str) -> None:
    document = copy.deepcopy(EXAMPLE)
    document["pre_training_bias_metrics"]["facets"]["sex"][0]["intervals"]["DPL"] = ends
    intervals = BiasIntervals.load(document)
    assert identifier in {finding.id for finding in intervals.unread}
    place = "$.pre_training_bias_metrics.facets.sex[0].intervals.DPL"
    assert {finding.path[: len(place)] for finding in intervals.unread} == {place}
    whole = identifier == "intervals-unknown-key"
    assert (intervals.at("pre_training_bias", "sex", 0, "DPL") is not None) == whole


@pytest.mark.parametrize("key", ["seed", "resamples"])
def test_a_count_with_a_fraction_is_told(key: str) -> None:
    intervals = BiasIntervals.load({**EXAMPLE, key: 0.5})
    assert [(finding.id, finding.path) for finding in intervals.unread] == [
        ("intervals-not-whole", f"$.{key}")
    ]
    assert getattr(intervals, key) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1'])
def test_what_is_no_json_object_is_refused(text: str, tmp_path: Any) -> None:
    (file := tmp_path / "intervals.json").write_text(text)
    with pytest.raises(Refused) as refused:
        BiasIntervals.load(file)
    (finding,) = refused.value.findings
    assert (finding.id, finding.path) == ("intervals-not-json", "intervals.json")


def test_a_file_that_is_not_there_is_refused(tmp_path: Any) -> None:
    with pytest.raises(Refused) as refused:
        BiasIntervals.load(tmp_path / "intervals.json")
    assert refused.value.findings[0].id == "intervals-unreadable"


def written_back(result: BiasIntervals) -> dict[str, Any]:
    """Return the document that a result says it was read from."""

    def section(facets: Any) -> Any:
        return facets and {
            "facets": {
                name: [
                    {
                        "value_or_threshold": group.value_or_threshold,
                        "rows": group.rows,
                        "rest_rows": group.rest_rows,
                        "intervals": {
                            code: {
                                "low": INFINITIES.get(interval.low, interval.low),
                                "high": INFINITIES.get(interval.high, interval.high),
                            }
                            for code, interval in group.intervals.items()
                        },
                    }
                    for group in groups
                ]
                for name, groups in facets.items()
            }
        }

    return {
        "version": result.version,
        "level": result.level,
        "method": result.method,
        "seed": result.seed,
        "resamples": result.resamples,
        "pre_training_bias_metrics": section(result.pre_training),
        "post_training_bias_metrics": section(result.post_training),
    }


def without_nothing(node: Any) -> Any:
    """Leave out members that say nothing: null and empty objects."""
    if isinstance(node, dict):
        members = {key: without_nothing(value) for key, value in node.items()}
        return {key: value for key, value in members.items() if value not in (None, {})}
    if isinstance(node, list):
        return [without_nothing(value) for value in node]
    return node


@settings(max_examples=300)
@given(mutated(lambda: copy.deepcopy(EXAMPLE), JSON, KEYS))
def test_what_is_read_without_a_finding_can_be_written_back(document: dict[str, Any]) -> None:
    result = BiasIntervals.load(document)
    if not result.unread:
        assert without_nothing(written_back(result)) == without_nothing(document)


@settings(max_examples=200)
@given(mutated(lambda: copy.deepcopy(EXAMPLE), JSON, KEYS))
def test_text_and_mapping_of_one_document_are_read_alike(document: dict[str, Any]) -> None:
    assert BiasIntervals.load(json.dumps(document)) == BiasIntervals.load(document)
