"""One request to a model and its answer, as bytes: whom to ask, and what may go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

from botocore.exceptions import ClientError

from clarify_engine.aws import NO_CONNECTION, Patience, code, plain_errors
from clarify_engine.errors import AnalysisError

BUSY_PATIENCE: Final = Patience(first=0.5, longest=20.0, limit=120.0)
"""How long a busy model is asked again."""
MODEL_BUSY: Final = frozenset({429, 503})
"""Statuses by which a model says that it is busy, and not that it failed."""

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


class TooLarge(Exception):  # noqa: N818 - a signal to send less, nothing that went wrong
    """The body was refused for its size."""


class ModelFailure(Exception):  # noqa: N818 - it reads as what happened
    """The model itself failed on a request; fewer records, or others, may do.

    Parameters
    ----------
    status
        HTTP status that the model answered with; anything else counts as 0.
    place
        Type and place of the error in the model's code, where they are known. Never its text.
    """

    def __init__(self, status: object = 0, place: str = "") -> None:
        self.status = status if isinstance(status, int) else 0
        self.given = place or f"status {self.status} of the model"
        super().__init__()


@runtime_checkable
class Transport(Protocol):
    """Carries request bodies to a model; several threads may use one at a time."""

    @property
    def reference(self) -> str:
        """Which model this is, in a few words."""
        ...

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str | None]:
        """Return the model's answer to one request, and its content type if it told one.

        A model that is busy is asked again for a while.

        Raises
        ------
        TooLarge
            If the body was refused for its size.
        ModelFailure
            If the model itself failed on this request.
        AnalysisError
            If asking again is of no use.
        """
        ...


@dataclass(frozen=True, slots=True)
class EndpointTransport:
    """Requests to a SageMaker endpoint.

    Parameters
    ----------
    runtime
        boto3 client `sagemaker-runtime`.
    endpoint_name
        An endpoint that is `InService`.
    target_model, custom_attributes
        Passed on with each call.
    patience
        How long to try again while the endpoint is busy.
    """

    runtime: Any
    endpoint_name: str
    target_model: str | None = None
    custom_attributes: str | None = None
    patience: Patience = BUSY_PATIENCE

    @property
    def reference(self) -> str:
        """Return `endpoint NAME`."""
        return f"endpoint {self.endpoint_name}"

    def invoke(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str | None]:
        """Call `InvokeEndpoint`; see `Transport.invoke`."""
        arguments: dict[str, Any] = {
            "EndpointName": self.endpoint_name,
            "Body": body,
            "ContentType": content_type,
            "Accept": accept,
        }
        if self.target_model is not None:
            arguments["TargetModel"] = self.target_model
        if self.custom_attributes is not None:
            arguments["CustomAttributes"] = self.custom_attributes
        trouble: ModelFailure | str = "stayed busy"
        for _ in self.patience.rounds():
            # A model's words may repeat the record they are about: never quoted.
            with plain_errors(f"Could not ask the endpoint {self.endpoint_name}", quote=False):
                try:
                    answer = self.runtime.invoke_endpoint(**arguments)
                    return answer["Body"].read(), answer.get("ContentType")
                except NO_CONNECTION:
                    trouble = "could not connect to SageMaker"
                except ClientError as error:
                    if _is_too_large(error):
                        raise TooLarge from None
                    failure = _model_failure(error)
                    if failure is not None and failure.status not in MODEL_BUSY:
                        raise failure from None
                    if failure is None and code(error) not in _BUSY:
                        raise
                    trouble = failure or "stayed busy"
        if isinstance(trouble, ModelFailure):
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


def _model_failure(error: ClientError) -> ModelFailure | None:
    if code(error) not in _MODEL_ERROR:
        return None
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return ModelFailure(error.response.get("OriginalStatusCode") or status)
