"""What the model answers: labels and scores, found by the config's index or JMESPath.

The response of each accept type is described by the developer guide, "Endpoint responses for
tabular data". Nothing that a model sent is ever quoted in an error: it may repeat the request.
"""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jmespath.exceptions import JMESPathError

from clarify_contract.config.predictor import Predictor
from clarify_engine.errors import AnalysisError
from clarify_engine.predict.answer import Answer
from clarify_engine.predict.csv_numbers import csv_numbers
from clarify_engine.predict.paths import Find, compiled
from clarify_engine.predict.problems import problem, unreadable
from clarify_engine.predict.request import CSV, JSON

_DECODE = json.JSONDecoder().raw_decode


class ResponseFormat:
    """Where labels and scores stand in a response.

    Parameters
    ----------
    accept
        `text/csv`, `application/jsonlines` or `application/json`.
    label, probability
        Column index (CSV) or JMESPath. With neither, the whole response is scores.

    Raises
    ------
    AnalysisError
        If an address has the wrong kind for the accept type, or is no JMESPath.
    """

    def __init__(
        self, accept: str, *, label: str | int | None = None, probability: str | int | None = None
    ) -> None:
        self.accept = accept
        self.label = label
        self._probability = probability
        self._find_label = None if label is None else self._finder("label", label)
        self._find_score = None
        if probability is not None or label is None:
            self._find_score = self._finder("probability", probability)

    @classmethod
    def from_config(cls, predictor: Predictor, content_type: str) -> ResponseFormat:
        """Take the format from a config; the accept type's default is the content type."""
        accept = predictor.accept_type or content_type
        return cls(accept.lower(), label=predictor.label, probability=predictor.probability)

    @property
    def gives_text_labels(self) -> bool:
        """Whether labels come as text, so that one which looks like a number is one."""
        return self.accept == CSV and self.label is not None

    def read(self, body: bytes, content_type: str | None, count: int) -> Answer:
        """Read the response to a request of `count` records.

        Raises
        ------
        AnalysisError
            If the response has another content type, cannot be read, holds nothing at the
            configured place, or does not speak of exactly `count` records.
        """
        self._check_content_type(content_type)
        if self.accept == CSV and self.label is None:
            scores = self._csv_scores(body, count)
            if scores is not None:
                return Answer(None, scores)
        return self._read_carefully(body, count)

    def _csv_scores(self, body: bytes, count: int) -> np.ndarray[Any, Any] | None:
        numbers = csv_numbers(body, count)
        if numbers is None:
            return None
        index, width = self._probability, numbers.shape[1]
        if index is None:
            return numbers[:, 0] if width == 1 else numbers
        return numbers[:, index] if isinstance(index, int) and 0 <= index < width else None

    def _read_carefully(self, body: bytes, count: int) -> Answer:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise unreadable(
                "response-not-utf8",
                "accept_type",
                "a response that is not UTF-8",
                f"{self.accept} in UTF-8",
                "Let the model answer in UTF-8.",
            ) from None
        pick = self._picker(text, count)
        labels = pick(self._find_label, "label") if self._find_label else None
        scores = pick(self._find_score, "probability") if self._find_score else None
        for key, values in (("label", labels), ("probability", scores)):
            if values is not None and len(values) != count:
                raise unreadable(
                    "response-count",
                    key,
                    f"{len(values)} predictions for {count} records",
                    "one prediction for each record, in the order of the records",
                    "Let the model answer for every record; a JMESPath projection drops nulls.",
                )
        return Answer(labels, scores, self.gives_text_labels)

    def _picker(self, text: str, count: int) -> Callable[[Find, str], list[Any]]:
        """Parse a response, and return what picks labels or scores from it."""
        if self.accept == JSON:
            document = _parse(text)
            return lambda find, key: _per_record(find(document), key, count)
        if self.accept == CSV:
            rows = _csv_rows(text, count)
            places = {"label": self.label, "probability": self._probability}
            return lambda find, key: (
                _plain_cells(rows, places[key]) or [_present(find(row), key) for row in rows]
            )
        values = _json_rows(text)
        return lambda find, key: [_present(find(value), key) for value in values]

    def _check_content_type(self, content_type: str | None) -> None:
        """Refuse, say, an HTML page that a proxy sent with status 200."""
        given = (content_type or self.accept).partition(";")[0].strip().lower()
        if given != self.accept:
            raise unreadable(
                "response-content-type",
                "accept_type",
                "a response of another content type",
                self.accept,
                "Set accept_type to what the model answers with.",
            )

    def _finder(self, key: str, address: str | int | None) -> Find:
        if self.accept == CSV:
            if isinstance(address, str):
                raise _wrong_address(key, "a text", f"a column index, for {CSV}")
            return lambda row: _column(row, address, key)
        if address is None:
            return lambda document: document
        if isinstance(address, int):
            raise _wrong_address(key, "a number", f"a JMESPath, for {self.accept}")
        try:
            return compiled(address)
        except JMESPathError:
            raise _wrong_address(key, "a text that is no JMESPath", "a valid JMESPath") from None


def _csv_rows(text: str, count: int) -> list[list[str]]:
    """Return one row per record.

    `0.6,0.3` is two records of a model with one score, or one record of a model with two classes:
    the number of records that were sent decides.
    """
    lines = io.StringIO(text, newline="")
    try:
        rows = [row for row in csv.reader(lines, skipinitialspace=True) if row]
    except csv.Error:
        raise unreadable(
            "response-not-csv",
            "accept_type",
            "a response that cannot be read as CSV",
            "CSV as accept_type says",
            "Set accept_type to what the model answers with.",
        ) from None
    if len(rows) == 1 and count > 1 and len(rows[0]) == count:
        return [[cell] for cell in rows[0]]
    return rows


def _json_rows(text: str) -> list[Any]:
    # Not splitlines: a text may hold characters that end a line elsewhere than in JSON Lines.
    return [_parse_line(line) for line in text.split("\n") if line.strip()]


def _parse_line(line: str) -> Any:
    try:
        value, end = _DECODE(line)
    except ValueError:
        end = -1
    # Space around a value is rare; the slower parser knows what of it is allowed.
    return value if end == len(line) else _parse(line)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        # The parser's own error carries the whole text with it.
        raise unreadable(
            "response-not-json",
            "accept_type",
            "a response that is not JSON",
            "JSON as accept_type says",
            "Set accept_type to what the model answers with.",
        ) from None


def _column(row: Sequence[str], index: int | None, key: str) -> Any:
    if index is None:
        cells = [_cell(cell) for cell in row]
        return cells[0] if len(cells) == 1 else cells
    if not 0 <= index < len(row):
        raise unreadable(
            "response-column",
            key,
            f"column {index} of a response of {len(row)} columns",
            f"an index from 0 to {len(row) - 1}",
            "Count the columns of the model's response from 0.",
        )
    return _cell(row[index])


def _plain_cells(rows: Sequence[Sequence[str]], index: str | int | None) -> list[str] | None:
    """Return a column at once, or `None` if a cell is not there, empty, or spells a list."""
    if not isinstance(index, int) or index < 0:
        return None
    try:
        cells = [row[index].strip() for row in rows]
    except IndexError:
        return None
    return None if "" in cells or any(cell[0] == "[" for cell in cells) else cells


def _cell(text: str) -> Any:
    """Return a field, or the list that it spells (Autopilot writes lists as `"['cat', 'dog']"`)."""
    if not text.startswith("["):
        return text.strip()
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = None
    if not isinstance(value, list):
        raise unreadable(
            "response-list",
            "probability",
            "a column that begins as a list and cannot be read as one",
            "a list as Python or JSON writes it",
            "Let the model write the list whole, in quotes.",
        )
    return value


def _per_record(found: Any, key: str, count: int) -> list[Any]:
    """Return what a path gave for a whole document as one entry per record."""
    present = _present(found, key)
    if isinstance(present, list) and (count != 1 or len(present) == 1):
        return [_present(entry, key) for entry in present]
    # The answer to a single record may be that record's own value, or its list of values.
    return [present]


def _present(found: Any, key: str) -> Any:
    if found is None or found == "":
        raise unreadable(
            "response-nothing",
            key,
            "a place that is empty, or absent, in the model's response",
            "the place of a value for each record",
            "Compare it with a response of the model.",
        )
    return found


def _wrong_address(key: str, given: str, allowed: str) -> AnalysisError:
    return problem(
        "Analysis configuration schema validation error.",
        "response-address",
        key,
        given=given,
        allowed=allowed,
        fix="Say where the model's response holds it.",
    )
