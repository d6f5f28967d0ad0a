"""How the service will read the values that are given for label and facets: warnings only.

Which type a column has hangs on all of its rows; the first ones only show what to expect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from clarify_lambda.prepare.preflight.cells import Cells
from clarify_lambda.prepare.preflight.columns import Config, name_of
from clarify_lambda.prepare.preflight.finding import Finding, warning


def value_findings(
    config: Config, columns: Sequence[str], label: str | None, cells: Callable[[str], Cells]
) -> Iterator[Finding]:
    """Yield what the first rows say about the values of label and facets.

    Parameters
    ----------
    config
        A valid config, which fits the columns.
    columns
        Names of all columns.
    label
        The label's column.
    cells
        Returns what the first rows have in a column.
    """
    if label is not None and (given := config.get("label_values_or_threshold")):
        yield from _column("label", cells(label), given, "$.label_values_or_threshold")
    if config.get("facet_dataset_uri") is not None:
        return
    for index, facet in enumerate(config.get("facet") or ()):
        given, path = facet.get("value_or_threshold") or [], f"$.facet[{index}].value_or_threshold"
        name = name_of(facet["name_or_index"], columns)
        if name is not None:
            yield from _column("facet", cells(name), given, path)


def _column(role: str, cells: Cells, given: Sequence[Any], path: str) -> Iterator[Finding]:
    if not cells.texts:
        return
    rows = len(cells.texts) + cells.missing
    where = f"the {cells.kind} column, by its first {rows} rows"
    if cells.missing:
        yield warning(
            f"{role}-missing-values",
            "dataset",
            f"{cells.missing} of the first {rows} rows without a value in the column of {path}",
            "a value in every row",
            "Fill or drop these rows: they count as not positive, or as outside of the group.",
        )
    if cells.is_continuous(several=len(given) > 1):
        yield from _threshold(role, cells, given, path, where)
    elif given and not any(_has(cells, value) for value in given):
        yield warning(
            f"{role}-value-absent",
            path,
            f"values that none of these rows has: {where}",
            "values of the column",
            "Check the values and their type.",
        )


def _threshold(
    role: str, cells: Cells, given: Sequence[Any], path: str, where: str
) -> Iterator[Finding]:
    if not given:
        yield warning(
            "facet-threshold-missing",  # a label has values
            path,
            f"no threshold, for a continuous column: {where}",
            "one number",
            "Threshold values must be provided for continuous features: give one.",
        )
        return
    try:
        threshold = float(given[0])
    except ValueError:
        yield warning(
            f"{role}-threshold-no-number",
            path,
            f"a text, for a continuous column: {where}",
            "one number",
            "Give a number, or store the column as text.",
        )
        return
    low, high = min(cells.numbers), max(cells.numbers)
    read = f"a threshold on a continuous column ({where})"
    if threshold == high:
        yield warning(
            f"{role}-empty-interval",
            path,
            f"{read}, equal to its maximum: no row is above it",
            "a threshold below the maximum",
            "Give a lower threshold, or store the column as text.",
        )
    elif threshold > high:
        yield warning(
            f"{role}-threshold-above-maximum",
            path,
            f"{read}, above its maximum",
            "a threshold below the maximum",
            "Give a lower threshold.",
        )
    elif threshold == low:
        yield warning(
            f"{role}-read-as-threshold",
            path,
            f"{read}, equal to its minimum: rows above it are meant, not those that have it",
            "a threshold, or a column of categories",
            "If you meant the rows that have the value, store the column as text.",
        )


def _has(cells: Cells, value: Any) -> bool:
    """Tell whether a cell is the given value, as it stands or in the column's type."""
    if cells.kind == "text":
        return str(value) in cells.texts
    if cells.kind == "bool":
        return str(bool(value)).lower() in {text.lower() for text in cells.texts}
    try:
        number = float(value)
    except ValueError:
        return False
    # Fractions are cut off for a column of integers in which no row has the value as given.
    return number in cells.numbers or (cells.kind == "int" and float(int(number)) in cells.numbers)
