"""Everything that preflight finds in a config and the first bytes of its dataset. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clarify_lambda.prepare.preflight.cells import cells_of_values
from clarify_lambda.prepare.preflight.columns import (
    Config,
    column_findings,
    headers_mismatch,
    json_targets,
    name_of,
    named_columns,
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
from clarify_lambda.prepare.preflight.values import value_findings

_WHOLE = "Run clarify validate --data, or a rehearsal, to have its content checked."


def data_findings(config: Config, dataset: Dataset) -> list[Finding]:
    """Return what the data shows about a config: mistakes that it proves, and warnings.

    Parameters
    ----------
    config
        A valid config.
    dataset
        What was seen of the dataset.
    """
    if dataset.head is None:
        return list(presence(dataset))
    if wrong := list(other_format(dataset.head, config)):
        return wrong
    try:
        return list(_content(config, dataset.head, dataset))
    except Stopped as stopped:
        return [stopped.finding]


def _content(config: Config, head: Head, dataset: Dataset) -> Iterator[Finding]:
    kind = config["dataset_type"]
    if kind == "text/csv":
        yield from _csv(config, head, dataset)
        return
    if kind in ("application/json", "application/jsonlines"):
        if config.get("time_series_data_config") is None:
            yield from _json(config, head, dataset)
            return
        parsed(head)
    yield not_checked(head.name, "data of which only the format was seen", _WHOLE)


def _csv(config: Config, head: Head, dataset: Dataset) -> Iterator[Finding]:
    headers = config.get("headers")
    found, wrong = read_csv(head, headers, named_columns(config))
    yield from wrong
    if mistakes := list(_columns(config, found.columns, found.width)):
        yield from mistakes
    elif not found.rows and dataset.whole:
        yield Finding(
            "dataset-empty",
            head.name,
            "a header row and no other row",
            "a row of data, or more",
            "Give files that hold rows.",
        )
    else:
        label = config.get("label")
        name = None if label is None else name_of(label, found.columns)
        yield from value_findings(config, found.columns, name, found.cells)


def _json(config: Config, head: Head, dataset: Dataset) -> Iterator[Finding]:
    records = read_records(head, config)
    width, targets = len(records[0]), json_targets(config)
    columns = config.get("headers") or [f"column_{place}" for place in range(width)]
    mistakes = [*odd_records(head, records), *_columns(config, columns, width)]
    if mistakes:
        yield from mistakes
        return
    values = dict(zip(columns, zip(*records, strict=True), strict=True))
    for key, name in zip(targets, columns[width - len(targets) :], strict=True):
        if all(value is None for value in values[name]):
            yield Finding(
                "json-nothing-found",
                f"$.{key}",
                f"nothing in any of the first {len(records)} records",
                "a value in the records",
                "Check the JMESPath expression.",
                severity="error" if dataset.whole else "warning",
            )
    label = columns[width - len(targets)] if "label" in targets else None
    yield from value_findings(config, columns, label, lambda name: cells_of_values(values[name]))


def _columns(config: Config, columns: Sequence[str], width: int) -> Iterator[Finding]:
    """Yield what the config asks of the columns and they are not."""
    headers = config.get("headers")
    if headers is None:
        yield from column_findings(config, columns)
    else:  # they were held against the rest of the config before it was deployed
        yield from headers_mismatch(headers, width)
