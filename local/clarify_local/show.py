"""Shows a rehearsal: a live list on a terminal, plain lines anywhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from clarify_local.deployed import Pipeline
from clarify_local.execution import Execution, Step
from clarify_local.explaining.topics import topics_of
from clarify_local.outcome import Outcome
from clarify_local.rehearsal import Rehearsal
from clarify_local.results import MetricRow
from clarify_local.show_explanations import show_explanations, show_report
from clarify_local.terminal import REJECTION, RUN, point, show_findings

_MARKS = {"succeeded": ("✓", "green"), "caught": ("!", "yellow"), "failed": ("✗", "red")}
_VERDICTS = {"passed": "bold green", "rejected": "bold red", "failed": "bold red"}


class Show:
    """Prints phases and steps as they come; a context manager around a rehearsal.

    Parameters
    ----------
    console
        Where to. On a terminal one list is redrawn; elsewhere each event is one line, once.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=8, transient=False)
        self._phases: dict[str, float | None] = {}
        self._steps: list[Step] = []
        self._told = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Show:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def phase(self, name: str, seconds: float | None) -> None:
        """Take note: a phase began (``seconds`` None) or ended."""
        with self._lock:
            self._phases[name] = seconds
        if self._console.is_terminal:
            self._redraw()
        elif seconds is not None:
            self._line(f"{name}: done in {seconds:.1f} s")

    def execution(self, pipeline: Pipeline, execution: Execution) -> None:
        """Take note of how far the execution has come."""
        with self._lock:
            self._steps = list(execution.steps)
        if self._console.is_terminal:
            self._redraw()
            return
        ended = [step for step in execution.steps if step.seconds is not None]
        for step in ended[self._told :]:
            self._line(f"  {step.name}: {step.status} in {step.seconds:.1f} s")
        self._told = len(ended)

    def frame(self) -> Group:
        """Return the list as it stands on a terminal now."""
        with self._lock:
            lines: list[Text | Spinner] = []
            for name, seconds in self._phases.items():
                lines.append(_line_of(name, "running" if seconds is None else "succeeded", seconds))
                if name == "run":
                    lines += [
                        _line_of(f"  {step.name}", step.status, step.seconds)
                        for step in self._steps
                    ]
        return Group(*lines)

    def _redraw(self) -> None:
        self._live.update(self.frame())

    def _line(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def show_metrics(console: Console, rows: Sequence[MetricRow]) -> None:
    """Print one table for each stage."""
    for table in _tables(rows):
        console.print(table)


def show_rehearsal(console: Console, rehearsal: Rehearsal) -> None:
    """Print a rehearsal's findings, metrics, verdict, endpoints and timings."""
    outcome = rehearsal.outcome
    # Those that stopped the run are its reason.
    show_findings(console, [f for f in outcome.findings if str(f) not in outcome.reason])
    if outcome.metrics:
        console.print()
        show_metrics(console, outcome.metrics)
    show_explanations(console, outcome.analysis)
    console.print()
    console.print(f"[{_VERDICTS[outcome.verdict]}]{outcome.verdict.upper()}[/]")
    for line in _reasons(outcome):
        console.print(f"  {escape(line)}", soft_wrap=True, highlight=False)
    console.print(f"shadow endpoint: {outcome.endpoints}", highlight=False, soft_wrap=True)
    for note in rehearsal.left_out:
        console.print(f"not emulated: {escape(note)}", highlight=False, soft_wrap=True)
    for finding in rehearsal.network:
        console.print(f"network: {escape(str(finding))}", highlight=False, soft_wrap=True)
    point(console, [*_topics(outcome), *(finding.id for finding in rehearsal.network)])
    show_report(console, outcome.results)
    console.print(f"results: {escape(str(outcome.folder))}", highlight=False, soft_wrap=True)
    console.print(timings(rehearsal.seconds), style="dim", highlight=False, soft_wrap=True)


def timings(seconds: Mapping[str, float]) -> str:
    """Return one line with the seconds of each phase; the first three overlap."""
    return " · ".join(f"{name} {took:.1f} s" for name, took in seconds.items())


def _line_of(name: str, status: str, seconds: float | None) -> Text | Spinner:
    if status == "running":
        return Spinner("dots", text=name)
    mark, style = _MARKS[status]
    took = f"  {seconds:.1f} s" if seconds is not None else ""
    return Text.assemble((mark, style), " ", name, (took, "dim"))


def _reasons(outcome: Outcome) -> list[str]:
    """Return the reasons of a verdict, one a line: those of a rejection stand in one line."""
    lines = outcome.reason.splitlines()
    if outcome.verdict == "rejected":
        lines = [part for line in lines for part in line.split("; ")]
    return [line for line in lines if line]


def _topics(outcome: Outcome) -> list[str]:
    """Return what explains the verdict, and what was found before the job."""
    about = [row.code for row in outcome.metrics if row.within is False]
    about += topics_of(outcome.reason)
    if not about and outcome.verdict != "passed":
        about = [RUN if outcome.verdict == "failed" else REJECTION]
    return [*about, *(finding.id for finding in outcome.findings)]


def _tables(rows: Sequence[MetricRow]) -> Iterable[Table]:
    """Yield one table for each stage: metrics down, groups across."""
    for stage in dict.fromkeys(row.stage for row in rows):
        chosen = [row for row in rows if row.stage == stage]
        groups = list(dict.fromkeys((row.facet, row.group) for row in chosen))
        table = Table(title=f"{stage} bias", title_justify="left", title_style="bold")
        table.add_column("metric")
        for facet, group in groups:
            table.add_column(f"{escape(facet)} = {escape(group)}", justify="right")
        cells = {(row.description, row.facet, row.group): row for row in chosen}
        for description in dict.fromkeys(row.description for row in chosen):
            table.add_row(
                escape(description), *(_cell(cells.get((description, *group))) for group in groups)
            )
        yield table


def _cell(row: MetricRow | None) -> str:
    if row is None:
        return ""
    if row.value is None:
        return f"[yellow]{escape(row.error or 'no value')}[/]"
    text = f"{row.value:.4f}" if isinstance(row.value, float | int) else escape(row.value)
    if row.within is None:
        return text
    return f"[green]{text} ✓[/]" if row.within else f"[bold red]{text} ✗[/]"
