"""A boto3 session whose clients are stand-ins, and which remembers what it was asked for."""

from __future__ import annotations

from typing import Any


class FakeSession:
    """Gives the clients it was made with, by service name; any other one is an error."""

    def __init__(self, **clients: Any) -> None:
        self._clients = {name.replace("_", "-"): client for name, client in clients.items()}
        self.asked: list[str] = []

    def client(self, name: str, **_: Any) -> Any:
        self.asked.append(name)
        return self._clients[name]
