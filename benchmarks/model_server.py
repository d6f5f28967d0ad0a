"""A plain HTTP endpoint of a model on loopback: CSV in, one score a line out.

python benchmarks/model_server.py MODEL.joblib: prints its URL, and serves until its standard input
ends.
"""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import joblib
import pyarrow.csv as pcsv
from explained import probability

from clarify_engine.matrix import to_matrix


@contextmanager
def served(model: Path) -> Iterator[str]:
    """Serve a model in a process of its own; give the URL."""
    command = [sys.executable, __file__, str(model)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        assert process.stdin is not None
        process.stdin.close()


def handler(model: Any) -> type[BaseHTTPRequestHandler]:
    score = probability(model)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 24  # header and body leave in one write, at the end of the request

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            options = pcsv.ReadOptions(autogenerate_column_names=True, use_threads=False)
            cells = pcsv.read_csv(io.BytesIO(body + b"\n"), read_options=options).combine_chunks()
            scores = score(to_matrix(cells.to_batches()[0]))
            answer = "\n".join(map(repr, scores.tolist())).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/csv")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def main(model: str) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(joblib.load(model)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/invocations", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
