"""`clarify compare`: two results of one analysis side by side."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from clarify_contract import AnalysisResult, Refused
from clarify_contract.container import ANALYSIS_FILE
from clarify_contract.result import TOLERANCES, Difference, Held
from clarify_contract.result import compare as compared
from clarify_local.cli import REJECTED
from clarify_local.terminal import fail, out, refuse, usage


def _side(letter: str) -> typer.models.ArgumentInfo:
    argument: typer.models.ArgumentInfo = typer.Argument(
        help="A folder of results, or an analysis.json.",
        metavar=letter,
        exists=True,
        show_default=False,
    )
    return argument


def compare(
    a: Annotated[Path, _side("A")],
    b: Annotated[Path, _side("B")],
    tolerance: Annotated[
        list[str] | None,
        typer.Option(
            help="How far values may be apart: a metric's code, `shap`, `expected_value` or `pdp`,"
            " and a number. By default 0.000001 for metrics and 0.005 for explanations.",
            metavar="NAME=NUMBER",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Compare two results of the same analysis: of the managed image and of this engine, say.

    Bias metrics, SHAP values, expected values and partial dependence; what only one of the two
    has is a difference. Exit code 0 if they are equal within the tolerances, 1 if not, 2 if one
    of them cannot be read whole.

    For example:

    - `clarify compare managed/analysis.json results`
    - `clarify compare yesterday today --tolerance DPL=0.01 --tolerance shap=0.02`
    """
    tolerances = dict(_tolerance(text) for text in tolerance or ())
    found = compared(_read(a), _read(b), tolerances)
    if not found.compared:
        fail("neither of the two holds any result")
    if not found.differences:
        out.print(f"[green]✓[/] {found.compared} values agree", highlight=False)
        return
    table = Table("where", "A", "B", "may differ by", box=None, pad_edge=False)
    for difference in found.differences:
        table.add_row(escape(difference.path), *_cells(difference))
    out.print(table)
    count = len(found.differences)
    out.print(f"[red]✗[/] {count} of {found.compared} values differ", highlight=False)
    raise typer.Exit(REJECTED)


def _cells(difference: Difference) -> tuple[str, str, str]:
    tolerance = "" if difference.tolerance is None else f"{difference.tolerance:g}"
    return (
        "(not there)" if difference.only == "b" else _shown(difference.a),
        "(not there)" if difference.only == "a" else _shown(difference.b),
        tolerance,
    )


def _shown(held: Held) -> str:
    if held is None:
        return "null"
    return escape(held) if isinstance(held, str) else f"{held:.10g}"


def _tolerance(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    if name not in TOLERANCES:
        usage(f"no tolerance is named {name!r}: name one of {', '.join(TOLERANCES)}")
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        usage(f"the tolerance of {name} is no number from 0 on")
    return name, value


def _read(place: Path) -> AnalysisResult:
    try:
        result = AnalysisResult.load(place / ANALYSIS_FILE if place.is_dir() else place)
    except Refused as refused:
        refuse(refused)
    if result.unread:
        # What was left out would be left out of the comparison, too.
        refuse(Refused(list(result.unread)))
    return result
