"""How an analysis tells a person where it is."""

from __future__ import annotations

from typing import Literal, Protocol

Phase = Literal["validate", "endpoint", "load", "predict", "compute", "delete", "write"]


class Progress(Protocol):
    """Called from time to time, in the order of the phases; may draw, must not fail.

    Parameters
    ----------
    phase
        `validate`, `endpoint` (create the shadow endpoint or look at the given one), `load`,
        `predict`, `compute`, `delete` (the shadow endpoint), `write`. Phases that an analysis does
        not need are left out.
    done
        Rows of the dataset that this phase has seen; 0 when it begins.
    total
        Rows that it will see, or `None` where nobody knows yet.
    """

    def __call__(self, phase: Phase, done: int, total: int | None) -> None:
        """Take notice."""
        ...


def silent(phase: Phase, done: int, total: int | None) -> None:
    """Show nothing."""
