"""The embedded metric format as AWS specifies it, read strictly.

Source: "Specification: Embedded metric format" of the CloudWatch user guide, with its JSON Schema,
and the API reference of `PutMetricData` (values) and `Dimension` (values of dimensions).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

Found = dict[tuple[str, str, frozenset[tuple[str, str]]], float]


def metrics_in(lines: Iterable[str]) -> Found:
    """Return what CloudWatch makes of these lines: values by namespace, name and dimensions."""
    found: Found = {}
    for line in lines:
        document = json.loads(line, parse_constant=_no_constant) if line.startswith("{") else {}
        if isinstance(document, dict) and "_aws" in document:
            assert len(line.encode()) <= 256 * 1024
            for key, value in _of(document):
                assert key not in found, "one metric twice"
                found[key] = value
    return found


def _of(document: Mapping[str, Any]) -> Iterable[tuple[Any, float]]:
    about = document["_aws"]
    assert set(about) == {"Timestamp", "CloudWatchMetrics"}
    assert type(about["Timestamp"]) is int
    for directive in about["CloudWatchMetrics"]:
        assert set(directive) == {"Namespace", "Dimensions", "Metrics"}
        assert 1 <= len(directive["Namespace"]) <= 1024
        assert 1 <= len(directive["Metrics"]) <= 100
        for names in directive["Dimensions"]:
            assert len(names) <= 30
            dimensions = frozenset((name, _dimension(document[name])) for name in names)
            for metric in directive["Metrics"]:
                assert set(metric) <= {"Name", "Unit", "StorageResolution"}
                assert 1 <= len(metric["Name"]) <= 1024
                key = directive["Namespace"], metric["Name"], dimensions
                yield key, _value(document[metric["Name"]])


def _dimension(value: object) -> str:
    assert isinstance(value, str)
    assert 1 <= len(value) <= 1024
    assert value.isascii()
    assert value.isprintable()
    assert value.strip()
    assert not value.startswith(":")
    return value


def _value(value: object) -> float:
    assert isinstance(value, int | float)
    assert not isinstance(value, bool)
    assert math.isfinite(value)
    assert abs(value) <= 2.0**360
    return float(value)


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
