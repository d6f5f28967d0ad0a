"""How an analysis tells a person where it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, Protocol

Phase = Literal[
    "validate",
    "endpoint",
    "load",
    "predict",
    "compute",
    "baseline",
    "shap",
    "pdp",
    "forecast",
    "delete",
    "report",
    "write",
]


class Progress(Protocol):
    """Called from time to time, in the order of the phases; may draw, must not fail.

    Parameters
    ----------
    phase
        `validate`, `endpoint` (create the shadow endpoint or look at the given one), `load`,
        `baseline` (of SHAP), `predict` and `compute` (bias), `shap`, `pdp`, `forecast` (asymmetric
        Shapley values), `delete` (the shadow endpoint), `report`, `write`. Phases that an analysis
        does not need are left out.
    done
        Rows of the dataset, or items of a forecast, that this phase has seen; 0 when it begins.
    total
        How many it will see, or `None` where nobody knows yet.
    predictions
        Records that the model has been asked about in this phase.
    """

    def __call__(self, phase: Phase, done: int, total: int | None, predictions: int = 0) -> None:
        """Take notice."""
        ...


def silent(phase: Phase, done: int, total: int | None, predictions: int = 0) -> None:
    """Show nothing."""


class Stopwatch:
    """Passes progress on, and measures how long each phase took.

    Parameters
    ----------
    progress
        Whom to tell.
    clock
        Seconds that never go backwards.

    Attributes
    ----------
    seconds
        By phase, in their order; a phase that came twice has both times together.
    """

    def __init__(self, progress: Progress, clock: Callable[[], float] = time.monotonic) -> None:
        self._progress = progress
        self._clock = clock
        self._phase: Phase | None = None
        self._since = 0.0
        self.seconds: dict[str, float] = {}

    def __call__(self, phase: Phase, done: int, total: int | None, predictions: int = 0) -> None:
        """Take notice, and tell."""
        if phase != self._phase:
            self.stop()
            self._phase = phase
        self._progress(phase, done, total, predictions)

    def stop(self) -> None:
        """End the running phase."""
        now = self._clock()
        if self._phase is not None:
            self.seconds[self._phase] = self.seconds.get(self._phase, 0.0) + now - self._since
        self._phase, self._since = None, now


class PlainProgress:
    """Writes a line when a phase begins, and then about each half minute.

    Parameters
    ----------
    write
        Takes one line of text.
    every
        Seconds between two lines of one phase.
    clock
        Seconds that never go backwards.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        *,
        every: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._every = every
        self._clock = clock
        self._phase: Phase | None = None
        self._began = self._told = 0.0

    def __call__(self, phase: Phase, done: int, total: int | None, predictions: int = 0) -> None:
        """Take notice."""
        now = self._clock()
        if phase != self._phase:
            self._phase, self._began, self._told = phase, now, now
            self._write(f"Phase: {phase}.")
        elif now - self._told >= self._every:
            self._told = now
            self._write(f"Phase: {phase}, {_amount(done, total, predictions, now - self._began)}.")


def _amount(done: int, total: int | None, predictions: int, took: float) -> str:
    parts = [f"{done:,} of {total:,} rows" if total else f"{done:,} rows"]
    if predictions:
        parts.append(f"{predictions:,} predictions")
    if total and done:
        parts.append(f"about {took * (total - done) / done:.0f} s left")
    return ", ".join(parts)
