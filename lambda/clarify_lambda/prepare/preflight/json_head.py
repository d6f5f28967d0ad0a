"""The first records of JSON Lines, or the records of a JSON document that was read whole."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from clarify_lambda.prepare.preflight.columns import json_targets
from clarify_lambda.prepare.preflight.dataset import Head, not_checked, unreadable
from clarify_lambda.prepare.preflight.finding import Finding, Stopped

#: What the config's expressions find in one record: features, then label, then predicted label.
Record = list[Any]

# NaN, which Python and pandas write, is a missing value.
_DECODER = json.JSONDecoder(
    parse_constant={"NaN": None, "Infinity": math.inf, "-Infinity": -math.inf}.__getitem__
)
_CHECK = "Check the JMESPath expression."
_NO_FEATURES = f"Data must contain features. {_CHECK}"


def read_records(head: Head, config: Mapping[str, Any]) -> list[Record]:
    """Return the records that lie wholly in the head: one or more.

    Parameters
    ----------
    head
        The first bytes of the file.
    config
        A valid config for JSON Lines or JSON, and no time series.

    Raises
    ------
    Stopped
        At the first mistake; or nothing can be said.
    """
    lines = config["dataset_type"] == "application/jsonlines"
    records = list(_of_lines(head, config)) if lines else _of_document(head, config)
    if records:
        return records
    if head.whole:
        fix = "Give files that hold records."
        raise Stopped(Finding("dataset-empty", head.name, "no record", "one record or more", fix))
    raise Stopped(not_checked(head.name, "a line that does not end in the first bytes", _CHECK))


def odd_records(head: Head, records: Sequence[Record]) -> Iterator[Finding]:
    """Yield the mistakes of records with another number of values, or with values of values."""
    width = len(records[0])
    if odd := [len(record) for record in records if len(record) != width]:
        yield Finding(
            "dataset-ragged",
            head.name,
            f"{len(odd)} of the first {len(records)} records with another number of values, "
            f"such as {odd[0]}",
            f"{width} values of features and labels, as the first record has",
            _CHECK,
        )
    if any(isinstance(value, list | dict) for record in records for value in record):
        yield Finding(
            "features-nested",
            head.name,
            "a list or an object where one value of a record should be",
            "numbers, texts, booleans and nulls",
            "Let the JMESPath expressions give one flat list of values for each record.",
        )


def _of_lines(head: Head, config: Mapping[str, Any]) -> Iterator[Record]:
    lines = head.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not head.whole:
        lines.pop()  # it may go on behind the head
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{head.name} line {number}"
        try:
            document = _DECODER.decode(line)
        except (ValueError, RecursionError):
            fix = "Write one JSON object in each line; for one document set application/json."
            given = "a line that is not JSON"
            raise Stopped(unreadable(place, "JSON Lines", given, fix)) from None
        features = _search("features", config, document, place)
        _check_features(features, place, "one list for each line")
        yield features + [_search(key, config, document, place) for key in json_targets(config)]


def _of_document(head: Head, config: Mapping[str, Any]) -> list[Record]:
    document = parsed(head)
    allowed = "a list of lists, one for each record"
    rows = _search_all("features", config, document, head.name)
    _check_features(rows, head.name, allowed)
    for row in rows:
        _check_features(row, head.name, allowed)
    columns = []
    for key in json_targets(config):
        values = _search_all(key, config, document, head.name)
        if not isinstance(values, list) or len(values) != len(rows):
            given = f"{len(values)} values" if isinstance(values, list) else kind_of(values)
            allowed = f"a list of {len(rows)} values, one for each record of features"
            fix = f"{_CHECK} A projection drops records whose value is null."
            raise Stopped(Finding("json-lengths", f"$.{key} in {head.name}", given, allowed, fix))
        columns.append(values)
    return [[*row, *targets] for row, *targets in zip(rows, *columns, strict=True)]


def parsed(head: Head) -> Any:
    """Return a JSON document.

    Raises
    ------
    Stopped
        It is none; or there is more of it than was read, so that nothing can be said.
    """
    text, given = head.text.strip(), "text that is not one JSON document"
    fix = "Write one document; for one object in each line set application/jsonlines."
    try:
        document, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        if head.whole or not text.startswith(("[", "{")):
            raise Stopped(unreadable(head.name, "JSON", given, fix)) from None
        unseen = "a document of which only the first bytes were read"
        how = "Run clarify validate --data to have it checked whole."
        raise Stopped(not_checked(head.name, unseen, how)) from None
    if end < len(text):
        raise Stopped(unreadable(head.name, "JSON", given, fix))
    return document


def _search(key: str, config: Mapping[str, Any], document: Any, place: str) -> Any:
    try:
        return jmespath.search(config[key], document)
    except JMESPathError:  # its text quotes the value
        raise Stopped(
            Finding(
                "jmespath-failed",
                f"$.{key} in {place}",
                "values that a function in the expression does not take",
                "an expression that fits every record",
                "Check the functions in the expression.",
            )
        ) from None


def _search_all(key: str, config: Mapping[str, Any], document: Any, place: str) -> Any:
    """Return what an expression finds, none of it lost: a projection drops nulls in silence."""
    found = _search(key, config, document, place)
    tree = jmespath.compile(config[key]).parsed
    if tree["type"] == "projection" and isinstance(found, list):
        visitor = TreeInterpreter()
        records = len(visitor.visit(tree["children"][0], document))
        if len(found) < records:
            raise Stopped(
                Finding(
                    "json-nulls-dropped",
                    f"$.{key} in {place}",
                    f"{len(found)} values from {records} records",
                    "a value for each record",
                    "Give each record a value; JMESPath drops nulls, and later rows would shift.",
                )
            )
    return found


def _check_features(found: Any, place: str, allowed: str) -> None:
    if not isinstance(found, list) or not found:
        path = f"$.features in {place}"
        raise Stopped(Finding("features-shape", path, kind_of(found), allowed, _NO_FEATURES))


def kind_of(value: Any) -> str:
    """Say in words what kind of JSON value this is, without the value."""
    if isinstance(value, list):
        return "a list of values" if value else "an empty list"
    words = {type(None): "nothing", dict: "an object", str: "a text", bool: "a boolean"}
    return words.get(type(value), "a number")
