"""The config's JMESPath expressions, and what they find."""

from __future__ import annotations

from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from clarify_engine.data.problems import NO_FEATURES, problem
from clarify_engine.errors import AnalysisError

_MESSAGES = {
    "features": NO_FEATURES,
    "label": "Unable to locate the label.",
    "predicted_label": "Unable to locate the predicted label.",
}


class Expression:
    """A JMESPath expression of the config.

    Attributes
    ----------
    key
        The config's key: ``features``, ``label`` or ``predicted_label``.

    Parameters
    ----------
    key
        As the attribute.
    text
        The expression.

    Raises
    ------
    AnalysisError
        It is no JMESPath expression.
    """

    def __init__(self, key: str, text: str) -> None:
        self.key = key
        self._interpreter = TreeInterpreter()  # one for all lines: a new one costs half the search
        try:
            self._tree = jmespath.compile(text).parsed
        except JMESPathError:
            raise self.problem(
                "", "jmespath-syntax", repr(text), "a JMESPath expression", "Correct its syntax."
            ) from None

    def problem(self, place: str, id_: str, given: str, allowed: str, fix: str) -> AnalysisError:
        """Return the error for what this expression finds, or not, at a place."""
        path = f"$.{self.key} in {place}" if place else f"$.{self.key}"
        return problem(_MESSAGES[self.key], id_, path, given=given, allowed=allowed, fix=fix)

    def search(self, document: Any, place: str) -> Any:
        """Return what the expression finds; None for nothing.

        Raises
        ------
        AnalysisError
            It calls a function on a value that the function does not take.
        """
        try:
            return self._interpreter.visit(self._tree, document)
        except JMESPathError:  # its text quotes the value
            raise self.problem(
                place,
                "jmespath-failed",
                "values that a function in the expression does not take",
                "an expression that fits every record",
                "Check the functions in the expression.",
            ) from None

    def search_all(self, document: Any, place: str) -> Any:
        """Return what the expression finds in a document of all records, none of them lost.

        A projection such as ``[*].label`` drops nulls: what follows would belong to other records,
        also where features and labels have lost one each and are still equally many.

        Raises
        ------
        AnalysisError
            As `search`; or there are fewer values than records.
        """
        found = self.search(document, place)
        if self._tree["type"] == "projection" and isinstance(found, list):
            records = len(self._interpreter.visit(self._tree["children"][0], document))
            if len(found) < records:
                raise self.problem(
                    place,
                    "json-nulls-dropped",
                    f"{len(found)} values from {records} records",
                    "a value for each record",
                    "Give each record a value; JMESPath drops nulls, and later rows would shift.",
                )
        return found


def kind_of(value: Any) -> str:
    """Say in words what kind of JSON value this is, without the value."""
    if isinstance(value, list):
        return "a list of values" if value else "an empty list"
    words = {type(None): "nothing", dict: "an object", str: "a text", bool: "a boolean"}
    return words.get(type(value), "a number")
