"""What is sent to the model: records of the dataset, rendered by the config's content type.

The request of each content type is described by the developer guide, "Endpoint requests for
tabular data".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from clarify_contract.config.predictor import Predictor
from clarify_contract.config.templates import NAMED
from clarify_engine.predict.problems import NO_NAMES, problem
from clarify_engine.predict.values import Cells, csv_cells, json_cells, json_text

CSV: Final = "text/csv"
JSON_LINES: Final = "application/jsonlines"
JSON: Final = "application/json"

# A token ends where its word ends: `$record` is not the beginning of `$records`.
_RECORD_TOKEN = re.compile(rf"{NAMED.pattern}|\$(features_kvp|features|feature_names)\b")
_CONTENT_TOKEN = re.compile(r"\$(records|record|feature_names)\b")


@dataclass(frozen=True, slots=True)
class RequestFormat:
    """How records become the body of an `InvokeEndpoint` call.

    Parameters
    ----------
    content_type
        `text/csv`, `application/jsonlines` or `application/json`.
    features
        Names of the columns that are sent, in the order of the dataset.
    content_template
        For JSON Lines: one record, with `$features`. For JSON: the body, with `$record` (one record
        a call) or `$records` (many), and `$feature_names` if wanted.
    record_template
        For JSON: one record, with `$features`, `$features_kvp` or `"${Name}"` for each column.

    Raises
    ------
    AnalysisError
        If a template names a column that is not sent.
    """

    content_type: str
    features: tuple[str, ...]
    content_template: str | None = None
    record_template: str | None = None

    def __post_init__(self) -> None:
        # A template that names no feature is refused here, before anything is created for it.
        self._record_pattern()

    @classmethod
    def from_config(
        cls, predictor: Predictor, dataset_type: str, features: Sequence[str]
    ) -> RequestFormat:
        """Take the format from a config; the content type's default is the dataset's own type."""
        template = predictor.content_template
        return cls(
            content_type=(predictor.content_type or dataset_type).lower(),
            features=tuple(features),
            content_template=template if isinstance(template, str) else None,
            record_template=predictor.record_template,
        )

    @property
    def takes_one_record(self) -> bool:
        """Whether a body can carry one record only."""
        return self.content_type == JSON and not self._content_words() & {"records"}

    def cells(self, batch: pa.RecordBatch) -> tuple[Cells, ...]:
        """Return the cells of a batch that has the columns `features`, which may be encoded."""
        columns = [(name, batch.column(name)) for name in self.features]
        if self.content_type == CSV:
            return tuple(csv_cells(column) for _, column in columns)
        return tuple(json_cells(column, name) for name, column in columns)

    def records(self, cells: Sequence[Cells], start: int, stop: int) -> list[str]:
        """Render the rows from `start` to before `stop`."""
        columns = [column.texts(start, stop) for column in cells]
        if self.content_type == CSV:
            # One empty field alone would be an empty line, which readers skip.
            return [",".join(row) or '""' for row in zip(*columns, strict=True)]
        pattern, places = self._record_pattern()
        if not places:
            return [pattern % ()] * (stop - start)
        return list(map(pattern.__mod__, zip(*(columns[place] for place in places), strict=True)))

    def body(self, records: Sequence[str]) -> bytes:
        """Join rendered records into one request body (UTF-8)."""
        if self.content_type != JSON:
            return "\n".join(records).encode()
        words = {
            "record": records[0],
            "records": "[" + ",".join(records) + "]",
            "feature_names": json_text(self.features),
        }
        template = self.content_template or "$records"
        return _CONTENT_TOKEN.sub(lambda token: words[token[1]], template).encode()

    def overhead(self) -> int:
        """Return the bytes of a body that has no records yet."""
        return len(self.body([""]))

    def _content_words(self) -> set[str]:
        return set(_CONTENT_TOKEN.findall(self.content_template or "$records"))

    def _record_pattern(self) -> tuple[str, list[int]]:
        """Return a record as a pattern with `%s` for each cell, and which column each cell is of.

        The template is read once for all rows: filling in a pattern is one step of the interpreter.
        """
        lines = self.content_type == JSON_LINES
        template = (self.content_template if lines else self.record_template) or "$features"
        pattern, places, end = "", [], 0
        for token in _RECORD_TOKEN.finditer(template):
            text, columns = self._token_pattern(token)
            pattern += _literal(template[end : token.start()]) + text
            places += columns
            end = token.end()
        return pattern + _literal(template[end:]), places

    def _token_pattern(self, token: re.Match[str]) -> tuple[str, list[int]]:
        name, word = token.groups()
        everything = list(range(len(self.features)))
        if word == "features":
            return "[" + ",".join(["%s"] * len(self.features)) + "]", everything
        if word == "feature_names":
            return _literal(json_text(self.features)), []
        if word == "features_kvp":
            pairs = [_literal(json_text(feature)) + ":%s" for feature in self.features]
            return "{" + ",".join(pairs) + "}", everything
        if name not in self.features:
            raise problem(
                NO_NAMES,
                "template-feature",
                "record_template",
                given=f"a placeholder for {name!r}",
                allowed=f"names of the {len(self.features)} columns that are sent",
                fix="Correct the name; label, predicted label and excluded columns are not sent.",
            )
        return "%s", [self.features.index(name)]


def _literal(text: str) -> str:
    return text.replace("%", "%%")
