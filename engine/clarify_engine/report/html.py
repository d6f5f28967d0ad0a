"""The report as one HTML file that needs nothing else: no script, no font, no picture beside it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from clarify_engine.report.blocks import Bar, Document, Picture
from clarify_engine.report.charts.bars import bar_svg
from clarify_engine.report.charts.palette import LINE_STYLES, alone, rules, variables
from clarify_engine.report.charts.svg import tag
from clarify_engine.report.wording import count, percent


def page(document: Document, *, on_paper: bool = False) -> str:
    """Return the page.

    Parameters
    ----------
    document
        The report.
    on_paper
        Whether it will only be printed: without what has to be opened first, and each picture with
        its own colours, for a printer that does not apply the page's rules to it.
    """
    # Late: a light command that imports this module does not pay for it.
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    finish: Callable[[str], str] = alone if on_paper else lambda svg: svg

    def drawn(draw: Callable[[Any], str]) -> Callable[[Any], Markup]:
        # Safe to mark: pictures are made by `tag`, which escapes.
        return lambda given: Markup(finish(draw(given)))  # noqa: S704

    environment = Environment(
        loader=PackageLoader("clarify_engine.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "kind": lambda block: type(block).__name__,
        "bar": drawn(bar_svg),
        "picture": drawn(_picture),
        "swatch": drawn(_swatch),
        "line": drawn(_line),
        "ramp": drawn(_ramp),
        "count": count,
        "percent": percent,
    }
    text: str = environment.get_template("report.html.j2").render(
        document=document,
        on_paper=on_paper,
        style=Markup(_style(on_paper=on_paper)),  # noqa: S704 - our own file
    )
    return text.lstrip()


def _style(*, on_paper: bool) -> str:
    sheet = files("clarify_engine.report").joinpath("templates", "report.css").read_text("utf-8")
    light = f":root{{{variables(dark=False)}}}"
    if on_paper:
        return f"{light}\n{sheet}"
    dark = f":root{{{variables(dark=True)}}}"
    return f"{light}@media screen and (prefers-color-scheme:dark){{{dark}}}{rules()}\n{sheet}"


def _picture(picture: Picture) -> str:
    return picture.svg


def _sign(parts: str, width: int = 16) -> str:
    return f'<svg viewBox="0 0 {width} 7" aria-hidden="true">{parts}</svg>'


def _swatch(name: str) -> str:
    if name.startswith("l"):
        return _sign(tag("path", cls=f"dots {name}", d="M8 3.5h0"))
    return _sign(tag("rect", cls=f"t-{name}", width=16, height=7))


def _line(index: int) -> str:
    return _sign(
        tag("path", cls=f"line{index % LINE_STYLES} c{index % LINE_STYLES}", d="M0 3.5h16")
    )


def _ramp(_: Bar | None) -> str:
    points = [tag("path", cls=f"dots l{step}", d=f"M{4 + 8 * step} 3.5h0") for step in range(7)]
    return _sign("".join(points), 56).replace("<svg ", '<svg class="ramp" ')
