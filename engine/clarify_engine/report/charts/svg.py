"""Elements of SVG as text, safe for any name; numbers as short as a picture needs them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

#: Width of an average character of the labels, in pixels: names are cut by it.
CHARACTER: Final = 6.6


def number(value: float) -> str:
    """Return a coordinate, to a tenth of a pixel."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def tag(name: str, text: str | None = None, **attributes: object) -> str:
    """Return an element; `text` is escaped, attributes are named with _ for -, `cls` for class."""
    given = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}/>" if text is None else f"<{name}{given}>{escape(text)}</{name}>"


def words(text: str, *, x: float, y: float, text_anchor: str) -> str:
    """Return a text of the picture."""
    return tag("text", text, cls="words", x=x, y=y, text_anchor=text_anchor)


def short(value: float) -> str:
    """Return a number for an axis."""
    text = f"{value:,.0f}" if 1e4 <= abs(value) < 1e9 else f"{value:.6g}"
    return text.replace("-", "\N{MINUS SIGN}")


def cut(text: str, width: float) -> str:
    """Return as much of a text as fits into a width, with an ellipsis in the place of the rest."""
    most = max(2, int(width / CHARACTER))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def picture(
    parts: Iterable[str], *, width: float, height: float, title: str, description: str, name: str
) -> str:
    """Return a whole SVG that scales with the page and that a screen reader names.

    Parameters
    ----------
    parts
        Its elements.
    width, height
        Its size in pixels where there is room.
    title, description
        What it shows, and what one sees there.
    name
        An id, unlike any other of the page.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img"'
        f' viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}"'
        f' height="{number(height)}" aria-labelledby="{name}-t {name}-d">'
        f"{tag('title', title, id=f'{name}-t')}{tag('desc', description, id=f'{name}-d')}"
        f"{''.join(parts)}</svg>"
    )


def _attribute(value: object) -> str:
    return number(value) if isinstance(value, float) else escape(str(value))
