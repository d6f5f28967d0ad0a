"""Items of a dataset as their rows come in, in the order of the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from clarify_engine.data.expressions import kind_of
from clarify_engine.errors import AnalysisError
from clarify_engine.forecast.paths import SeriesPath
from clarify_engine.forecast.problems import unreadable
from clarify_engine.forecast.series import Scalar, Series, is_number, is_scalar, known_length


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the parts of a dataset are: one path for each column."""

    item_id: SeriesPath
    timestamp: SeriesPath
    target: SeriesPath
    related: Sequence[SeriesPath]
    static: Sequence[SeriesPath]

    @property
    def over_time(self) -> list[SeriesPath]:
        """Return the paths of what has a value for each time: times, target, related series."""
        return [self.timestamp, self.target, *self.related]


@dataclass(slots=True)
class _Item:
    item_id: Scalar
    place: str
    static: list[Any]
    rows: list[Sequence[Any]] = field(default_factory=list)
    times: set[Any] = field(default_factory=set)


class Items:
    """Takes in rows and makes items of them.

    An item's rows may stand anywhere, in several files, too: they follow each other as they came.
    Ids that read alike are one item, as 1 and "1" are: a baseline's keys are texts.

    Parameters
    ----------
    paths
        What the values of a row are.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._items: dict[str, _Item] = {}

    def add(self, place: str, item_id: Any, static: list[Any], rows: list[Sequence[Any]]) -> None:
        """Take in rows of one item.

        Parameters
        ----------
        place
            Where they stand, for findings.
        item_id, static
            The item's id, and its static covariates.
        rows
            For each time: the time, the target, and each related series.

        Raises
        ------
        AnalysisError
            The id, a time or a value cannot be one, a time comes twice, or a static covariate
            changes.
        """
        if not is_scalar(item_id):
            raise self._paths.item_id.problem(
                place, "forecast-item-id", kind_of(item_id), "a number or a text for each item"
            )
        for path, value in zip(self._paths.static, static, strict=True):
            if not is_scalar(value) and type(value) is not bool:
                raise path.problem(
                    place, "forecast-static", kind_of(value), "a number, a text or a boolean"
                )
        item = self._items.setdefault(str(item_id), _Item(item_id, place, static))
        if item.static != static:
            raise unreadable(
                "forecast-static-changes",
                f"$.time_series_data_config.static_covariates in {place}",
                "another value than an earlier row of the item has",
                "the same values in all rows of an item",
                "Make what changes over time a related time series.",
            )
        for row in rows:
            self._add_row(item, row, place)

    def _add_row(self, item: _Item, row: Sequence[Any], place: str) -> None:
        time, *values = row
        if not is_scalar(time):
            raise self._paths.timestamp.problem(
                place, "forecast-time", kind_of(time), "a number or a text for each time"
            )
        if time in item.times:
            raise self._paths.timestamp.problem(
                place,
                "forecast-time-twice",
                "a time that the item has already",
                "each time once in an item",
                "Remove the repeated rows, or add up what belongs to one time.",
            )
        for path, value in zip(self._paths.over_time[1:], values, strict=True):
            if value is not None and not is_number(value):
                raise path.problem(
                    place, "forecast-value", _what(value), "finite numbers, and null where missing"
                )
        item.times.add(time)
        item.rows.append(row)

    def series(self) -> list[Series]:
        """Return all items, in the order in which their first rows came.

        Raises
        ------
        AnalysisError
            An item has no time or no target, or a path finds no value in any item.
        """
        made = [self._series(item) for item in self._items.values()]
        for index, path in enumerate(self._paths.related):
            if all(value is None for series in made for value in series.related[index]):
                raise path.problem("", "forecast-nothing-found", "no value in any item", "numbers")
        return made

    def _series(self, item: _Item) -> Series:
        if not item.rows:
            raise self._nothing(self._paths.timestamp, item, "an item without times")
        times, target, *related = zip(*item.rows, strict=True)
        known = known_length(target)
        if not known:
            raise self._nothing(self._paths.target, item, "an item without a value of the target")
        steps = max([known, *map(known_length, related)])
        return Series(
            item.item_id,
            times[:steps],
            target[:known],
            [values[:steps] for values in related],
            item.static,
            item.place,
        )

    def _nothing(self, path: SeriesPath, item: _Item, given: str) -> AnalysisError:
        return path.problem(
            item.place,
            "forecast-item-empty",
            given,
            "one or more for each item",
            "Remove the item, or compare the JMESPath expression with the data.",
        )


def _what(value: Any) -> str:
    return "an infinite number" if isinstance(value, float) else kind_of(value)
