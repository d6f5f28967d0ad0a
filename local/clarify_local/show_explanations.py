"""Shows explanations: which features matter most, and where the curves are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

_FEATURES: Final = 10
_BAR: Final = 24
_ROUNDING: Final = 1e-12


def show_explanations(console: Console, analysis: Mapping[str, Any]) -> None:
    """Print the explanations of an ``analysis.json``, if it has any.

    Parameters
    ----------
    console
        Where to.
    analysis
        The document.
    """
    explanations = analysis.get("explanations", {})
    for label, body in explanations.get("kernel_shap", {}).items():
        console.print(_attributions(label, body))
    if curves := explanations.get("pdp"):
        names = ", ".join(escape(_curve(curve)) for curve in curves)
        console.print(f"partial dependence: {names}", highlight=False, soft_wrap=True)
    if forecast := explanations.get("asymmetric_shapley_value"):
        path = escape(forecast["explanation_results_path"])
        console.print(f"asymmetric Shapley values: {path}", highlight=False, soft_wrap=True)


def _attributions(label: str, body: Mapping[str, Any]) -> Table:
    """Return the features with the largest values, the largest first."""
    values = sorted(body["global_shap_values"].items(), key=lambda item: -abs(item[1]))
    table = Table(title=f"SHAP, {escape(label)}", title_justify="left", title_style="bold")
    table.add_column("feature")
    table.add_column("global value", justify="right")
    table.add_column("")
    expected = body["expected_value"]
    longest = max((abs(value) for _, value in values), default=0.0)
    # Next to predictions and values of such a size, what is that small is rounding.
    least = _ROUNDING * max(longest, abs(expected))
    for feature, exact in values[:_FEATURES]:
        value = 0.0 if abs(exact) < least else exact
        table.add_row(escape(feature), f"{value:.4g}", _bar(value, longest))
    left = len(values) - _FEATURES
    more = f"; {left} more in analysis.json" if left > 0 else ""
    table.caption = f"expected value {expected:.4g}{more}"
    table.caption_justify = "left"
    return table


def _bar(value: float, longest: float) -> Text:
    length = round(_BAR * abs(value) / longest) if longest else 0
    return Text("━" * length, style="cyan" if value >= 0 else "magenta")


def _curve(curve: Mapping[str, Any]) -> str:
    name = str(curve["feature_name"])
    return f"{name} (no curve)" if "error" in curve else name


def show_report(console: Console, results: Path) -> None:
    """Print where the report's page is, if the results have one."""
    for page in sorted(results.glob("*.html")):
        console.print(f"report: {escape(str(page))}", highlight=False, soft_wrap=True)
