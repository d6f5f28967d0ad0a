"""Columns that the config names, and columns that the data has: X15, X16, X17, X19.

`clarify_contract.check_columns` knows these rules too, and holds the config's own headers against
them when it is loaded. Lambda has no contract: a test keeps both the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from clarify_lambda.prepare.preflight.finding import Finding

Column = str | int
Config = Mapping[str, Any]

_JSON = ("application/json", "application/jsonlines")
_NAMED = re.compile(r'"\$\{(.+?)\}"')
_LONGEST = 60
_NO_FACET = "Unable to locate the facet."
_NO_LABEL = "Headers must contain label."
_NO_FEATURE = "Feature names not found."


def column_findings(config: Config, columns: Sequence[str]) -> Iterator[Finding]:
    """Yield what the config asks of a table's columns and they are not.

    Parameters
    ----------
    config
        A valid config without `headers`, whose dataset is CSV, JSON Lines or JSON with columns.
    columns
        Names of all columns. JSON has features, then label, then predicted label.
    """
    yield from _missing(_labels(config), columns, _NO_LABEL)
    yield from _missing(_facets(config), columns, _NO_FACET)
    yield from _missing(_others(config), columns, _NO_FEATURE)
    yield from _features(config, columns)
    yield from _placeholders(config, columns)
    yield from _baseline(config, columns)


def name_of(column: Column, columns: Sequence[str]) -> str | None:
    """Return the name of a column given by name or index, or None where there is no such column."""
    if isinstance(column, int):
        return columns[column] if column < len(columns) else None
    return column if column in columns else None


def sent_columns(config: Config, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the features: the columns that are sent to the model, in the dataset's order."""
    apart = [column for _, column in _labels(config)]
    if (key := config.get("joinsource_name_or_index")) is not None:
        apart.append(key)
    apart += config.get("excluded_columns") or ()
    left_out = {name_of(column, columns) for column in apart}
    features = columns[: len(columns) - len(json_targets(config))]
    return tuple(name for name in features if name not in left_out)


def json_targets(config: Config) -> list[str]:
    """Return the keys of the labels that a JSON dataset has, in its order; none for CSV."""
    keys = ("label", "predicted_label") if config["dataset_type"] in _JSON else ()
    return [key for key in keys if config.get(key) is not None]


def named_columns(config: Config) -> set[str]:
    """Return the columns that the config addresses by name, but for those to be explained."""
    named: list[object] = [
        column for _, column in (*_labels(config), *_facets(config), *_others(config))
    ]
    named.append(config.get("group_variable"))  # also where a facet dataset may have it
    return {column for column in named if isinstance(column, str)}


def headers_mismatch(
    headers: Sequence[str], columns: int, path: str = "$.headers"
) -> Iterator[Finding]:
    """Yield the mistake of headers that are not as many as the columns."""
    if len(headers) != columns:
        yield Finding(
            "X15",
            path,
            f"{len(headers)} headers for {columns} columns",
            "one header for each column",
            "Headers in config do not match with the number of columns in the dataset: "
            f"list {columns}, in the dataset's order.",
        )


def missing_facets(config: Config, columns: Sequence[str]) -> Iterator[Finding]:
    """Yield the facets that a dataset with these columns has not."""
    yield from _missing(_facet_columns(config), columns, _NO_FACET)


def missing_group(
    config: Config, columns: Sequence[str], facet_dataset: Sequence[str]
) -> Iterator[Finding]:
    """Yield the mistake of a group variable in neither dataset; an index is the dataset's."""
    if (group := config.get("group_variable")) is not None:
        places = columns if isinstance(group, int) else [*columns, *facet_dataset]
        yield from _missing(iter([("$.group_variable", group)]), places, _NO_FEATURE)


def missing_predicted_label(config: Config, columns: Sequence[str]) -> Iterator[Finding]:
    """Yield the mistake of a dataset of predicted labels that has not their column."""
    yield from _missing(iter([("$.predicted_label", predicted_label(config))]), columns, _NO_LABEL)


def predicted_label(config: Config) -> Column:
    """Return the column of a dataset of predicted labels; the container has a name for it."""
    given: Column = config.get("predicted_label", "predicted_label")
    return given


def _labels(config: Config) -> Iterator[tuple[str, Column]]:
    if config["dataset_type"] in _JSON:  # where they are expressions
        return
    if (label := config.get("label")) is not None:
        yield "$.label", label
    predicted = config.get("predicted_label")
    if predicted is not None and config.get("predicted_label_dataset_uri") is None:
        yield "$.predicted_label", predicted


def _facets(config: Config) -> Iterator[tuple[str, Column]]:
    if config.get("facet_dataset_uri") is None:
        yield from _facet_columns(config)


def _facet_columns(config: Config) -> Iterator[tuple[str, Column]]:
    for index, facet in enumerate(config.get("facet") or ()):
        yield f"$.facet[{index}].name_or_index", facet["name_or_index"]


def _others(config: Config) -> Iterator[tuple[str, Column]]:
    # With a facet dataset, the group variable may be a column of that.
    group = config.get("group_variable")
    if group is not None and config.get("facet_dataset_uri") is None:
        yield "$.group_variable", group
    if (key := config.get("joinsource_name_or_index")) is not None:
        yield "$.joinsource_name_or_index", key
    for index, column in enumerate(config.get("excluded_columns") or ()):
        yield f"$.excluded_columns[{index}]", column
    for index, segment in enumerate(config.get("segment_config") or ()):
        yield f"$.segment_config[{index}].name_or_index", segment["name_or_index"]


def _explained(config: Config) -> Iterator[tuple[str, Column]]:
    for method, key in (("shap", "features_to_explain"), ("pdp", "features")):
        columns = (config["methods"].get(method) or {}).get(key) or ()
        for index, column in enumerate(columns):
            yield f"$.methods.{method}.{key}[{index}]", column


def _missing(
    references: Iterator[tuple[str, Column]], columns: Sequence[str], words: str
) -> Iterator[Finding]:
    for path, column in references:
        if name_of(column, columns) is not None:
            continue
        if isinstance(column, int):
            allowed, hint = f"an index below {len(columns)}", "Count columns from 0."
        else:
            allowed, hint = f"one of {len(columns)} columns", "Name one of the dataset's columns."
        yield Finding("X16", path, _described(column), allowed, f"{words} {hint}")


def _features(config: Config, columns: Sequence[str]) -> Iterator[Finding]:
    yield from _missing(_explained(config), columns, _NO_FEATURE)
    features = sent_columns(config, columns)
    for path, column in _explained(config):
        name = name_of(column, columns)
        if name is not None and name not in features:
            yield Finding(
                "X16",
                path,
                f"{_described(column)}, which is not sent to the model",
                f"one of {len(features)} features",
                "Remove it: labels, join columns and excluded columns cannot be explained.",
            )


def _placeholders(config: Config, columns: Sequence[str]) -> Iterator[Finding]:
    template = (config.get("predictor") or {}).get("record_template") or ""
    features = sent_columns(config, columns)
    for name in dict.fromkeys(_NAMED.findall(template)):
        if name not in features:
            yield Finding(
                "X17",
                "$.predictor.record_template",
                f"the placeholder {_described(f'${{{name}}}')}",
                f"the name of one of {len(features)} features",
                "Name a column that is sent to the model.",
            )


def _baseline(config: Config, columns: Sequence[str]) -> Iterator[Finding]:
    features = len(sent_columns(config, columns))
    widths = [len(row) for row in baseline_rows(config) if isinstance(row, list)]
    if wrong := [width for width in widths if width != features]:
        yield Finding(
            "X19",
            "$.methods.shap.baseline",
            f"{len(wrong)} of {len(widths)} rows with another number of values, such as {wrong[0]}",
            f"{features} values in each row",
            "Give each row one value for each column that is sent to the model: no label, "
            "predicted label, join column or excluded column.",
        )


def baseline_rows(config: Config) -> Sequence[Any]:
    """Return the rows of a baseline in the config, as the dataset's rows are found."""
    rows = (config["methods"].get("shap") or {}).get("baseline")
    try:
        if config["dataset_type"] == "application/json" and not isinstance(rows, str):
            rows = jmespath.search(config["features"], rows)
        elif config["dataset_type"] == "application/jsonlines" and isinstance(rows, list):
            rows = [jmespath.search(config["features"], row) for row in rows]
    except JMESPathError:  # a function in the expression may fit the dataset only
        return ()
    return rows if isinstance(rows, list) else ()


def _described(column: Column) -> str:
    if isinstance(column, str) and len(column) > _LONGEST:
        return f"{json.dumps(column[:_LONGEST], ensure_ascii=False)}… ({len(column)} characters)"
    return json.dumps(column, ensure_ascii=False)
