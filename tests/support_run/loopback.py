"""SageMaker and its endpoints over HTTP on loopback, for an engine in a process of its own."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.exceptions import ClientError

from support_run.fakes import FakeRuntime, FakeSageMaker

_INVOKE = re.compile(r"/endpoints/([^/]+)/invocations")


class _Server(ThreadingHTTPServer):
    """Ends every call that has begun before it is closed: an engine may hang up in the middle."""

    daemon_threads = False


@contextmanager
def serving(sagemaker: FakeSageMaker, runtime: FakeRuntime) -> Iterator[str]:
    """Serve the stand-ins and give the URL for `AWS_ENDPOINT_URL`.

    After the block every call that arrived has been carried out, heard or not.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            invoked = _INVOKE.fullmatch(self.path)
            if invoked:
                self._answer(lambda: self._invoke(invoked[1], body))
            else:
                operation = self.headers["X-Amz-Target"].partition(".")[2]
                self._answer(lambda: self._call(operation, json.loads(body)))

        def _call(self, operation: str, request: dict[str, Any]) -> tuple[bytes, str]:
            name = re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
            return json.dumps(getattr(sagemaker, name)(**request)).encode(), _JSON

        def _invoke(self, name: str, body: bytes) -> tuple[bytes, str]:
            answer = runtime.invoke_endpoint(EndpointName=name, Body=body)
            return answer["Body"].read(), answer["ContentType"] or "text/csv"

        def _answer(self, work: Callable[[], tuple[bytes, str]]) -> None:
            status = 200
            try:
                body, content_type = work()
            except ClientError as error:
                told = error.response["Error"]
                status = 424 if told["Code"] == "ModelError" else 400
                body = json.dumps({"__type": told["Code"], "message": told["Message"]}).encode()
                content_type = _JSON
            with suppress(ConnectionError):  # nobody may be listening any more
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the tests' output to the tests."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


_JSON = "application/x-amz-json-1.1"
