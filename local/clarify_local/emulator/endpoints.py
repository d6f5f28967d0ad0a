"""SageMaker's models and endpoints: moto's are InService at once, serve nothing, and go when told.

Here an endpoint stays ``Creating`` for a while, refuses deletion then, and serves the artifact of
its model in a process of its own, or ends ``Failed`` with the reason.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.sagemaker.models import FakeEndpointConfig, SageMakerModelBackend
from moto.sagemaker.responses import SageMakerResponse

from clarify_local.emulator.errors import ServiceError
from clarify_local.emulator.identities import NotTrusted, assume_as_service, client
from clarify_local.emulator.job_data import split_uri
from clarify_local.emulator.model_packages import container_of
from clarify_local.emulator.patching import replace
from clarify_local.emulator.shapes import checked
from clarify_local.emulator.world import World
from clarify_local.serving import ModelServer, serve_model

_servers: dict[str, ModelServer] = {}
_lock = threading.Lock()


def server_of(endpoint_arn: str) -> ModelServer | None:
    """Return what serves an endpoint; None unless it is InService."""
    with _lock:
        return _servers.get(endpoint_arn)


def close_all(world: World) -> None:
    """End every model server."""
    with _lock:
        running = list(_servers.values())
        _servers.clear()
    for server in running:
        server.close()


def install(world: World) -> None:
    """Put our endpoint life-cycle in the place of moto's."""

    def create_model(self: Any) -> ActionResult:
        request = checked(self.body, "sagemaker", "CreateModel")
        name = request["ModelName"]
        if name in self.sagemaker_backend._models:
            raise _exists("model", self.sagemaker_backend._models[name].arn)
        if "PrimaryContainer" in request:
            _read_artifact(world, request, self.region, head=True)
        return moto_create_model(self)  # type: ignore[no-any-return]

    def create_endpoint_config(self: Any) -> ActionResult:
        request = checked(self.body, "sagemaker", "CreateEndpointConfig")
        known = self.sagemaker_backend.endpoint_configs
        if request["EndpointConfigName"] in known:
            arn = known[request["EndpointConfigName"]].endpoint_config_arn
            raise _exists("endpoint configuration", arn)
        return moto_create_endpoint_config(self)  # type: ignore[no-any-return]

    def create_endpoint(self: Any) -> ActionResult:
        request = checked(self.body, "sagemaker", "CreateEndpoint")
        backend = self.sagemaker_backend
        if request["EndpointName"] in backend.endpoints:
            raise _exists("endpoint", backend.endpoints[request["EndpointName"]].arn)
        result = moto_create_endpoint(self)
        endpoint = backend.endpoints[request["EndpointName"]]
        endpoint.endpoint_status = "Creating"
        threading.Thread(
            target=_bring_up, args=(world, backend, endpoint, self.region), daemon=True
        ).start()
        return result  # type: ignore[no-any-return]

    def delete_endpoint(self: Any, endpoint_name: str) -> None:
        endpoint = self.endpoints.get(endpoint_name)
        if endpoint is not None and endpoint.endpoint_status == "Creating":
            raise ServiceError(
                "ValidationException", f'Cannot update in-progress endpoint "{endpoint.arn}".'
            )
        moto_delete_endpoint(self, endpoint_name)
        with _lock:
            server = _servers.pop(endpoint.arn, None) if endpoint is not None else None
        if server is not None:
            server.close()

    def any_instance_type(self: Any, instance_type: str) -> None:
        """Moto's own list ends in 2020; the request was checked against the service's model."""

    moto_create_model = replace(SageMakerResponse, "create_model", create_model)
    moto_create_endpoint_config = replace(
        SageMakerResponse, "create_endpoint_config", create_endpoint_config
    )
    moto_create_endpoint = replace(SageMakerResponse, "create_endpoint", create_endpoint)
    moto_delete_endpoint = replace(SageMakerModelBackend, "delete_endpoint", delete_endpoint)
    replace(FakeEndpointConfig, "validate_instance_type", any_instance_type)


def _bring_up(world: World, backend: Any, endpoint: Any, region: str) -> None:
    """Load an endpoint's model while it is Creating; runs in a thread of its own."""
    ready = time.monotonic() + world.controls.creating_seconds
    reason = None
    try:
        server = _serve(world, backend, endpoint, region)
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        variant = endpoint.production_variants[0]["VariantName"]
        reason = (
            f"The primary container for production variant {variant} did not pass the ping health"
            f" check. ({type(error).__name__}: {error})"
        )
    time.sleep(max(0.0, ready - time.monotonic()))
    with _lock:
        if reason is None:
            _servers[endpoint.arn] = server
    endpoint.failure_reason = reason
    endpoint.last_modified_time = utcnow()
    endpoint.endpoint_status = "InService" if reason is None else "Failed"


def _serve(world: World, backend: Any, endpoint: Any, region: str) -> ModelServer:
    variants = backend.endpoint_configs[endpoint.endpoint_config_name].production_variants
    if len(variants) != 1:
        raise ValueError(f"not emulated: {len(variants)} production variants")
    model = backend._models[variants[0]["ModelName"]]
    if not model.primary_container:
        raise ValueError("not emulated: a model of several containers")
    described = {
        "ModelName": model.model_name,
        "ExecutionRoleArn": model.execution_role_arn,
        "PrimaryContainer": model.primary_container,
    }
    artifact = _read_artifact(world, described, region, head=False)
    container = container_of(world, region, model.primary_container)
    return serve_model(artifact, container.get("Environment") or {})


def _read_artifact(world: World, model: Mapping[str, Any], region: str, *, head: bool) -> bytes:
    """Read a model's artifact as its role; with ``head``, only find out whether it is there."""
    uri = container_of(world, region, model["PrimaryContainer"]).get("ModelDataUrl")
    role = model.get("ExecutionRoleArn")
    if uri is None or role is None:
        if head:
            return b""
        raise ValueError("not emulated: a model without ModelDataUrl and ExecutionRoleArn")
    bucket, key = split_uri(uri)
    name = model.get("ModelName")
    model_arn = f"arn:aws:sagemaker:{region}:{world.options.account}:model/{name}"
    try:
        keys = assume_as_service(world, role, "sagemaker.amazonaws.com", region, [model_arn])
        s3 = client(world, "s3", region, keys)
        if head:
            s3.head_object(Bucket=bucket, Key=key)
            return b""
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except (ClientError, NotTrusted) as error:
        raise ServiceError(
            "ValidationException",
            f"Could not access model data at {uri}. Please ensure that the role {role} exists and"
            " that its trust relationship policy allows the action sts:AssumeRole for the service"
            ' principal "sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject"'
            f" permissions and that the object is located in {region}.",
        ) from error


def _exists(kind: str, arn: str) -> ServiceError:
    return ServiceError("ValidationException", f'Cannot create already existing {kind} "{arn}".')
