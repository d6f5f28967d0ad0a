"""What is sent to a forecasting model: items as records, by the config's templates.

The placeholders are those of the developer guide, "Endpoint requests for time series data".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from clarify_contract.config import Predictor
from clarify_contract.config.templates import RECORDS, SERIES, WORD
from clarify_engine.errors import AnalysisError
from clarify_engine.predict.problems import problem

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class ForecastRequest:
    """How items become the JSON body of a request.

    Parameters
    ----------
    content_template
        The body, with `$record` (one record a request) or `$records` (a list of them).
    record_template
        One record, with `$start_time`, `$target_time_series`, `$related_time_series` (a list of
        lists) and `$static_covariates` (a list) as far as the model takes them.
    """

    content_template: str
    record_template: str

    @classmethod
    def from_config(cls, predictor: Predictor) -> ForecastRequest:
        """Take the templates from a config.

        Raises
        ------
        AnalysisError
            If requests or answers are not JSON.
        """
        for key in ("content_type", "accept_type"):
            if (getattr(predictor, key) or JSON) != JSON:
                raise _refused(
                    "forecast-content-type",
                    key,
                    "another type than JSON, with time series",
                    f'"{JSON}"',
                    "Remove the key: it is the default for time series.",
                )
        body, record = predictor.content_template, predictor.record_template
        # X5 has seen to it that both are there.
        assert isinstance(body, str)  # noqa: S101
        assert record is not None  # noqa: S101
        return cls(body, record)

    @property
    def takes_one_record(self) -> bool:
        """Whether a body can carry one record only."""
        return "records" not in WORD.findall(self.content_template)

    def carries(self, word: str) -> bool:
        """Return whether a record has a placeholder, such as `static_covariates`."""
        return word in WORD.findall(self.record_template)

    def record(self, values: Mapping[str, str]) -> str:
        """Return one record from JSON texts by placeholder."""
        return WORD.sub(_fill(SERIES, values), self.record_template)

    def body(self, records: Sequence[str]) -> bytes:
        """Return a request's body (UTF-8)."""
        values = {"record": records[0], "records": "[" + ",".join(records) + "]"}
        return WORD.sub(_fill(RECORDS, values), self.content_template).encode()

    def check(self, record: str) -> None:
        """Refuse templates that give no JSON.

        Raises
        ------
        AnalysisError
            If a body with this record is no JSON.
        """
        try:
            json.loads(self.body([record]))
        except ValueError:  # its text quotes the record
            raise _refused(
                "template-json",
                "record_template",
                "templates that are no JSON when an item is filled in",
                "JSON with placeholders",
                "Check brackets, commas and quotes: the placeholders stand without quotes.",
            ) from None


def json_value(value: object) -> str:
    """Return a value as JSON in ASCII, which every text can be written in."""
    return json.dumps(value, allow_nan=False)


def _fill(words: Sequence[str], values: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    # A word that is no placeholder is text and stays.
    return lambda found: values[found[1]] if found[1] in words else found[0]


def _refused(id_: str, path: str, given: str, allowed: str, fix: str) -> AnalysisError:
    message = "Analysis configuration schema validation error."
    return problem(message, id_, path, given=given, allowed=allowed, fix=fix)
