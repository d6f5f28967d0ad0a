"""How well the model does on all rows."""

from __future__ import annotations

import math
from typing import Final

from clarify_engine.bias.performance import performance
from clarify_engine.bias.table import Confusion
from clarify_engine.report.blocks import (
    Bar,
    Column,
    Matrices,
    Matrix,
    Name,
    Section,
    Stretch,
    Table,
)
from clarify_engine.report.data import ReportData
from clarify_engine.report.wording import value

_COLUMNS: Final = (
    Column("Measure", "name"),
    Column("From 0 to 1", "bar"),
    Column("Value", "number"),
)


def model_performance(data: ReportData) -> Section | None:
    """Return the section, or None without predictions."""
    confusion = data.statistics.total.confusion if data.statistics is not None else None
    if confusion is None:
        return None
    blocks = (Matrices((matrix("All rows", confusion),)), _measures(confusion))
    return Section("Model performance", blocks)


def matrix(caption: str, confusion: Confusion) -> Matrix:
    """Return the counts of a confusion matrix under a caption."""
    return Matrix(caption, confusion.tp, confusion.fp, confusion.fn, confusion.tn)


def _measures(confusion: Confusion) -> Table:
    rows = [
        (Name(measure.name, measure.formula), _bar(measure.value), value(measure.value))
        for measure in performance(confusion)
    ]
    return Table("Ten measures of performance", _COLUMNS, tuple(rows))


def _bar(number: float) -> Bar:
    if not math.isfinite(number) or number > 1:
        return Bar(())  # no share of a whole
    return Bar((Stretch(0.0, number, "plain"),))
