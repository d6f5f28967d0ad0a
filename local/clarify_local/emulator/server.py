"""The HTTP server: control calls, moto's services, and tracebacks for what fails inside."""

from __future__ import annotations

import hmac
import json
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server

from clarify_local.emulator import (
    authorization,
    bucket_events,
    cfn_alarms,
    cfn_buckets,
    cfn_changes,
    cfn_functions,
    cfn_network,
    cfn_protection,
    cfn_roles,
    cfn_stacks,
    cfn_state_machines,
    endpoints,
    event_buses,
    functions,
    invocations,
    job_api,
    model_packages,
    parsing,
    sfn_clients,
    sfn_definitions,
    sfn_executions,
    sfn_nested,
    sfn_processing_job,
    sfn_sdk_calls,
    sfn_waiting,
)
from clarify_local.emulator.options import Options
from clarify_local.emulator.world import World

CONTROL_PATH = "/clarify-emulator/"
TOKEN_HEADER = "X-Clarify-Emulator"  # noqa: S105 - the header's name, not its value
_MOTO_OWN_PATHS = ("/moto-api", "/latest/")

StartResponse = Callable[..., Any]


class _Handler(MotoRequestHandler):
    disable_nagle_algorithm = True  # answers are written in two pieces: 40 ms each otherwise

    def log_request(self, *_: Any) -> None:
        """Say nothing: what failed is printed with its traceback."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Close the connection: werkzeug keeps it open, and the client would wait."""
        self.close_connection = True


class Application:
    """What the server answers with."""

    def __init__(self) -> None:
        self.world: World | None = None
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(CONTROL_PATH):
            return self._control(path.removeprefix(CONTROL_PATH), environ, start_response)
        if path.startswith(_MOTO_OWN_PATHS):  # moto's reset button and metadata service
            return _answer(start_response, "404 Not Found", {"message": "not served here"})
        try:
            answer: Iterable[bytes] = self._moto(environ, start_response)
        except ConnectionError:  # no way there: the server closes the connection without a word
            raise
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            sys.stderr.flush()
            failure = {
                "__type": "InternalFailure",
                "message": f"the emulator failed: {type(error).__name__}: {error}",
            }
            return _answer(start_response, "500 Internal Server Error", failure)
        return answer

    def _control(
        self, command: str, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        assert self.world is not None  # noqa: S101 - set before the server answers anything
        given = environ.get("HTTP_" + TOKEN_HEADER.upper().replace("-", "_"), "")
        if not hmac.compare_digest(given, self.world.options.control_token):
            return _answer(start_response, "403 Forbidden", {"message": "no control token"})
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        try:
            argument, result = json.loads(body or b"null"), None
            if command == "give-network":
                self.world.give_network(argument)
            else:
                result = self.world.controls.apply(command, argument)
        except (ValueError, KeyError, TypeError) as error:
            return _answer(start_response, "400 Bad Request", {"message": str(error)})
        return _answer(start_response, "200 OK", {"result": result})


def create(options: Options, folder: Path) -> tuple[BaseWSGIServer, World]:
    """Bind a free loopback port and put our glue into moto.

    moto's state is global to a process, so a process holds one emulator.
    """
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    default_user_config["lambda"]["use_docker"] = False
    default_user_config["iam"]["load_aws_managed_policies"] = True
    application = Application()
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Handler)
    world = World(options, folder, f"http://localhost:{server.port}")
    application.world = world
    for part in (
        authorization,
        parsing,
        cfn_stacks,
        cfn_changes,
        cfn_protection,
        cfn_alarms,
        cfn_buckets,
        bucket_events,
        cfn_functions,
        cfn_network,
        cfn_roles,
        cfn_state_machines,
        job_api,
        model_packages,
        endpoints,
        event_buses,
        invocations,
        functions,
        sfn_clients,
        sfn_executions,
        sfn_nested,
        sfn_processing_job,
        sfn_definitions,
        sfn_sdk_calls,
        sfn_waiting,
    ):
        part.install(world)
    return server, world


def _answer(start_response: StartResponse, status: str, content: Any) -> list[bytes]:
    body = json.dumps(content).encode()
    start_response(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]
