"""Shows what the check said: each limit and rule, whatever did not hold, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from clarify_lambda.check.outcome import Outcome, passed
from clarify_local.explaining.topics import topics_of
from clarify_local.terminal import REJECTION, point

#: Rules that somebody wrote. The others hold for every run, and are told one by one only if not.
_WRITTEN = ("rows", "limit", "no_worse", "attribution")


def show_check(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Print a line for each written rule and each broken one, a count of the rest, the verdict."""
    told = [item for item in outcomes if item.rule in _WRITTEN or not item.held or item.accepted]
    for outcome in told:
        console.print(_line(outcome), highlight=False, soft_wrap=True)
    rest = len(outcomes) - len(told)
    if rest:
        console.print(
            f"[green]✓[/] {rest} {'checks' if rest > 1 else 'check'} of completeness",
            highlight=False,
            soft_wrap=True,
        )
    if passed(outcomes):
        console.print("[bold green]PASSED[/]")
        return
    console.print("[bold red]REJECTED[/]")
    broken = [item for item in outcomes if not item.held]
    metrics = [item.metric for item in broken if item.metric is not None]
    reasons = "\n".join(item.reason or "" for item in broken)
    point(console, [*metrics, *topics_of(reasons)] or [REJECTION])


def _line(outcome: Outcome) -> str:
    if not outcome.held:
        return f"[red]✗[/] {escape(f'{outcome.where}: {outcome.reason}')}"
    if outcome.accepted is not None:
        return f"[yellow]![/] {escape(f'{outcome.where}: accepted: {outcome.accepted}')}"
    words = [outcome.where + ":"]
    if outcome.value is not None:
        words.append(f"{outcome.value:g}")
    if outcome.interval is not None:
        words.append("(95 %: {:g} to {:g})".format(*outcome.interval))
    return f"[green]✓[/] {escape(' '.join([*words, _bounds(outcome)]))}"


def _bounds(outcome: Outcome) -> str:
    if outcome.baseline is not None:
        return f"no worse than {outcome.baseline:g}"
    low, high = outcome.minimum, outcome.maximum
    if low is not None and high is not None:
        words = f"within {low:g} to {high:g}"
    elif low is not None:
        words = f"at least {low:g}"
    elif high is not None:
        words = f"at most {high:g}"
    else:
        words = "as asked"
    return words + (f" ({outcome.source})" if outcome.source else "")
