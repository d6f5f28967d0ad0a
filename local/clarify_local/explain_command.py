"""`clarify explain`: what a finding, a metric or a message means, and what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markdown import Markdown
from rich.markup import escape

from clarify_contract import METRICS
from clarify_contract.config.wording import did_you_mean
from clarify_local.completion import topics as known_topics
from clarify_local.terminal import out, say, usage


def explain(
    topics: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids of findings, such as X16; codes of metrics, such as DPL; or a message, in"
            " quotes. Without any: all that is explained.",
            metavar="TOPIC",
            autocompletion=known_topics,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Explain findings, metrics and messages, and say what to do about them.

    What a finding looks for, in all its forms; what a metric counts, and where to look if it is far
    from neutral; what is behind a message. Each ends with its place in the documentation.

    For example:

    - `clarify explain X16 label-float-threshold`
    - `clarify explain DPL`
    - `clarify explain 'No capacity in eu-west-1'`
    """
    from clarify_local.explaining.explanation import explain as explained

    if not topics:
        _show_all()
        return
    answers = {topic: explained(topic) for topic in topics}
    for answer in dict.fromkeys(each for found in answers.values() for each in found):
        say(f"[bold]{escape(answer.title)}[/]\n")
        out.print(Markdown(answer.text, hyperlinks=False))
        out.print(f"\nIn the documentation: {answer.page}\n", style="dim", highlight=False)
    if unknown := [topic for topic, found in answers.items() if not found]:
        near = " ".join(filter(None, (did_you_mean(topic, known_topics("")) for topic in unknown)))
        named = ", ".join(map(repr, unknown))
        usage(f"nothing here explains {named}. {near or 'All topics: clarify explain'}")


def _show_all() -> None:
    from clarify_local.explaining.troubleshooting import sections

    say(
        "[bold]Findings[/]: the id that stands in brackets before each of them, on the command"
        " line, at synthesis, in verdict.json and in the report"
    )
    say(f"[bold]Metrics[/]: {', '.join(METRICS)}")
    say("[bold]Messages[/], by words of theirs:")
    for section in sections():
        if section.is_message:
            say(f"  {escape(section.title)}")
