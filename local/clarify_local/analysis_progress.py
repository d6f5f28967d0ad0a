"""Shows where an analysis is: a bar for each phase on a terminal, else now and then a line."""

from __future__ import annotations

from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

from clarify_engine.progress import Phase, PlainProgress


class AnalysisProgress:
    """Takes in an analysis' progress; a context manager around it.

    Parameters
    ----------
    console
        Where to. On a terminal bars move; elsewhere a line says that a phase begins, and about each
        half minute how far it has come.
    """

    def __init__(self, console: Console) -> None:
        self._bars = _Bars(console) if console.is_terminal else None
        self._lines = PlainProgress(
            lambda line: console.print(line, markup=False, highlight=False, soft_wrap=True)
        )

    def __enter__(self) -> AnalysisProgress:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, phase: Phase, done: int, total: int | None, predictions: int = 0) -> None:
        """Take notice; see `clarify_engine.progress.Progress`."""
        (self._bars or self._lines)(phase, done, total, predictions)


class _Bars:
    """A line for each phase: bar, rows, predictions, time taken, time left."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", table_column=Column(min_width=8)),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[amount]}"),
            TimeElapsedColumn(),
            _TimeLeft(),
            console=console,
        )
        self._tasks: dict[Phase, TaskID] = {}
        self._phase: Phase | None = None

    def start(self) -> None:
        self._progress.start()

    def stop(self) -> None:
        """End with the last phase as far as it came."""
        self._progress.stop()

    def __call__(self, phase: Phase, done: int, total: int | None, predictions: int) -> None:
        if phase != self._phase:
            self._end()
            self._phase = phase
        if phase not in self._tasks:
            self._tasks[phase] = self._progress.add_task(phase, total=None, amount="")
        self._progress.update(
            self._tasks[phase],
            completed=done,
            total=total,
            amount=_amount(done, total, predictions),
        )

    def _end(self) -> None:
        """Fill the bar of the phase that has ended."""
        if self._phase is not None:
            task = self._tasks[self._phase]
            self._progress.update(task, total=1, completed=1)
            self._progress.stop_task(task)


class _TimeLeft(ProgressColumn):
    """How long a phase that is under way will take, once its pace is known."""

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        if task.finished or left is None:
            return Text()
        return Text(f"{timedelta(seconds=round(left))} left", style="cyan")


def _amount(done: int, total: int | None, predictions: int) -> str:
    rows = f"{done:,} of {total:,} rows" if total else f"{done:,} rows" if done else ""
    asked = f"{predictions:,} predictions" if predictions else ""
    return ", ".join(part for part in (rows, asked) if part)
