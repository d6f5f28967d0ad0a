"""State machines as graphs: where a state leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def transitions(state: dict[str, Any]) -> Iterator[str]:
    """Yield the state behind each way out of a state."""
    for key in ("Next", "Default"):
        if key in state:
            yield state[key]
    for entry in [*state.get("Catch", ()), *state.get("Choices", ())]:
        yield entry["Next"]
