"""The shadow endpoint: a model by name is hosted for the time of one analysis, and no longer."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from clarify_contract.config.predictor import Predictor
from clarify_contract.container import DEFAULT_ENDPOINT_PREFIX, ENDPOINT_NAME_MAX
from clarify_engine.aws import Patience, code, plain_errors
from clarify_engine.errors import AnalysisError
from clarify_engine.interruption import Interrupted, held

log = logging.getLogger(__name__)

_T = TypeVar("_T")
_VARIANT = "AllTraffic"
_DELETION_LOOK = 5.0  # seconds
_ON_THE_WAY = {"Creating", "Updating", "SystemUpdating", "RollingBack"}


def endpoint_names(prefix: str, model_name: str, epoch: int, token: str) -> tuple[str, str]:
    """Return the names of endpoint config and endpoint, at most 63 characters each.

    `<prefix>-config-<epoch>-<4 hex>` and `<prefix>-<model name>-<epoch>-<4 hex>`, as the managed
    service names them. The model's name is cut where it does not fit; the tail makes it unique.
    """
    tail = f"-{epoch}-{token}"
    room = ENDPOINT_NAME_MAX - len(tail)
    config = f"{prefix}-config"[:room].rstrip("-")
    endpoint = f"{prefix}-{model_name}"[:room].rstrip("-")
    return config + tail, endpoint + tail


class ShadowEndpoint:
    """One model on an endpoint of its own, which `delete` takes away in whatever state it is.

    Parameters
    ----------
    sagemaker
        boto3 client `sagemaker`.
    predictor
        The config's predictor, with a `model_name`.
    tags
        The job's tags, as `{"Key": …, "Value": …}`; put on endpoint config and endpoint.
    patience
        How to wait for the endpoint to be ready, and for one that cannot be deleted yet.
    """

    def __init__(
        self,
        sagemaker: Any,
        predictor: Predictor,
        tags: Sequence[Mapping[str, str]] = (),
        *,
        patience: Patience | None = None,
    ) -> None:
        self._client = sagemaker
        self._predictor = predictor
        self._tags = [dict(tag) for tag in tags]
        self._patience = patience or Patience()
        self.config_name, self.name = endpoint_names(
            predictor.endpoint_name_prefix or DEFAULT_ENDPOINT_PREFIX,
            str(predictor.model_name),
            int(time.time()),
            secrets.token_hex(2),
        )
        # What may exist by now: set before each creation, cleared after each deletion.
        self._to_delete: dict[str, Callable[[], None]] = {}

    def create(self) -> None:
        """Ask for endpoint config and endpoint; return while the endpoint is still `Creating`."""
        model = self._predictor.model_name
        with plain_errors(f"Could not find the model {model}"):
            self._client.describe_model(ModelName=model)
        variant: dict[str, Any] = {
            "VariantName": _VARIANT,
            "ModelName": model,
            "InitialInstanceCount": self._predictor.initial_instance_count,
            "InstanceType": self._predictor.instance_type,
            "InitialVariantWeight": 1.0,
        }
        if self._predictor.accelerator_type is not None:
            variant["AcceleratorType"] = self._predictor.accelerator_type
        tags = {"Tags": self._tags} if self._tags else {}
        with held(), plain_errors(f"Could not create the endpoint config {self.config_name}"):
            self._to_delete["config"] = self._delete_config
            self._client.create_endpoint_config(
                EndpointConfigName=self.config_name, ProductionVariants=[variant], **tags
            )
        with held(), plain_errors(f"Could not create the endpoint {self.name}"):
            self._to_delete["endpoint"] = self._delete_endpoint
            self._client.create_endpoint(
                EndpointName=self.name, EndpointConfigName=self.config_name, **tags
            )
        log.info("Creating the endpoint %s.", self.name)

    def wait(self) -> None:
        """Return once the endpoint is in service.

        Raises
        ------
        AnalysisError
            If it fails, with SageMaker's reason, or takes longer than there is patience.
        """
        for _ in self._patience.rounds():
            status, reason = describe_endpoint(self._client, self.name)
            if status == "InService":
                log.info("The endpoint %s is in service.", self.name)
                return
            if status not in _ON_THE_WAY:
                raise AnalysisError(
                    f"Error hosting endpoint {self.name}: {status}. Reason: {reason}"
                )
        raise AnalysisError(
            f"Error hosting endpoint {self.name}: still not in service after "
            f"{self._patience.limit:.0f} seconds."
        )

    def delete(self) -> None:
        """Delete endpoint and endpoint config, whichever exist; do nothing if that was done.

        Raises
        ------
        AnalysisError
            If one of them could not be deleted. The other one was deleted all the same.
        """
        failure: AnalysisError | None = None
        for what in ("endpoint", "config"):
            if what not in self._to_delete:
                continue
            try:
                self._to_delete[what]()
            except AnalysisError as error:
                log.error("%s", error)
                failure = failure or error
            # Tried is done: a second round would wait for the same refusal once more.
            del self._to_delete[what]
        if failure is not None:
            raise failure

    def _delete_endpoint(self) -> None:
        """Delete the endpoint; SageMaker refuses that while it is `Creating`, so wait for it."""
        refusal: AnalysisError | None = None
        settled = False
        # A job that is stopped has two minutes: look often enough not to miss the moment.
        patience = replace(self._patience, longest=min(self._patience.longest, _DELETION_LOOK))
        for _ in patience.rounds():
            try:
                with plain_errors(f"Could not delete the endpoint {self.name}, which costs money"):
                    self._client.delete_endpoint(EndpointName=self.name)
            except AnalysisError as error:
                refusal = error
            else:
                log.info("Deleted the endpoint %s.", self.name)
                return
            status = self._status_or_none()
            if status is None or status == "Deleting":
                return
            if settled:
                break
            # Refused although it is in no transition: perhaps it was in one a moment ago.
            settled = status not in _ON_THE_WAY
        if refusal is not None:
            raise refusal

    def _status_or_none(self) -> str | None:
        """Return the endpoint's status, or `None` if it does not exist."""
        try:
            return str(self._client.describe_endpoint(EndpointName=self.name)["EndpointStatus"])
        except ClientError as error:
            return None if is_missing(error) else "unknown"

    def _delete_config(self) -> None:
        with plain_errors(f"Could not delete the endpoint config {self.config_name}"):
            try:
                self._client.delete_endpoint_config(EndpointConfigName=self.config_name)
            except ClientError as error:
                if not is_missing(error):
                    raise
        log.info("Deleted the endpoint config %s.", self.config_name)


def hosting(endpoint: ShadowEndpoint, use: Callable[[], _T]) -> _T:
    """Return what `use` returns, and delete the endpoint in every way out.

    No context manager: a signal between its body and its exit would leave the endpoint behind. The
    one `Interrupted` of a process may come inside `use` or inside a deletion; either way a second,
    undisturbed deletion follows.
    """
    try:
        try:
            result = use()
        except BaseException:
            # What went wrong first is what to tell; `delete` has logged its own trouble.
            with suppress(AnalysisError):
                endpoint.delete()
            raise
        endpoint.delete()
    except Interrupted:
        with suppress(AnalysisError):
            endpoint.delete()
        raise
    return result


def is_missing(error: ClientError) -> bool:
    """Whether AWS says that there is no such thing (SageMaker has no error code of its own)."""
    text = str(error.response.get("Error", {}).get("Message", "")).lower()
    return code(error) == "ResourceNotFound" or (
        code(error) == "ValidationException" and "could not find" in text
    )


def describe_endpoint(sagemaker: Any, name: str) -> tuple[str, str]:
    """Return status and, if it failed, the reason of an endpoint."""
    with plain_errors(f"Could not find the endpoint {name}"):
        answer = sagemaker.describe_endpoint(EndpointName=name)
    return str(answer["EndpointStatus"]), str(answer.get("FailureReason", "not given"))


def check_in_service(sagemaker: Any, name: str) -> None:
    """Refuse an existing endpoint that does not serve.

    Raises
    ------
    AnalysisError
        If it is missing or has another status than `InService`.
    """
    status, reason = describe_endpoint(sagemaker, name)
    if status != "InService":
        raise AnalysisError(
            f"The endpoint {name} must be InService, but is {status}. Reason: {reason}"
        )
