"""Asking a model: rows go to a SageMaker endpoint in batches, predicted labels come back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa
from botocore.exceptions import ClientError

from clarify_contract.config.predictor import Predictor as PredictorConfig
from clarify_contract.container import INVOKE_BODY_MAX_BYTES
from clarify_engine.aws import NO_CONNECTION, Patience, code, plain_errors
from clarify_engine.errors import AnalysisError
from clarify_engine.predict.labels import LabelRule
from clarify_engine.predict.problems import problem
from clarify_engine.predict.request import RequestFormat
from clarify_engine.predict.response import Answer, ResponseFormat

log = logging.getLogger(__name__)

# A model has 60 seconds for a request: few need them for this many records.
RECORDS_PER_REQUEST = 10_000
_PATIENCE = Patience(first=0.5, longest=20.0, limit=120.0)
_BUSY = {
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "ModelNotReadyException",
    "ServiceUnavailable",
    "InternalFailure",
    "InternalDependencyException",
    "429",
    "500",
    "503",
}
_MODEL_ERROR = {"ModelError", "424"}
_MODEL_BUSY = {429, 503}


@dataclass(frozen=True, slots=True)
class PredictedBatch:
    """Predictions for the rows of one batch.

    Attributes
    ----------
    labels
        One predicted label each, as the model gave it, or 0 or 1 by the threshold.
    is_text
        Whether a number may stand there as text, as in a CSV response.
    """

    labels: list[Any]
    is_text: bool


class Predictor(Protocol):
    """Anything that predicts labels for rows of features."""

    def predict(self, features: pa.RecordBatch) -> PredictedBatch:
        """Return one prediction for each row of a batch, in its order."""
        ...


class _TooLarge(Exception):  # noqa: N818 - a signal between two methods, nothing that went wrong
    """The endpoint refused a body for its size."""


class _ModelError(Exception):
    """The model itself failed; `status` is what it answered with."""

    def __init__(self, status: object) -> None:
        self.status = status if isinstance(status, int) else 0
        super().__init__()


@dataclass(slots=True)
class EndpointModel:
    """The model behind a SageMaker endpoint.

    Parameters
    ----------
    runtime
        boto3 client `sagemaker-runtime`.
    endpoint_name
        An endpoint that is `InService`.
    request, response, rule
        How records are sent, where the answer stands, and how it becomes a label.
    target_model, custom_attributes
        Passed on with each call.
    patience
        How long to try again while the endpoint is busy.
    """

    runtime: Any
    endpoint_name: str
    request: RequestFormat
    response: ResponseFormat
    rule: LabelRule
    target_model: str | None = None
    custom_attributes: str | None = None
    patience: Patience = _PATIENCE
    _batch_size: int = field(default=RECORDS_PER_REQUEST, init=False)

    @classmethod
    def from_config(
        cls,
        runtime: Any,
        endpoint_name: str,
        predictor: PredictorConfig,
        *,
        dataset_type: str,
        features: Sequence[str],
        rule: LabelRule,
    ) -> EndpointModel:
        """Take everything but the endpoint from a config."""
        request = RequestFormat.from_config(predictor, dataset_type, features)
        return cls(
            runtime,
            endpoint_name,
            request,
            ResponseFormat.from_config(predictor, request.content_type),
            rule,
            target_model=predictor.target_model,
            custom_attributes=predictor.custom_attributes,
        )

    def predict(self, features: pa.RecordBatch) -> PredictedBatch:
        """Return one prediction for each row.

        Raises
        ------
        AnalysisError
            If the endpoint refuses, stays busy, fails on a single record, or answers with
            something else than one prediction a record.
        """
        records = self.request.records(features)
        labels: list[Any] = []
        while len(labels) < len(records):
            size = 1 if self.request.takes_one_record else self._fitting(records, len(labels))
            batch = records[len(labels) : len(labels) + size]
            try:
                labels += self._ask(batch)
            except _TooLarge:
                self._shrink(len(batch))
        return PredictedBatch(labels, is_text=self.response.gives_text_labels)

    @property
    def rule_decides(self) -> bool:
        """Whether labels are 0 and 1 by the threshold, and not the model's or the config's own."""
        return self.response.label is None and len(self.rule.label_headers or ()) <= 1

    def _fitting(self, records: Sequence[str], start: int) -> int:
        """Return how many records from `start` on fit into one body."""
        room = INVOKE_BODY_MAX_BYTES - self.request.overhead()
        count = 0
        for record in records[start : start + self._batch_size]:
            room -= len(record.encode()) + 1
            if room < 0:
                break
            count += 1
        if count == 0:
            raise _too_large(f"a record of more than {INVOKE_BODY_MAX_BYTES} bytes")
        if count < min(self._batch_size, len(records) - start):
            self._reduce_to(count)
        return count

    def _shrink(self, size: int) -> None:
        if size == 1:
            raise _too_large("a single record that the endpoint refuses for its size")
        self._reduce_to(max(1, size // 2))

    def _reduce_to(self, size: int) -> None:
        self._batch_size = size
        log.warning("Prediction batch size is reduced to %d to fit max payload size limit.", size)

    def _ask(self, records: Sequence[str]) -> list[Any]:
        """Predict some records in one call, or one by one if the model fails on them together."""
        try:
            return self.rule.labels(self._invoke(records))
        except _ModelError as error:
            if len(records) == 1:
                raise problem(
                    "The model failed on a single record.",
                    "model-error",
                    "content_type",
                    given=f"status {error.status} of the model",
                    allowed="a prediction for a record of the dataset",
                    fix=f"Read the log of the endpoint {self.endpoint_name}, and check the form "
                    "of requests: content_type, the templates and excluded_columns.",
                ) from None
        log.warning("Fallback to per-record prediction because of model error.")
        return [label for record in records for label in self._ask([record])]

    def _invoke(self, records: Sequence[str]) -> Answer:
        arguments: dict[str, Any] = {
            "EndpointName": self.endpoint_name,
            "Body": self.request.body(records),
            "ContentType": self.request.content_type,
            "Accept": self.response.accept,
        }
        if self.target_model is not None:
            arguments["TargetModel"] = self.target_model
        if self.custom_attributes is not None:
            arguments["CustomAttributes"] = self.custom_attributes
        trouble: _ModelError | str = "stayed busy"
        for _ in self.patience.rounds():
            # A model's words may repeat the record they are about: never quoted.
            with plain_errors(f"Could not ask the endpoint {self.endpoint_name}", quote=False):
                try:
                    answer = self.runtime.invoke_endpoint(**arguments)
                    body = answer["Body"].read()
                except NO_CONNECTION:
                    trouble = "could not connect to SageMaker"
                    continue
                except ClientError as error:
                    if _is_too_large(error):
                        raise _TooLarge from None
                    failure = _model_error(error)
                    if failure is not None and failure.status not in _MODEL_BUSY:
                        raise failure from None
                    if failure is None and code(error) not in _BUSY:
                        raise
                    trouble = failure or "stayed busy"
                    continue
            return self.response.read(body, answer.get("ContentType"), len(records))
        if isinstance(trouble, _ModelError):
            raise trouble
        raise AnalysisError(
            f"Could not ask the endpoint {self.endpoint_name}: {trouble} for "
            f"{self.patience.limit:.0f} seconds."
        )


def _is_too_large(error: ClientError) -> bool:
    statuses = (
        error.response.get("ResponseMetadata", {}).get("HTTPStatusCode"),
        error.response.get("OriginalStatusCode"),
    )
    message = str(error.response.get("Error", {}).get("Message", "")).lower()
    return code(error) == "413" or 413 in statuses or "oversize body" in message


def _model_error(error: ClientError) -> _ModelError | None:
    if code(error) not in _MODEL_ERROR:
        return None
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return _ModelError(error.response.get("OriginalStatusCode") or status)


def _too_large(given: str) -> AnalysisError:
    return problem(
        "Unable to send a record to the model.",
        "record-too-large",
        "content_type",
        given=given,
        allowed="records that fit into one request",
        fix="Leave large columns out by excluded_columns.",
    )
