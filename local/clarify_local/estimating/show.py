"""Shows an estimate: a table, what it rests on, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from clarify_local.estimating.counting import Predictions
from clarify_local.estimating.prices import AWS_PRICES, Price
from clarify_local.estimating.run import (
    ENDPOINT_MINUTES,
    Job,
    Span,
    cost,
    endpoint_hours,
    minutes,
)


def show_estimate(console: Console, asked: Predictions, job: Job, *, engine: bool) -> None:
    """Print predictions, minutes, endpoint hours and money, for both images.

    Parameters
    ----------
    console
        Where to.
    asked, job
        What was estimated.
    engine
        Whether the open engine runs such a job.
    """
    table = Table(title=f"{asked.rows:,} rows", title_justify="left", title_style="bold")
    table.add_column("")
    if engine:
        table.add_column("open engine", justify="right")
    table.add_column("managed image", justify="right")
    first = 0 if engine else 1
    for name, *cells in _predictions(asked):
        table.add_row(name, *cells[first:])
    both = (asked.engine, asked.managed)[first:]
    table.add_row("predictions", *(f"{number:,}" for number in both), style="bold")
    if not asked.asks:
        console.print(table)
        return
    table.add_row("minutes", *(_span(minutes(number, job), 1) for number in both))
    if job.endpoint_instances:
        table.add_row("endpoint hours", *(_span(endpoint_hours(n, job), 2) for n in both))
    table.add_row("US dollars", *(_money(cost(number, job)) for number in both))
    console.print(table)


def show_grounds(console: Console, asked: Predictions, job: Job, *, owned: bool) -> None:
    """Print what the numbers rest on, and what they leave out.

    Parameters
    ----------
    console
        Where to.
    asked, job
        What was estimated.
    owned
        Whether the model is behind an endpoint that is there already.
    """
    for line in _grounds(asked, job, owned=owned):
        console.print(f"- {escape(line)}", highlight=False, soft_wrap=True)


def _predictions(asked: Predictions) -> Iterable[tuple[str, str, str]]:
    about = "" if asked.sampled is None else "about "
    most = "at most " if asked.pdp_at_most else ""
    if asked.labels:
        yield "predicted labels", f"{asked.labels:,}", f"{asked.labels:,}"
    if asked.shap:
        yield "SHAP", f"{about}{asked.shap:,}", f"about {asked.shap_managed:,}"
    if asked.pdp:
        yield "partial dependence", f"{most}{asked.pdp:,}", f"{most}{asked.pdp:,}"
    if asked.forecasts:
        yield "forecasts", f"{asked.forecasts:,}", f"{asked.forecasts:,}"


def _grounds(asked: Predictions, job: Job, *, owned: bool) -> Iterable[str]:
    if asked.shap:
        yield "SHAP, managed image: the developer guide's formula, which it gives for endpoints."
    if asked.sampled is not None:
        yield f"SHAP, open engine: counted on the first {asked.sampled:,} rows."
    if asked.forecasts:
        yield "Forecasts: how many the managed image asks for is not documented."
    if asked.asks:
        yield (
            f"Minutes: {job.rate:,.0f} predictions a second for each instance of the job. How fast "
            "your model answers decides: measure it, and pass --rate."
        )
    else:
        yield (
            "No model is asked: the job takes the start of its instance and a pass over the data, "
            "which is a second for 3 million rows of CSV in the open engine (benchmarks/README.md)."
        )
    if job.endpoint_instances:
        yield (
            f"The shadow endpoint is usually in service after {ENDPOINT_MINUTES[0]:g} to "
            f"{ENDPOINT_MINUTES[1]:g} minutes, which are counted; it is there as long as the job."
        )
    if owned:
        yield "The endpoint is there already: its hours are not counted."
    yield _price("The job", job.price, "--price")
    if job.endpoint_instances:
        yield _price("The shadow endpoint", job.endpoint_price, "--endpoint-price")
    prices = [price for price in (job.price, job.endpoint_price) if price is not None]
    for source in dict.fromkeys(price.source for price in prices if price.source is not None):
        yield f"Prices of {source.date}: {source.quotes}, quoted by {source.url}"
    yield f"Prices change; today's: {AWS_PRICES}"
    yield (
        "Left out: the start of the job's instance, reading and computing, its volume, S3, logs, "
        "functions, taxes, and what a VPC's interface endpoints cost by the hour, runs or not."
    )


def _price(what: str, price: Price | None, option: str) -> str:
    if price is None:
        return (
            f"{what}: no price is known here for this instance type in this Region. Look it up, "
            f"and pass {option}."
        )
    told = "as you said" if price.source is None else f"on demand, as of {price.source.date}"
    return (
        f"{what}: {price.usd:g} US dollars an hour for {price.instance_type} in {price.region}, "
        f"{told}."
    )


def _span(span: Span, digits: int) -> str:
    least, most = f"{span.least:,.{digits}f}", f"{span.most:,.{digits}f}"
    return least if least == most else f"{least} to {most}"


def _money(span: Span | None) -> str:
    return "not known" if span is None else _span(span, 2)
