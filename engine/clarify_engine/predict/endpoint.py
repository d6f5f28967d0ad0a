"""Asking a model by the formats of a config: rows go out in requests, predictions come back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from clarify_contract.container import INVOKE_BODY_MAX_BYTES
from clarify_engine.errors import AnalysisError
from clarify_engine.predict.answer import Answer, joined
from clarify_engine.predict.concurrent import in_order
from clarify_engine.predict.problems import problem
from clarify_engine.predict.request import RequestFormat
from clarify_engine.predict.response import ResponseFormat
from clarify_engine.predict.transport import ModelFailure, TooLarge, Transport

log = logging.getLogger(__name__)

# A model has 60 seconds for a request: few need them for this many records.
RECORDS_PER_REQUEST: Final = 10_000
# Below this a request's own cost outweighs what a second worker saves.
_WORTH_A_REQUEST: Final = 250
ENDPOINT_WORKERS: Final = 4
"""Requests under way at once: one instance serves a few at a time, and rendering keeps up."""


@dataclass(slots=True)
class EndpointModel:
    """A model that is asked with the bodies of a config, through any transport.

    Parameters
    ----------
    transport
        Whom to ask.
    request, response
        How records are sent, and where the answer stands.
    workers
        How many requests are under way at once.
    """

    transport: Transport
    request: RequestFormat
    response: ResponseFormat
    workers: int = ENDPOINT_WORKERS
    _batch_size: int = field(default=RECORDS_PER_REQUEST, init=False)
    _resizing: threading.Lock = field(default_factory=threading.Lock, init=False)

    @property
    def reference(self) -> str:
        """Which model this is."""
        return self.transport.reference

    def answer(self, features: pa.RecordBatch) -> Answer:
        """Return what the model says about each row; see `Predictor.answer`."""
        cells = self.request.cells(features)

        def ask(rows: range) -> Answer:
            return self._ask(self.request.records(cells, rows.start, rows.stop))

        return joined(list(in_order(ask, self._cut(features.num_rows), self.workers)))

    def _cut(self, rows: int) -> Iterator[range]:
        """Yield the rows of one request after the other, so that every worker has its share."""
        share = -(-rows // self.workers)
        if not self.request.takes_one_record:
            share = max(share, _WORTH_A_REQUEST)
        start = 0
        while start < rows:
            stop = min(rows, start + min(share, self._batch_size))
            yield range(start, stop)
            start = stop

    def _ask(self, records: Sequence[str]) -> Answer:
        """Ask about some records, in one request if they fit into one."""
        answers: list[Answer] = []
        start = 0
        while start < len(records):
            part, body = self._fitting(records[start : start + self._most])
            try:
                answers.append(self._send(part, body))
                start += len(part)
            except TooLarge:
                self._shrink(len(part))
        return joined(answers)

    @property
    def _most(self) -> int:
        return 1 if self.request.takes_one_record else self._batch_size

    def _fitting(self, records: Sequence[str]) -> tuple[Sequence[str], bytes]:
        """Return as many records as fit into one body, from the first on, and that body."""
        limit = INVOKE_BODY_MAX_BYTES
        # Letters are bytes at least: what has too many of them need not be put together.
        if sum(map(len, records)) <= limit:
            body = self.request.body(records)
            if len(body) <= limit:
                return records, body
        room = limit - self.request.overhead()
        count = 0
        for record in records:
            room -= len(record.encode()) + 1
            if room < 0:
                break
            count += 1
        if count == 0:
            raise _too_large(f"a record of more than {limit} bytes")
        self._reduce_to(count)
        return records[:count], self.request.body(records[:count])

    def _shrink(self, size: int) -> None:
        if size == 1:
            raise _too_large("a single record that the endpoint refuses for its size")
        self._reduce_to(max(1, size // 2))

    def _reduce_to(self, size: int) -> None:
        with self._resizing:
            if size >= self._batch_size:  # another worker came to it first
                return
            self._batch_size = size
        log.warning("Prediction batch size is reduced to %d to fit max payload size limit.", size)

    def _send(self, records: Sequence[str], body: bytes) -> Answer:
        """Ask about records in one call, or one by one if the model fails on them together."""
        request, response = self.request, self.response
        try:
            answer, kind = self.transport.invoke(body, request.content_type, response.accept)
        except ModelFailure as failure:
            if len(records) == 1:
                raise problem(
                    "The model failed on a single record.",
                    "model-error",
                    "content_type",
                    given=failure.given,
                    allowed="a prediction for a record of the dataset",
                    fix=f"Read the log of the model ({self.reference}), and check the form of "
                    "requests: content_type, the templates and excluded_columns.",
                ) from None
        else:
            return response.read(answer, kind, len(records))
        log.warning("Fallback to per-record prediction because of model error.")
        return joined([self._send([record], request.body([record])) for record in records])


def _too_large(given: str) -> AnalysisError:
    return problem(
        "Unable to send a record to the model.",
        "record-too-large",
        "content_type",
        given=given,
        allowed="records that fit into one request",
        fix="Leave large columns out by excluded_columns.",
    )
