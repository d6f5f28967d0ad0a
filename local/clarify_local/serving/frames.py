"""One message over a pipe: a line of JSON that says how long the body is, then the body."""

from __future__ import annotations

import json
from typing import IO, Any


def write_frame(pipe: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Write one message in one piece."""
    pipe.write(json.dumps({**head, "length": len(body)}).encode() + b"\n" + body)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message, or None where the other side closed its end."""
    line = pipe.readline()
    if not line.endswith(b"\n"):
        return None
    head: dict[str, Any] = json.loads(line)
    body = pipe.read(head["length"])
    return (head, body) if len(body) == head["length"] else None
