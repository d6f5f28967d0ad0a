"""The whole intervals.json of one run: how sure its bias metrics are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from clarify_contract.container import INTERVALS_FILE
from clarify_contract.findings import Finding
from clarify_contract.metrics import Stage
from clarify_contract.result.reader import ABSENT, Reader
from clarify_contract.result.reading import read_source


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends of an interval, which belong to it; infinite where it has no bound."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GroupIntervals:
    """The intervals of one sensitive group.

    Attributes
    ----------
    value_or_threshold
        Who is in the group, as ``analysis.json`` has it. It may hold a value of the data.
    rows, rest_rows
        How many rows the group has, and how many all others together.
    intervals
        By metric code; a metric without an interval is absent.
    """

    value_or_threshold: str | None
    rows: int | None
    rest_rows: int | None
    intervals: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class BiasIntervals:
    """How sure the bias metrics of a run are. Sections that the file does not have are None.

    Attributes
    ----------
    version
        ``"1.0"``.
    level
        How often such an interval covers the true value: 0.95.
    method
        How the intervals were computed, in words.
    seed, resamples
        Of the draws that they are quantiles of.
    pre_training, post_training
        The groups of each facet, in the order of ``analysis.json``.
    unread
        What stands in the file and not here, one finding each. Empty: everything was read.

    Examples
    --------
    >>> intervals = BiasIntervals.load(
    ...     {
    ...         "version": "1.0",
    ...         "level": 0.95,
    ...         "method": "quantiles of draws",
    ...         "seed": 0,
    ...         "resamples": 10000,
    ...         "pre_training_bias_metrics": {
    ...             "facets": {
    ...                 "sex": [
    ...                     {
    ...                         "value_or_threshold": "0",
    ...                         "rows": 200,
    ...                         "rest_rows": 300,
    ...                         "intervals": {"DPL": {"low": -0.1, "high": 0.2}},
    ...                     }
    ...                 ]
    ...             }
    ...         },
    ...     }
    ... )
    >>> intervals.at("pre_training_bias", "sex", 0, "DPL")
    Interval(low=-0.1, high=0.2)
    """

    version: str | None
    level: float | None
    method: str | None
    seed: int | None
    resamples: int | None
    pre_training: Mapping[str, tuple[GroupIntervals, ...]] | None
    post_training: Mapping[str, tuple[GroupIntervals, ...]] | None
    unread: tuple[Finding, ...]

    @classmethod
    def load(cls, source: Path | str | Mapping[str, Any]) -> Self:
        """Read the intervals of a run.

        Parameters
        ----------
        source
            A path, the JSON text itself (a text that starts with ``{``), or a mapping.

        Raises
        ------
        Refused
            If there is no JSON object to read. Whatever such an object holds does not raise: what
            cannot be read is in `unread`.
        """
        reader = Reader(INTERVALS_FILE)
        members = reader.members(
            read_source(source, INTERVALS_FILE),
            "$",
            (
                "version",
                "level",
                "method",
                "seed",
                "resamples",
                "pre_training_bias_metrics",
                "post_training_bias_metrics",
            ),
        )

        def section(key: str) -> Mapping[str, tuple[GroupIntervals, ...]] | None:
            return _section(reader, members[key], f"$.{key}") if key in members else None

        return cls(
            version=reader.text(members, "version", "$"),
            level=reader.number(members["level"], "$.level") if "level" in members else None,
            method=reader.text(members, "method", "$"),
            seed=_whole(reader, members, "seed", "$"),
            resamples=_whole(reader, members, "resamples", "$"),
            pre_training=section("pre_training_bias_metrics"),
            post_training=section("post_training_bias_metrics"),
            unread=tuple(reader.unread),
        )

    def at(self, stage: Stage, facet: str, index: int, code: str) -> Interval | None:
        """Return the interval of one metric, None if it has none.

        Parameters
        ----------
        stage, facet, index
            Where the metric stands; see `MetricAt`.
        code
            The metric.
        """
        section = self.pre_training if stage == "pre_training_bias" else self.post_training
        groups = (section or {}).get(facet, ())
        return groups[index].intervals.get(code) if 0 <= index < len(groups) else None


def _section(reader: Reader, value: Any, path: str) -> dict[str, tuple[GroupIntervals, ...]]:
    members = reader.members(value, path, ("facets",))
    place = f"{path}.facets"
    facets = reader.mapping(members.get("facets", ABSENT), place, "an object of facets")
    return {
        name: tuple(
            _group(reader, group, f"{place}.{name}[{index}]")
            for index, group in enumerate(
                reader.items(groups, f"{place}.{name}", "a list of groups")
            )
        )
        for name, groups in facets.items()
    }


def _group(reader: Reader, value: Any, path: str) -> GroupIntervals:
    keys = ("value_or_threshold", "rows", "rest_rows", "intervals")
    members = reader.members(value, path, keys)
    place = f"{path}.intervals"
    found = reader.mapping(members.get("intervals", ABSENT), place, "an object of intervals")
    read = {code: _interval(reader, ends, f"{place}.{code}") for code, ends in found.items()}
    return GroupIntervals(
        reader.text(members, "value_or_threshold", path),
        _whole(reader, members, "rows", path),
        _whole(reader, members, "rest_rows", path),
        {code: interval for code, interval in read.items() if interval is not None},
    )


def _whole(reader: Reader, members: Mapping[str, Any], key: str, path: str) -> int | None:
    place = f"{path}.{key}"
    number = reader.number(members[key], place) if key in members else None
    if number is not None and not number.is_integer():
        reader.tell("not-whole", place, "a number with a fraction", "a whole number")
        return None
    return None if number is None else int(number)


def _interval(reader: Reader, value: Any, path: str) -> Interval | None:
    members = reader.members(value, path, ("low", "high"))
    low, high = (
        reader.number_or_infinity(members.get(end, ABSENT), f"{path}.{end}")
        for end in ("low", "high")
    )
    if low is None or high is None:
        return None
    if low > high:
        reader.tell("ends-swapped", path, "a low end above the high end", "low at most high")
        return None
    return Interval(low, high)
