"""Records out of JSON Lines and JSON files, found by the config's JMESPath expressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import jmespath
from jmespath.visitor import TreeInterpreter

from clarify_engine.data.files import DataFile
from clarify_engine.data.json_values import parse
from clarify_engine.data.problems import (
    NO_FEATURES,
    not_utf8,
    problem,
    unreadable,
)
from clarify_engine.errors import AnalysisError

BATCH_ROWS = 16_384

Record = list[Any]
"""A record's features, then its label and predicted label where the config has them."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The config's JMESPath expressions; None where the config has none."""

    features: str
    label: str | None
    predicted_label: str | None

    @property
    def targets(self) -> dict[str, str]:
        """The expressions of label and predicted label, by the config's key."""
        given = {"label": self.label, "predicted_label": self.predicted_label}
        return {key: path for key, path in given.items() if path is not None}


def json_lines(file: DataFile, paths: Paths) -> Iterator[list[Record]]:
    """Yield batches of the records of a JSON Lines file; blank lines are passed over.

    Raises
    ------
    AnalysisError
        A line is not JSON in UTF-8, or the expressions do not find a list of features in it.
    """
    features = jmespath.compile(paths.features)
    targets = [jmespath.compile(path) for path in paths.targets.values()]
    with file.path.open(encoding="utf-8-sig") as lines:
        records = _line_records(lines, file, features, targets)
        while batch := list(islice(records, BATCH_ROWS)):
            yield batch


def _line_records(
    lines: Iterator[str], file: DataFile, features: Any, targets: Sequence[Any]
) -> Iterator[Record]:
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            if line.isspace():
                continue
            record = parse(line)
            row = features.search(record)
            if not isinstance(row, list) or not row:
                raise _no_features(f"{file.name} line {number}", row, "one list for each line")
            yield row + [target.search(record) for target in targets]
    except UnicodeDecodeError:
        raise not_utf8(file.name) from None
    except ValueError:
        raise unreadable(
            f"{file.name} line {number}",
            "JSON Lines",
            "a line that is not JSON",
            "Write one JSON object in each line; for one document set application/json.",
        ) from None


def json_document(file: DataFile, paths: Paths) -> list[Record]:
    """Return the records of a JSON file. The whole file is held in memory.

    Raises
    ------
    AnalysisError
        The file is not JSON in UTF-8, or the expressions do not find a list of lists of features
        and, for each label, a list as long; or a projection has dropped nulls, so that rows would
        shift.
    """
    try:
        document = parse(file.path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise not_utf8(file.name) from None
    except ValueError:
        raise unreadable(
            file.name,
            "JSON",
            "text that is not one JSON document",
            "Write one document; for one object in each line set application/jsonlines.",
        ) from None
    rows = _search(paths.features, document, file, "features")
    if not isinstance(rows, list) or not rows:
        raise _no_features(file.name, rows, "a list of lists, one for each record")
    for row in rows:
        if not isinstance(row, list) or not row:
            raise _no_features(file.name, row, "a list of lists, one for each record")
    columns = [_target(path, key, document, file, len(rows)) for key, path in paths.targets.items()]
    return [[*row, *targets] for row, *targets in zip(rows, *columns, strict=True)]


def _target(path: str, key: str, document: Any, file: DataFile, rows: int) -> list[Any]:
    values = _search(path, document, file, key)
    if not isinstance(values, list) or len(values) != rows:
        found = f"{len(values)} values" if isinstance(values, list) else _kind(values)
        raise problem(
            f"Unable to locate the {key.replace('_', ' ')}.",
            "json-lengths",
            f"$.{key} in {file.name}",
            given=found,
            allowed=f"a list of {rows} values, one for each record of features",
            fix="Check the JMESPath expression; a projection drops records whose value is null.",
        )
    return values


def _search(path: str, document: Any, file: DataFile, key: str) -> Any:
    """Evaluate an expression; refuse one that has lost records on the way.

    A projection such as ``[*].label`` drops nulls: values after a record without label would belong
    to another record, also when features and labels each lost one.
    """
    expression = jmespath.compile(path)
    found = expression.search(document)
    tree = expression.parsed
    if tree["type"] == "projection" and isinstance(found, list):
        records = TreeInterpreter().visit(tree["children"][0], document)
        if len(records) != len(found):
            raise problem(
                NO_FEATURES
                if key == "features"
                else f"Unable to locate the {key.replace('_', ' ')}.",
                "json-nulls-dropped",
                f"$.{key} in {file.name}",
                given=f"{len(found)} values from {len(records)} records",
                allowed="a value for each record",
                fix="Give each record a value; JMESPath drops nulls, and later rows would shift.",
            )
    return found


def _no_features(path: str, found: Any, allowed: str) -> AnalysisError:
    return problem(
        NO_FEATURES,
        "features-shape",
        path,
        given=_kind(found),
        allowed=allowed,
        fix="Check the JMESPath expression in features.",
    )


def _kind(value: Any) -> str:
    """Say in words what JSON value this is, without saying the value."""
    if isinstance(value, list):
        return "a list of values" if value else "an empty list"
    return {type(None): "nothing", dict: "an object", str: "a text", bool: "a boolean"}.get(
        type(value), "a number"
    )
