"""A bar for the cell of a table; it fills the cell's width, so it has no text of its own."""

from __future__ import annotations

from clarify_engine.report.blocks import Bar
from clarify_engine.report.charts.svg import number, tag


def bar_svg(bar: Bar) -> str:
    """Return the bar, nothing for an empty one; what it stands for is in its row as text."""
    if not bar.parts and bar.zero is None:
        return ""
    parts = [
        tag(
            "rect",
            cls=f"t-{part.tone}",
            x=number(200 * part.start),
            y=0,
            width=number(200 * (part.end - part.start)),
            height=10,
        )
        for part in bar.parts
    ]
    if bar.zero is not None:
        parts.append(
            tag("rect", cls="zero", x=number(200 * bar.zero - 0.5), y=0, width=1, height=10)
        )
    return (
        '<svg class="bar" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )
