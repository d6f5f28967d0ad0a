"""SageMaker's runtime: moto answers ``body`` for any endpoint; here the model's process answers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.sagemaker.models import sagemaker_backends
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse

from clarify_local.emulator.endpoints import server_of
from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World
from clarify_local.serving import ModelError, ModelUnavailable

Answer = tuple[int, dict[str, Any], Any]


def install(world: World) -> None:
    """Put our InvokeEndpoint in the place of moto's."""

    def invoke_endpoint(self: Any) -> Answer:
        name = unquote(self.path.split("/")[2])
        account = self.current_account
        endpoint = sagemaker_backends[account][self.region].endpoints.get(name)
        server = server_of(endpoint.arn) if endpoint is not None else None
        if endpoint is None or server is None:
            return _error(
                400, "ValidationError", f"Endpoint {name} of account {account} not found."
            )
        body = bytes(self.raw_body or b"")
        limit = world.options.max_invocation_bytes
        if len(body) > limit:
            return _error(413, None, f"HTTP content length exceeded {limit} bytes.")
        accept = self.headers.get("Accept") or "*/*"
        try:
            answer, content_type = server.predict(
                body, self.headers.get("Content-Type") or "application/octet-stream", accept
            )
        except (ModelError, ModelUnavailable) as error:
            return _model_error(name, account, self.region, str(error))
        variant = endpoint.production_variants[0]["VariantName"]
        return (
            200,
            {"Content-Type": content_type, "x-Amzn-Invoked-Production-Variant": variant},
            answer,
        )

    replace(SageMakerRuntimeResponse, "invoke_endpoint", invoke_endpoint)


def _model_error(name: str, account: str, region: str, original: str) -> Answer:
    logs = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    message = (
        f'Received server error (500) from primary with message "{original}". See {logs}'
        f"#logEventViewer:group=/aws/sagemaker/Endpoints/{name} in account {account} for more"
        " information."
    )
    return _error(
        424,
        "ModelError",
        message,
        {"OriginalStatusCode": 500, "OriginalMessage": original},
    )


def _error(
    status: int, code: str | None, message: str, extra: dict[str, Any] | None = None
) -> Answer:
    # moto reads the status from the headers and takes 200 where there is none.
    headers: dict[str, Any] = {"status": status, "Content-Type": "application/json"}
    if code is not None:
        headers["x-amzn-ErrorType"] = code
    return status, headers, json.dumps({"Message": message, **(extra or {})})
