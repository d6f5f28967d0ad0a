"""The Lambda Runtime API for one invocation: the address that AWS's own runtime client asks.

``GET …/invocation/next`` hands out the event, ``POST …/response`` and ``…/error`` bring the result,
``POST …/init/error`` says that the handler could not be imported.
"""

from __future__ import annotations

import http.server
import threading
import time
from dataclasses import dataclass, field
from typing import Any

_MOST_SECONDS_AT_NEXT = 3600.0


@dataclass
class Invocation:
    """One event and what came back for it."""

    request_id: str
    event: bytes
    function_arn: str
    timeout_seconds: float
    started: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)
    result: bytes | None = None
    failed: bool = False


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Serves one invocation on a free loopback port."""

    daemon_threads = True

    def __init__(self, invocation: Invocation) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.invocation = invocation

    def __enter__(self) -> RuntimeApi:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.invocation.finished.set()
        self.shutdown()
        self.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: RuntimeApi

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Hand out the event once; whoever asks again waits until the process is ended."""
        invocation = self.server.invocation
        if invocation.started.is_set():
            invocation.finished.wait(_MOST_SECONDS_AT_NEXT)
            self.close_connection = True
            return
        invocation.started.set()
        deadline = int((time.time() + invocation.timeout_seconds) * 1000)
        self._answer(
            200,
            invocation.event,
            {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            },
        )

    def do_POST(self) -> None:
        """Take the result."""
        invocation = self.server.invocation
        invocation.result = self.rfile.read(int(self.headers["Content-Length"]))
        invocation.failed = not self.path.endswith("/response")
        self._answer(202, b'{"status":"OK"}', {"Content-Type": "application/json"})
        invocation.started.set()
        invocation.finished.set()

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
