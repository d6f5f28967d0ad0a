"""Read the bias sections."""

from __future__ import annotations

from typing import Any

from clarify_contract.result.parts import BiasSection, FacetGroup, MetricValue
from clarify_contract.result.reader import ABSENT, Reader


def read_bias(reader: Reader, value: Any, path: str) -> BiasSection:
    """Read one section: label, positive outcome, and the groups of each facet."""
    members = reader.members(value, path, ("label", "label_value_or_threshold", "facets"))
    facets = reader.mapping(members.get("facets", ABSENT), f"{path}.facets", "an object of facets")
    return BiasSection(
        reader.text(members, "label", path),
        reader.text(members, "label_value_or_threshold", path),
        {
            name: tuple(
                _group(reader, group, f"{path}.facets.{name}[{index}]")
                for index, group in enumerate(
                    reader.items(groups, f"{path}.facets.{name}", "a list of groups")
                )
            )
            for name, groups in facets.items()
        },
    )


def _group(reader: Reader, value: Any, path: str) -> FacetGroup:
    members = reader.members(value, path, ("value_or_threshold", "metrics"))
    place = f"{path}.metrics"
    metrics: dict[str, MetricValue] = {}
    for index, entry in enumerate(
        reader.items(members.get("metrics", ABSENT), place, "a list of metrics")
    ):
        metric = _metric(reader, entry, f"{place}[{index}]")
        if metric is None:
            continue
        if metric.name in metrics:
            reader.tell("metric-twice", f"{place}[{index}]", "a metric again", "each metric once")
        else:
            metrics[metric.name] = metric
    return FacetGroup(reader.text(members, "value_or_threshold", path), metrics)


def _metric(reader: Reader, value: Any, path: str) -> MetricValue | None:
    members = reader.members(value, path, ("name", "description", "value", "error"))
    name = reader.text(members, "name", path)
    if name is None:
        reader.tell("metric-without-name", path, "a metric without a name", "a metric's code")
        return None
    number = None
    if "value" not in members:
        reader.tell("value-missing", path, "no value", "a number, a text for an infinity, or null")
    elif members["value"] is not None:
        number = reader.number_or_infinity(members["value"], f"{path}.value")
    return MetricValue(
        name,
        reader.text(members, "description", path),
        number,
        reader.text(members, "error", path),
    )
