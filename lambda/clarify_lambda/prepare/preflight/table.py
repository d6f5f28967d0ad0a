"""The first rows of the dataset as a table, and what they show about a config. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from clarify_lambda.prepare.preflight.cells import Cells, cells_of_values, json_of_value
from clarify_lambda.prepare.preflight.columns import (
    Config,
    column_findings,
    headers_mismatch,
    json_targets,
    name_of,
    named_columns,
    sent_columns,
)
from clarify_lambda.prepare.preflight.csv_head import read_csv
from clarify_lambda.prepare.preflight.dataset import (
    Dataset,
    Head,
    not_checked,
    other_format,
    presence,
)
from clarify_lambda.prepare.preflight.finding import Finding, Stopped
from clarify_lambda.prepare.preflight.json_head import odd_records, parsed, read_records
from clarify_lambda.prepare.preflight.series import series_findings
from clarify_lambda.prepare.preflight.values import value_findings

_WHOLE = "Run clarify validate --data, or a rehearsal, to have its content checked."


@dataclass(frozen=True)
class Table:
    """What a dataset's first rows hold, where the config fits them.

    Attributes
    ----------
    columns
        All of its columns.
    features
        The columns that are sent to the model, in their order.
    rows
        About how many rows the dataset has, by the bytes of those that were read.
    json
        Returns the first cells of a column as JSON, as they are sent to a model.
    """

    columns: Sequence[str]
    features: tuple[str, ...]
    rows: int
    json: Callable[[str, int], list[str]]


def read_table(config: Config, dataset: Dataset) -> tuple[list[Finding], Table | None]:
    """Return what the dataset shows about a config, and its table if that is known then.

    Parameters
    ----------
    config
        A valid config.
    dataset
        What was seen of the dataset.
    """
    if dataset.head is None:
        return list(presence(dataset)), None
    if wrong := list(other_format(dataset.head, config["dataset_type"])):
        return wrong, None
    try:
        kind = config["dataset_type"]
        if kind == "text/csv":
            return _csv(config, dataset.head, dataset)
        if kind == "application/jsonlines":
            return _json(config, dataset.head, dataset)
        if kind == "application/json":
            if (series := config.get("time_series_data_config")) is None:
                return _json(config, dataset.head, dataset)
            return list(series_findings(series, parsed(dataset.head), dataset.head.name)), None
    except Stopped as stopped:
        return [stopped.finding], None
    return [not_checked(dataset.head.name, "data of which only the format was seen", _WHOLE)], None


def about_rows(data: Dataset, read: int) -> int:
    """Return about how many rows data have, of whose first bytes `read` rows were made."""
    if data.head is None or data.whole:
        return read
    return round(data.size * read / max(len(data.head.body), 1))


def _csv(config: Config, head: Head, dataset: Dataset) -> tuple[list[Finding], Table | None]:
    found, wrong = read_csv(head, config.get("headers"), named_columns(config))
    if mistakes := list(_columns(config, found.columns, found.width)):
        return [*wrong, *mistakes], None
    if not found.rows and dataset.whole:
        empty = Finding(
            "dataset-empty",
            head.name,
            "a header row and no other row",
            "a row of data, or more",
            "Give files that hold rows.",
        )
        return [*wrong, empty], None
    label = config.get("label")
    name = None if label is None else name_of(label, found.columns)
    values = value_findings(config, found.columns, name, found.cells)
    return [*wrong, *values], Table(
        found.columns,
        sent_columns(config, found.columns),
        about_rows(dataset, len(found.rows)),
        found.json,
    )


def _json(config: Config, head: Head, dataset: Dataset) -> tuple[list[Finding], Table | None]:
    records = read_records(head, config)
    width, targets = len(records[0]), json_targets(config)
    columns = config.get("headers") or [f"column_{place}" for place in range(width)]
    if mistakes := [*odd_records(head, records), *_columns(config, columns, width)]:
        return mistakes, None
    values = dict(zip(columns, zip(*records, strict=True), strict=True))

    def cells(name: str) -> Cells:
        return cells_of_values(values[name])

    def json(name: str, most: int) -> list[str]:
        return list(map(json_of_value, values[name][:most]))

    label = columns[width - len(targets)] if "label" in targets else None
    last = columns[width - len(targets) :]
    findings = [
        *_nothing_found({k: values[name] for k, name in zip(targets, last, strict=True)}, dataset),
        *value_findings(config, columns, label, cells),
    ]
    features, rows = sent_columns(config, columns), about_rows(dataset, len(records))
    return findings, Table(columns, features, rows, json)


def _nothing_found(targets: dict[str, Sequence[Any]], dataset: Dataset) -> Iterator[Finding]:
    """Yield the expressions for labels that give no value in any record."""
    for key, values in targets.items():
        if all(value is None for value in values):
            yield Finding(
                "json-nothing-found",
                f"$.{key}",
                f"nothing in any of the first {len(values)} records",
                "a value in the records",
                "Check the JMESPath expression.",
                severity="error" if dataset.whole else "warning",
            )


def _columns(config: Config, columns: Sequence[str], width: int) -> Iterator[Finding]:
    """Yield what the config asks of the columns and they are not."""
    headers = config.get("headers")
    if headers is None:
        yield from column_findings(config, columns)
    else:  # they were held against the rest of the config before it was deployed
        yield from headers_mismatch(headers, width)
