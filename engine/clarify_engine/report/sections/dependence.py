"""Partial dependence: a picture for each feature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from clarify_contract.result.parts import Explanations, PartialDependence
from clarify_engine.report.blocks import (
    Block,
    Column,
    Figure,
    Figures,
    Picture,
    Section,
    Table,
    Text,
    section,
)
from clarify_engine.report.charts.dependence import dependence
from clarify_engine.report.sections.labels import LABELS_SHOWN, left_out
from clarify_engine.report.wording import NONE, isolated, percent, plain, value

#: Values that a table lists; `analysis.json` has all.
_ROWS: Final = 40


def partial_dependence(explanations: Explanations | None) -> Section | None:
    """Return the section, or None without partial dependence."""
    features = explanations.pdp if explanations is not None else None
    if not features:
        return None
    drawn = [
        feature for feature in features if feature.feature_values and feature.model_predictions
    ]
    blocks: list[Block] = [
        Text(
            "What the model predicts on average if every row had the same value of one feature, "
            "over the values of that feature. The shaded bars tell where the data lie: where "
            "they are few, the line says little."
        )
    ]
    if drawn:
        blocks += left_out(max(len(feature.model_predictions or ()) for feature in drawn))
        figures = tuple(_figure(feature, index) for index, feature in enumerate(drawn))
        blocks.append(Figures(figures, tuple(_labels(drawn[0]))))
    failed = [feature for feature in features if feature.error]
    if failed:
        columns = (Column("Feature", "name"), Column("Error", "prose"))
        rows = tuple((isolated(f.feature_name or ""), f.error or "") for f in failed)
        blocks.append(Table("Features without partial dependence", columns, rows))
    return section("Partial dependence", blocks)


def _figure(feature: PartialDependence, index: int) -> Figure:
    name = feature.feature_name or f"feature {index + 1}"
    values: Sequence[Any] = feature.feature_values or ()
    predictions = (feature.model_predictions or ())[:LABELS_SHOWN]
    if feature.data_type != "numerical":
        values = [plain(given) for given in values]
    words = "; ".join(
        f"{label} from {value(min(line))} to {value(max(line))}"
        for label, line in zip(_labels(feature), predictions, strict=True)
    )
    svg = dependence(
        values,
        predictions,
        feature.data_distribution,
        title=f"Partial dependence on {name}",
        description=f"Mean prediction over {len(values)} values: {words}.",
        name=f"pdp{index}",
    )
    return Figure(isolated(name), Picture(svg, words), _data(feature, name))


def _labels(feature: PartialDependence) -> list[str]:
    lines = len(feature.model_predictions or ())
    given = [isolated(label) for label in feature.label_headers or ()]
    labels = given if len(given) == lines else [f"label{index}" for index in range(lines)]
    return labels[:LABELS_SHOWN]


def _data(feature: PartialDependence, name: str) -> Table:
    columns = [Column("Value", "name"), Column("Share of the rows", "number")]
    columns += [Column(f"Prediction of {label}", "number") for label in _labels(feature)]
    shares = feature.data_distribution or ()
    rows = []
    for index, given in enumerate((feature.feature_values or ())[:_ROWS]):
        number = isinstance(given, int | float) and not isinstance(given, bool)
        rows.append(
            (
                value(given) if number else isolated(plain(given)),
                percent(shares[index]) if index < len(shares) else NONE,
                *(value(line[index]) for line in (feature.model_predictions or ())[:LABELS_SHOWN]),
            )
        )
    hidden = len(feature.feature_values or ()) - len(rows)
    more = f"; {hidden} more stand in analysis.json" if hidden > 0 else ""
    return Table(
        f"Partial dependence on {isolated(name)}{more}", tuple(columns), tuple(rows), wide=True
    )
