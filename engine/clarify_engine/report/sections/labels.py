"""How many of a model's labels a report tells about."""

from __future__ import annotations

from typing import Final

from clarify_engine.report.blocks import Text

#: Labels that have a section and a line, the first ones; `analysis.json` has all.
LABELS_SHOWN: Final = 20


def left_out(labels: int) -> list[Text]:
    """Return what to say about the labels that are not shown: nothing, if all are."""
    if labels <= LABELS_SHOWN:
        return []
    return [
        Text(
            f"The first {LABELS_SHOWN} of {labels} labels are shown; analysis.json has all.",
            note=True,
        )
    ]
