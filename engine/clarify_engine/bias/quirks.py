"""Where the service's rules give a result that misleads, and what to do about it.

The results are the service's all the same; each warning has a stable id. They hold names, counts
and types, and no cell of the data.
"""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract import Finding
from clarify_engine.bias.columns import Column
from clarify_engine.bias.counts import BiasCounts, FacetCounts
from clarify_engine.bias.folding import groups_of
from clarify_engine.bias.readings import Above, Reading

_LABEL_PATH = "$.label_values_or_threshold"


def quirk_findings(counts: BiasCounts) -> tuple[Finding, ...]:
    """Return the warnings about the results of a plan.

    Raises
    ------
    AnalysisError
        The given values cannot be read on the data: then there are no results either.
    """
    return tuple(_findings(counts))


def _findings(counts: BiasCounts) -> Iterator[Finding]:
    yield from _values("label", counts.label, _LABEL_PATH)
    yield from _outcome("label", counts.label, counts.label.reading(), counts.rows)
    if (predicted := counts.predicted) is not None:
        reading = counts.positive_prediction(predicted)
        yield from _outcome("prediction", predicted, reading, counts.rows)
        yield from _fractions(predicted, reading)
    for index, facet in enumerate(counts.facets):
        yield from _facet(counts, facet, f"$.facet[{index}].value_or_threshold")
    yield from _group_variable(counts)


def _values(role: str, column: Column, path: str) -> Iterator[Finding]:
    """Yield what misleads in how the values given for a column are read."""
    reading = column.reading()
    if isinstance(reading, Above):
        yield from _threshold(role, column, reading, path)
        return
    if column.hits_of(reading) == 0:
        yield _warning(
            f"{role}-value-absent",
            path,
            f"values that no row of column {column.name} has",
            f"values of the column, which holds {column.kind}",
            "Check the values and their type.",
        )
    elif _changes_meaning(column):
        yield _warning(
            f"{role}-value-converted",
            path,
            f"values of another type than column {column.name}, which holds {column.kind}",
            "values of the column's type",
            "Write the values as the column holds them: fractions are cut off for int, and every "
            "text but the empty one is true for bool.",
        )


def _changes_meaning(column: Column) -> bool:
    if column.kind == "bool":
        return not set(column.values) <= {0, 1}
    # Fractions are cut off only if no row has a value as it is given.
    fraction = any(isinstance(value, float) and value % 1 for value in column.values)
    return column.kind == "int" and fraction and column.reading() != column.readings.given


def _threshold(role: str, column: Column, reading: Above, path: str) -> Iterator[Finding]:
    if column.span is None:
        return
    low, high = column.span
    continuous = f"a threshold on column {column.name}, which is continuous ({column.kind})"
    if reading.threshold == high:
        yield _warning(
            f"{role}-empty-interval",
            path,
            f"{continuous}, equal to its maximum: no row is above it",
            "a threshold below the maximum",
            "Give a lower threshold, or store the column as text.",
        )
    elif reading.threshold > high:
        yield _warning(
            f"{role}-threshold-above-maximum",
            path,
            f"{continuous}, above its maximum",
            "a threshold below the maximum",
            "Give a lower threshold.",
        )
    elif reading.threshold == low:
        yield _warning(
            f"{role}-read-as-threshold",
            path,
            f"{continuous}, equal to its minimum: rows above it are meant, not those that have it",
            "a threshold, or a column of categories",
            "If you meant the rows that have the value, store the column as text.",
        )


def _fractions(column: Column, reading: Reading) -> Iterator[Finding]:
    above = column.readings.above
    if reading != column.readings.above_whole or above is None:
        return
    if changed := column.hits_of(above) - column.hits_of(reading):
        yield _warning(
            "prediction-fraction-cut-off",
            _LABEL_PATH,
            f"{changed} rows of column {column.name} with a prediction above the threshold, "
            "and not so without its fraction",
            "predictions of the labels' type, which is whole numbers",
            "Store the labels as floats: the service cuts predictions to the labels' type.",
        )


def _outcome(role: str, column: Column, reading: Reading, rows: int) -> Iterator[Finding]:
    """Yield what misleads in the outcomes of all rows."""
    positive = column.hits_of(reading)
    if positive in (0, rows):
        yield _warning(
            f"{role}-one-class",
            _LABEL_PATH,
            f"{positive} of {rows} rows positive by column {column.name}",
            "rows of both outcomes",
            "Check the positive values or the threshold: of one outcome metrics say nothing.",
        )
    if column.missing:
        yield _warning(
            f"{role}-missing-values",
            "dataset",
            f"{column.missing} rows without a value of column {column.name}",
            "a value in every row",
            "Fill or drop these rows: they count as not positive.",
        )


def _facet(counts: BiasCounts, facet: FacetCounts, path: str) -> Iterator[Finding]:
    column = facet.column
    if not facet.by_value:
        yield from _values("facet", column, path)
    if column.missing:
        yield _warning(
            "facet-missing-values",
            "dataset",
            f"{column.missing} rows without a value of column {column.name}",
            "a value in every row",
            "Fill or drop these rows: they count as rows outside of every sensitive group.",
        )
    partial = everyone = 0
    for group in groups_of(counts, facet):
        has_outcome = group.table.labels > 0  # facet, label
        in_rest, in_group = has_outcome
        everyone += not in_rest.any()
        partial += bool((in_rest != in_group).any() and (in_rest & in_group).any())
    if everyone:
        yield _warning(
            "facet-covers-all-rows",
            path,
            f"values or a threshold that every row of column {column.name} meets",
            "a group, and rows outside of it",
            "Give the values of one group.",
        )
    if partial and counts.plan.pre_training:
        yield _warning(
            "distances-partial-outcomes",
            "$.methods.pre_training_bias",
            f"{partial} groups of column {column.name} that share one outcome with the rest",
            "both outcomes in the group and outside of it",
            "Do not compare KL, JS, LP, TVD and KS: what one side only has is left out of them.",
        )


def _group_variable(counts: BiasCounts) -> Iterator[Finding]:
    group = next(groups_of(counts, counts.facets[0]), None)
    if counts.plan.group is None or group is None:
        return
    if missing := int(group.table.ungrouped.sum()):
        yield _warning(
            "group-variable-missing-values",
            "$.group_variable",
            f"{missing} rows without a value of column {counts.plan.group}",
            "a value in every row",
            "Fill the column: CDDL and CDDPL leave these rows out, or fail if it holds texts.",
        )


def _warning(id_: str, path: str, given: str, allowed: str, fix: str) -> Finding:
    return Finding(id_, path, given, allowed, fix, severity="warning")
