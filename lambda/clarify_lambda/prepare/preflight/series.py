"""Whether the JMESPath expressions of a forecasting dataset find values of equal number.

They are read as the engine reads them: a projection keeps nulls, which JMESPath drops, in their
places. A test keeps both the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from clarify_lambda.prepare.preflight.finding import Finding, Stopped
from clarify_lambda.prepare.preflight.json_head import kind_of

_FIX = "Compare the JMESPath expression, and dataset_format, with the data."


class _KeepsNulls(TreeInterpreter):  # type: ignore[misc] # jmespath has no types
    """Evaluates projections over lists as JMESPath does, but for the nulls.

    Attributes
    ----------
    first
        The projection that was evaluated first, which is the one over the items; None before.
    items
        What it went over.
    only
        What it shall go over instead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first: Any = None
        self.items: Any = None
        self.only: list[Any] | None = None

    def visit_projection(self, node: Any, value: Any) -> Any:
        base = self._base(node, value)
        if not isinstance(base, list):
            return None
        return [self.visit(node["children"][1], element) for element in base]

    def visit_filter_projection(self, node: Any, value: Any) -> Any:
        base = self._base(node, value)
        if not isinstance(base, list):
            return None
        return [
            self.visit(node["children"][1], element)
            for element in base
            if self._is_true(self.visit(node["children"][2], element))
        ]

    def _base(self, node: Any, value: Any) -> Any:
        if self.only is not None and node is self.first:
            return self.only
        base = self.visit(node["children"][0], value)
        if self.first is None:
            self.first, self.items = node, base
        return base


def series_findings(series: Mapping[str, Any], document: Any, place: str) -> Iterator[Finding]:
    """Yield the first expression that finds no list, or one of another length than the others.

    Parameters
    ----------
    series
        A valid `time_series_data_config`, for JSON.
    document
        A whole document of the dataset.
    place
        What findings call it.
    """
    try:
        paths = dict(_paths(series))
        if series.get("dataset_format") == "item_records":
            _check_items(paths, document, place)
        else:
            found = {key: _found(key, path, document, place) for key, path in paths.items()}
            for key, values in found.items():
                _refuse_other_length(key, values, found["item_id"], place, "item_id")
    except Stopped as stopped:
        yield stopped.finding


def _paths(series: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield keys and expressions: what is of an item first, then what is over time."""
    for key, path in _addresses(series):
        if not isinstance(path, str):
            given, allowed = "an index", "a JMESPath expression, as the data are JSON"
            raise _stopped("forecast-address", key, "", given, allowed)
        yield key, path


def _addresses(series: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    yield "item_id", series["item_id"]
    for index, path in enumerate(series.get("static_covariates") or ()):
        yield f"static_covariates[{index}]", path
    yield "timestamp", series["timestamp"]
    yield "target_time_series", series["target_time_series"]
    for index, path in enumerate(series.get("related_time_series") or ()):
        yield f"related_time_series[{index}]", path


def _check_items(paths: Mapping[str, str], document: Any, place: str) -> None:
    found = {key: _by_item(key, path, document, place) for key, path in paths.items()}
    items = len(found["item_id"])
    for key, values in found.items():
        if len(values) != items:
            given, allowed = f"{len(values)} items", f"{items}, as item_id has"
            raise _stopped("forecast-lengths", key, place, given, allowed)
    over_time = list(paths)[list(paths).index("timestamp") :]
    for number in range(items):
        item = f"{place} item {number + 1}"
        for key in paths:
            values = found[key][number]
            if key in over_time:
                _refuse_nested(key, values, item)
                _refuse_other_length(key, values, found["timestamp"][number], item, "timestamp")
            elif len(values) != 1:
                given = f"{len(values)} values"
                raise _stopped("forecast-lengths", key, item, given, "one for each item")


def _refuse_other_length(
    key: str, values: Sequence[Any], others: Sequence[Any], place: str, of: str
) -> None:
    if len(values) != len(others):
        given, allowed = f"{len(values)} values", f"{len(others)}, as many as {of} has"
        raise _stopped("forecast-lengths", key, place, given, allowed)


def _refuse_nested(key: str, values: Sequence[Any], place: str) -> None:
    if values and isinstance(values[0], list):
        given = f"{kind_of(values)}, each of them a list"
        allowed = "one value for each time of the item"
        fix = "Write [] where the list of times begins, as in [*].timeseries[].timestamp."
        raise _stopped("forecast-nested", key, place, given, allowed, fix)


def _by_item(key: str, path: str, document: Any, place: str) -> list[list[Any]]:
    """Return what the expression finds in each item, as if there were no other."""
    interpreter = _KeepsNulls()
    _found(key, path, document, place, interpreter)
    if not isinstance(interpreter.items, list):
        given = "an expression that does not go over a list of items"
        allowed = "one that begins with the list of items, such as [*].id"
        raise _stopped("forecast-no-projection", key, place, given, allowed)
    found = []
    for number, item in enumerate(interpreter.items, 1):
        interpreter.only = [item]
        found.append(_found(key, path, document, f"{place} item {number}", interpreter))
    return found


def _found(
    key: str, path: str, document: Any, place: str, interpreter: _KeepsNulls | None = None
) -> list[Any]:
    try:
        tree = jmespath.compile(path).parsed
        found = (interpreter or _KeepsNulls()).visit(tree, document)
    except JMESPathError:  # its text quotes the value
        given = "values that a function in the expression does not take"
        raise _stopped(
            "jmespath-failed", key, place, given, "an expression that fits the data"
        ) from None
    if not isinstance(found, list):
        raise _stopped("forecast-nothing-found", key, place, kind_of(found), "a list")
    return found


def _stopped(id_: str, key: str, place: str, given: str, allowed: str, fix: str = _FIX) -> Stopped:
    path = f"$.time_series_data_config.{key}" + (f" in {place}" if place else "")
    return Stopped(Finding(id_, path, given, allowed, fix))
