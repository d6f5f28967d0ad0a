"""A model behind a URL on loopback, as tests want it to behave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Said:
    """An answer of the model: its status, headers and body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/csv"})


@dataclass
class Heard:
    """Requests that came in: path, headers and body of each."""

    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    close: Callable[[], None] = lambda: None


@contextmanager
def model_at_url(
    answer: Callable[[int, bytes], Said | None], *, most: int | None = None
) -> Iterator[Heard]:
    """Serve `answer(number of the request, body)`; None hangs up without a word.

    A body of more than `most` bytes is refused unread, as by a server that looks at its length.
    """
    heard, lock = Heard(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"] or 0)
            if most is not None and length > most:
                self.send_error(413)
                return
            body = self.rfile.read(length)
            with lock:
                heard.requests.append((self.path, dict(self.headers), body))
                number = len(heard.requests)
            said = answer(number, body)
            if said is None:
                self.close_connection = True
                return
            with suppress(ConnectionError):
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said.body)))
                self.end_headers()
                self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            """Keep the tests' output to the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()

    def close() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    heard.url, heard.close = f"http://127.0.0.1:{server.server_port}/invocations", close
    try:
        yield heard
    finally:
        close()
