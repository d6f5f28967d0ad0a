"""JMESPath into a forecasting dataset, with missing values kept in their places.

A JMESPath projection drops nulls, and AWS's own example (``[].p_mbar``, null from where the
forecast begins) would lose the places of all that follows. The service's output of that example
shows that it does not; so here a projection keeps them.
"""

from __future__ import annotations

from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from clarify_engine.data.expressions import kind_of
from clarify_engine.errors import AnalysisError
from clarify_engine.forecast.problems import unreadable


class _KeepsNulls(TreeInterpreter):  # type: ignore[misc] # jmespath has no types
    """Evaluates projections over lists as JMESPath does, but for the nulls.

    Attributes
    ----------
    first
        The projection that was evaluated first, which is the one over the items; None before.
    items
        What it went over.
    only
        What it shall go over instead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first: Any = None
        self.items: Any = None
        self.only: list[Any] | None = None

    def visit_projection(self, node: Any, value: Any) -> Any:
        base = self._base(node, value)
        if not isinstance(base, list):
            return None
        return [self.visit(node["children"][1], element) for element in base]

    def visit_filter_projection(self, node: Any, value: Any) -> Any:
        base = self._base(node, value)
        if not isinstance(base, list):
            return None
        return [
            self.visit(node["children"][1], element)
            for element in base
            if self._is_true(self.visit(node["children"][2], element))
        ]

    def _base(self, node: Any, value: Any) -> Any:
        if self.only is not None and node is self.first:
            return self.only
        base = self.visit(node["children"][0], value)
        if self.first is None:
            self.first, self.items = node, base
        return base


class SeriesPath:
    """One address of `time_series_data_config`.

    Parameters
    ----------
    key
        Its key there, for findings.
    address
        The JMESPath expression.

    Raises
    ------
    AnalysisError
        It is an index, which JSON has no columns for, or no JMESPath expression.
    """

    def __init__(self, key: str, address: str | int) -> None:
        self._key = f"$.time_series_data_config.{key}"
        if not isinstance(address, str):
            raise self.problem(
                "", "forecast-address", "an index", "a JMESPath expression, as the data are JSON"
            )
        try:
            self._tree = jmespath.compile(address).parsed
        except JMESPathError:
            raise self.problem(
                "", "jmespath-syntax", repr(address), "a JMESPath expression"
            ) from None

    def problem(
        self,
        place: str,
        id_: str,
        given: str,
        allowed: str,
        fix: str = "Compare the JMESPath expression, and dataset_format, with the data.",
    ) -> AnalysisError:
        """Return the error for what this path finds, or not, at a place."""
        return unreadable(
            id_, f"{self._key} in {place}" if place else self._key, given, allowed, fix
        )

    def rows(self, document: Any, place: str) -> list[Any]:
        """Return one value for each row of a document, nulls included.

        Raises
        ------
        AnalysisError
            It finds something else than a list.
        """
        return self._search(_KeepsNulls(), document, place)

    def by_item(self, document: Any, place: str) -> list[list[Any]]:
        """Return what the expression finds in each item of a document, as if there were no other.

        Raises
        ------
        AnalysisError
            It does not go over a list of items, or finds something else than a list in one.
        """
        interpreter = _KeepsNulls()
        self._search(interpreter, document, place)
        if not isinstance(interpreter.items, list):
            raise self.problem(
                place,
                "forecast-no-projection",
                "an expression that does not go over a list of items",
                "one that begins with the list of items, such as [*].id",
            )
        found = []
        for number, item in enumerate(interpreter.items, 1):
            interpreter.only = [item]
            found.append(self._search(interpreter, document, f"{place} item {number}"))
        return found

    def _search(self, interpreter: _KeepsNulls, document: Any, place: str) -> list[Any]:
        try:
            found = interpreter.visit(self._tree, document)
        except JMESPathError:  # its text quotes the value
            raise self.problem(
                place,
                "jmespath-failed",
                "values that a function in the expression does not take",
                "an expression that fits the data",
            ) from None
        if not isinstance(found, list):
            raise self.problem(place, "forecast-nothing-found", kind_of(found), "a list")
        return found
