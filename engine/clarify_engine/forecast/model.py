"""Asking a forecasting model: some records of one item go out, their forecasts come back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from clarify_contract.container import INVOKE_BODY_MAX_BYTES
from clarify_engine.forecast.request import JSON, ForecastRequest
from clarify_engine.forecast.response import ForecastResponse, joined
from clarify_engine.predict.problems import problem
from clarify_engine.predict.transport import ModelFailure, TooLarge, Transport

log = logging.getLogger(__name__)

RECORDS_PER_REQUEST: Final = 100
"""A model has 60 seconds for a request, and a forecast may take it a good part of a second."""


@dataclass(slots=True)
class ForecastModel:
    """A forecasting model that is asked by the templates of a config; usable by several threads.

    Parameters
    ----------
    transport
        Whom to ask.
    request, response
        How records are sent, and where the forecasts stand.
    """

    transport: Transport
    request: ForecastRequest
    response: ForecastResponse
    _most: int = field(default=RECORDS_PER_REQUEST, init=False)

    @property
    def records_per_request(self) -> int:
        """How many records to send at once."""
        return 1 if self.request.takes_one_record else self._most

    def forecasts(self, records: Sequence[str]) -> np.ndarray:
        """Return one forecast for each record: shape (records, horizon).

        Records that are too large together, or on which the model fails together, are sent again in
        smaller requests.

        Raises
        ------
        AnalysisError
            If the model refuses, stays busy, fails on a single record, or answers with something
            else than one list of numbers for each record.
        """
        parts, start = [], 0
        while start < len(records):
            some = records[start : start + self.records_per_request]
            try:
                parts.append(self._ask(some))
                start += len(some)
            except TooLarge:
                self._shrink(len(some))
        return joined(parts)

    def _ask(self, records: Sequence[str]) -> np.ndarray:
        body = self.request.body(records)
        if len(body) > INVOKE_BODY_MAX_BYTES:
            raise TooLarge
        try:
            answer, _ = self.transport.invoke(body, JSON, JSON)
        except ModelFailure as failure:
            if len(records) == 1:
                raise problem(
                    "The model failed on a single record.",
                    "model-error",
                    "record_template",
                    given=failure.given,
                    allowed="a forecast for an item, also where values are set to the baseline",
                    fix=f"Read the log of the model ({self.transport.reference}), and check the "
                    "form of requests: content_template and record_template.",
                ) from None
        else:
            return self.response.read(answer, len(records))
        log.warning("Fallback to per-record prediction because of model error.")
        return joined([self._ask([record]) for record in records])

    def _shrink(self, size: int) -> None:
        if size == 1:
            raise problem(
                "Unable to send a record to the model.",
                "record-too-large",
                "record_template",
                given=f"an item that is refused for its size, or has more than "
                f"{INVOKE_BODY_MAX_BYTES} bytes",
                allowed="items that fit into one request",
                fix="Shorten the series, or leave related series out of record_template.",
            )
        self._most = min(self._most, size // 2)
        log.warning(
            "Prediction batch size is reduced to %d to fit max payload size limit.", self._most
        )
