"""Records out of JSON Lines and JSON files, found by the config's JMESPath expressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TextIO

from clarify_engine.data.expressions import Expression, kind_of
from clarify_engine.data.files import DataFile
from clarify_engine.data.json_values import parse
from clarify_engine.data.problems import not_utf8, unreadable

BATCH_ROWS = 16_384

Record = list[Any]
"""A record's features, then its label and predicted label where the config has them."""


@dataclass(frozen=True, slots=True)
class Expressions:
    """Where values are in a line or document.

    Attributes
    ----------
    features
        Finds a list for each record.
    targets
        Label and predicted label, as far as the config has them; each finds one value for each
        record.
    """

    features: Expression
    targets: Sequence[Expression]


def json_lines(file: DataFile, expressions: Expressions) -> Iterator[list[Record]]:
    """Yield batches of the records of a JSON Lines file; blank lines are passed over.

    Raises
    ------
    AnalysisError
        A line is not JSON in UTF-8, or the expressions do not find a list of features in it.
    """
    with file.path.open(encoding="utf-8-sig") as lines:
        records = _line_records(lines, file, expressions)
        while batch := list(islice(records, BATCH_ROWS)):
            yield batch


def _line_records(lines: TextIO, file: DataFile, expressions: Expressions) -> Iterator[Record]:
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            if line.isspace():
                continue
            record = parse(line)
            place = f"{file.name} line {number}"
            features = expressions.features.search(record, place)
            _check_features(features, expressions.features, place, "one list for each line")
            yield features + [target.search(record, place) for target in expressions.targets]
    except UnicodeDecodeError:
        raise not_utf8(file.name) from None
    except (ValueError, RecursionError):
        raise unreadable(
            f"{file.name} line {number}",
            "JSON Lines",
            "a line that is not JSON",
            "Write one JSON object in each line; for one document set application/json.",
        ) from None


def json_document(file: DataFile, expressions: Expressions) -> list[Record]:
    """Return the records of a JSON file. The whole file is held in memory.

    Raises
    ------
    AnalysisError
        The file is not JSON in UTF-8, or the expressions do not find a list of lists of features
        and, for each label, a list as long; or a projection has dropped nulls, so that rows would
        shift.
    """
    document = parsed(
        file, "Write one document; for one object in each line set application/jsonlines."
    )
    allowed = "a list of lists, one for each record"
    rows = expressions.features.search_all(document, file.name)
    _check_features(rows, expressions.features, file.name, allowed)
    for row in rows:
        _check_features(row, expressions.features, file.name, allowed)
    columns = [_target(target, document, file, len(rows)) for target in expressions.targets]
    return [[*row, *targets] for row, *targets in zip(rows, *columns, strict=True)]


def parsed(file: DataFile, fix: str) -> Any:
    """Return the one document of a JSON file.

    Raises
    ------
    AnalysisError
        The file is not JSON in UTF-8; `fix` says what to do if it is not JSON.
    """
    try:
        return parse(file.path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise not_utf8(file.name) from None
    except (ValueError, RecursionError):
        given = "text that is not one JSON document"
        raise unreadable(file.name, "JSON", given, fix) from None


def _target(target: Expression, document: Any, file: DataFile, rows: int) -> list[Any]:
    values = target.search_all(document, file.name)
    if not isinstance(values, list) or len(values) != rows:
        raise target.problem(
            file.name,
            "json-lengths",
            f"{len(values)} values" if isinstance(values, list) else kind_of(values),
            f"a list of {rows} values, one for each record of features",
            "Check the JMESPath expression; a projection drops records whose value is null.",
        )
    return values


def _check_features(found: Any, features: Expression, place: str, allowed: str) -> None:
    if not isinstance(found, list) or not found:
        raise features.problem(
            place, "features-shape", kind_of(found), allowed, "Check the JMESPath expression."
        )
