"""The colours of a report, each once, and the rules by which pictures use them.

In a page pictures take the page's colours, which follow the reader's light or dark scheme. Alone,
in a notebook or a PDF, a picture brings the light ones with it.
"""

from __future__ import annotations

import re
from typing import Final

#: By name: in light and in dark. Text on ``back`` or ``panel`` has a contrast of 4.5 or more.
COLOURS: Final[dict[str, tuple[str, str]]] = {
    "back": ("#ffffff", "#11161c"),
    "panel": ("#f4f6f8", "#1a2129"),
    "ink": ("#18212b", "#e4e9ee"),
    "quiet": ("#546170", "#a2aebb"),
    "line": ("#d9dfe5", "#2f3943"),
    "link": ("#0a58a8", "#79b8ff"),
    "axis": ("#8592a0", "#65727f"),
    "plain": ("#2f6fb3", "#5c9fe0"),
    "positive": ("#0f7b6c", "#3fb3a0"),
    "negative": ("#c3ccd5", "#46525f"),
    "group": ("#6d4bb8", "#a98bec"),
    "rest": ("#b8621b", "#e39a52"),
    "l0": ("#1268c4", "#3d9bff"),
    "l1": ("#4b5ec2", "#6f8bf5"),
    "l2": ("#7352b6", "#9b7ce8"),
    "l3": ("#9443a5", "#bd6dd6"),
    "l4": ("#b03390", "#d95dbb"),
    "l5": ("#c62276", "#ee4f98"),
    "l6": ("#d4145a", "#ff4d6d"),
    "lx": ("#8a95a1", "#7c8894"),
    "c0": ("#2f6fb3", "#5c9fe0"),
    "c1": ("#b8621b", "#e39a52"),
    "c2": ("#0f7b6c", "#3fb3a0"),
    "c3": ("#a13d8e", "#d97cc6"),
    "c4": ("#5b6f12", "#a9bd55"),
    "c5": ("#546170", "#a2aebb"),
}

_LINE: Final = {"fill": "none", "stroke-width": "2", "stroke-linejoin": "round"}

#: How the parts of pictures are drawn, by class; a value that is a name of `COLOURS` stands for it.
_DRAWN: Final[dict[str, dict[str, str]]] = {
    "axis": {"fill": "none", "stroke": "axis"},
    "rule": {"fill": "none", "stroke": "line"},
    "share": {"fill": "negative"},
    "zero": {"fill": "axis"},
    "points": {
        "fill": "none",
        "stroke-linecap": "round",
        "stroke-width": "3",
        "stroke-opacity": ".8",
    },
    "dots": {"fill": "none", "stroke-linecap": "round", "stroke-width": "5"},
    "words": {"fill": "quiet", "font-size": "11px", "font-family": "system-ui,sans-serif"},
    **{f"t-{tone}": {"fill": tone} for tone in ("plain", "positive", "negative", "group", "rest")},
    **{name: {"stroke": name} for name in COLOURS if re.fullmatch("[lc].", name)},
    # Lines differ in their dashes too: colour alone is not for every eye.
    **{
        f"line{index}": {**_LINE, "stroke-dasharray": dashes}
        for index, dashes in enumerate(("none", "6 3", "2 3", "8 3 2 3", "1 4", "10 4"))
    },
}

#: Lines with a style of their own; more begin again.
LINE_STYLES: Final = 6


def variables(*, dark: bool) -> str:
    """Return the colours as CSS variables."""
    return "".join(f"--{name}:{pair[dark]};" for name, pair in COLOURS.items())


def rules() -> str:
    """Return how a page draws pictures, as CSS."""
    return "".join(
        f"svg .{name}{{{';'.join(f'{key}:{_css(value)}' for key, value in style.items())}}}"
        for name, style in _DRAWN.items()
    )


def alone(svg: str) -> str:
    """Return a picture that can stand without a page around it, in light colours."""
    return _CLASS.sub(lambda match: _attributes(match[1].split()), svg)


_CLASS: Final = re.compile(r' class="([^"]*)"')


def _attributes(names: list[str]) -> str:
    styles = [_DRAWN[name] for name in names if name in _DRAWN]
    if not styles:
        return f' class="{" ".join(names)}"'
    return "".join(
        f' {key}="{COLOURS[value][0] if value in COLOURS else value}"'
        for style in styles
        for key, value in style.items()
    )


def _css(value: str) -> str:
    return f"var(--{value})" if value in COLOURS else value
