"""Lambda without Docker: the deployed zip, run by AWS's own runtime client (awslambdaric).

moto's own way without Docker echoes the event, for functions that do not exist too. Here the
handler runs in a process with the function's role, timeout and variables. Python only, whatever
minor version ``Runtime`` names; memory is not limited; every invocation is a cold start.
"""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from pathlib import Path
from typing import Any

from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.exceptions import JsonRESTError

from clarify_local.emulator import logs
from clarify_local.emulator.function_packages import link_packages
from clarify_local.emulator.identities import NotTrusted, assume_as_service
from clarify_local.emulator.patching import replace
from clarify_local.emulator.runtime_api import Invocation, RuntimeApi
from clarify_local.emulator.variables import without_detours
from clarify_local.emulator.world import World
from clarify_local.environment import bare_environment

_INIT_SECONDS = 60.0
"""How long importing the handler may take. AWS gives 10 s, on a machine that does nothing else."""
_PAYLOAD_MAX = 6 * 1024 * 1024


def install(world: World) -> None:
    """Put our invocation in the place of moto's."""
    packages = link_packages(world.folder / "runtime-packages")
    unpacking = threading.Lock()

    def invoke(
        self: Any,
        function_name: str,
        qualifier: str | None,
        body: Any,
        headers: Any,
        response_headers: dict[str, Any],
    ) -> bytes:
        function = self.get_function(function_name, qualifier)
        if not str(function.run_time).startswith("python"):
            raise _refused(
                "InvalidRuntimeException", f"not emulated: runtime {function.run_time}; Python only"
            )
        kind = headers.get("X-Amz-Invocation-Type") or "RequestResponse"
        if kind == "DryRun":
            return b""
        event = body.encode() if isinstance(body, str) else bytes(body or b"")
        if len(event) > _PAYLOAD_MAX:
            raise _refused(
                "RequestTooLargeException",
                f"Request must be smaller than {_PAYLOAD_MAX} bytes for InvokeFunction",
                413,
            )
        with unpacking:
            code = _unpack(world, function)
        if kind == "Event":
            arguments = (world, function, code, packages, event or b"{}")
            threading.Thread(target=_run, args=arguments, daemon=True).start()
            return b""
        payload, failed = _run(world, function, code, packages, event or b"{}")
        if failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return payload

    replace(LambdaSimpleBackend, "invoke", invoke)


def _run(
    world: World, function: Any, code: Path, packages: Path, event: bytes
) -> tuple[bytes, bool]:
    """Run the handler once; returns its answer and whether it is an error."""
    invocation = Invocation(
        str(uuid.uuid4()), event, function.function_arn, float(function.timeout)
    )
    try:
        credentials = assume_as_service(
            world, function.role, "lambda.amazonaws.com", function.region, [function.function_arn]
        )
    except NotTrusted as error:
        raise _refused(
            "AccessDeniedException", f"The role defined for the function cannot be assumed: {error}"
        ) from error
    with (
        RuntimeApi(invocation) as api,
        tempfile.TemporaryDirectory(prefix="function-", dir=world.folder) as scratch,
    ):
        environment = {
            **bare_environment(home=Path(scratch)),
            **without_detours(function.environment_vars),
            **credentials.environment(),
            "_HANDLER": function.handler,
            "AWS_ENDPOINT_URL": world.endpoint,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
            "AWS_LAMBDA_LOG_STREAM_NAME": invocation.request_id,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
            "AWS_DEFAULT_REGION": function.region,
            "AWS_REGION": function.region,
            "LAMBDA_TASK_ROOT": str(code),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": f"{code}:{packages}",
            "TZ": ":UTC",
        }
        # -S: without this environment's other packages, which a function in AWS would not find.
        process = world.children.start(
            [sys.executable, "-S", "-P", "-m", "awslambdaric", function.handler],
            folder=code,
            environment=environment,
        )
        printed: list[str] = []
        reader = threading.Thread(target=_read, args=(process.stdout, printed), daemon=True)
        reader.start()
        threading.Thread(target=_announce_end, args=(process, invocation), daemon=True).start()
        invocation.started.wait(_INIT_SECONDS)
        timed_out = not invocation.finished.wait(float(function.timeout))
        if not timed_out and invocation.result is None:
            process.wait()
        ended = process.poll()
        world.children.end(process)
        reader.join(timeout=5)
    payload, failed = _outcome(invocation, timed_out, ended)
    _log(world, function, invocation, printed, payload if failed else b"")
    return payload, failed


def _announce_end(process: subprocess.Popen[bytes], invocation: Invocation) -> None:
    process.wait()
    invocation.started.set()
    invocation.finished.set()


def _outcome(invocation: Invocation, timed_out: bool, ended: int | None) -> tuple[bytes, bool]:
    if timed_out:
        seconds = f"{invocation.timeout_seconds:.2f}"
        kind, what = "Sandbox.Timedout", f"Task timed out after {seconds} seconds"
    elif invocation.result is None:
        kind = "Runtime.ExitError"
        if ended is not None and ended < 0:
            what = f"Runtime exited with error: signal: {signal.Signals(-ended).name}"
        else:
            what = f"Runtime exited with error: exit status {ended}"
    else:
        return invocation.result, invocation.failed
    message = f"RequestId: {invocation.request_id} Error: {what}"
    return json.dumps({"errorType": kind, "errorMessage": message}).encode(), True


def _read(stream: Any, lines: list[str]) -> None:
    with stream:
        lines.extend(line.decode("utf-8", errors="replace").rstrip("\n") for line in stream)


def _log(
    world: World, function: Any, invocation: Invocation, printed: list[str], error: bytes
) -> None:
    stream = f"{time.strftime('%Y/%m/%d', time.gmtime())}/[$LATEST]{invocation.request_id}"
    lines = [
        f"START RequestId: {invocation.request_id} Version: $LATEST",
        *printed,
        *([error.decode("utf-8", errors="replace")] if error else ()),
        f"END RequestId: {invocation.request_id}",
    ]
    logs.Log(world, function.role, function.region, function.logs_group_name, stream).write(lines)


def _unpack(world: World, function: Any) -> Path:
    """Unpack a function's zip, once for each content."""
    folder: Path = world.folder / "functions" / function.code_digest.replace("/", "_")
    if not folder.exists():
        with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as archive:
            archive.extractall(folder)
    return folder


def _refused(code: str, message: str, status: int = 400) -> JsonRESTError:
    error = JsonRESTError(code, message)
    error.code = status
    return error
