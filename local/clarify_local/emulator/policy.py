"""Judges IAM policies: what they say about one action on one resource.

moto's own judgement ignores conditions, treats a statement whose condition does not hold as a
denial, and takes ``.`` and ``?`` in a pattern for regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from typing import Any, Literal

Decision = Literal["allowed", "denied", "silent"]
Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """One action on one resource.

    Attributes
    ----------
    context
        Values of condition keys, by key in lower case. A key that belongs to the request but has no
        value holds an empty tuple; a key that is missing here is one the emulator cannot tell.
    """

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def as_list(value: Any) -> list[Any]:
    """Return a list: policies may give one item in place of a list of one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def matches(pattern: str, value: str) -> bool:
    """Tell whether ``*`` and ``?`` of an IAM pattern cover a value."""
    return _expression(pattern).match(value) is not None


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    # fnmatch also knows "[...]", which IAM does not.
    return re.compile(translate(pattern.replace("[", "[[]")))


def judge(
    statements: Iterable[Statement], request: Request, *, ignored: Callable[[str], None]
) -> Decision:
    """Return what the statements together say about a request.

    Parameters
    ----------
    statements
        Of identity policies, or those of a resource policy that concern the caller.
    ignored
        Told each condition that could not be judged. Such a condition is taken to hold in an
        ``Allow`` and not to hold in a ``Deny``: the emulator never denies what it cannot tell.

    Returns
    -------
    str
        ``denied`` if any Deny applies, else ``allowed`` if any Allow applies, else ``silent``.
    """
    decision: Decision = "silent"
    for statement in statements:
        if not _applies(statement, request, ignored):
            continue
        if statement["Effect"] == "Deny":
            return "denied"
        decision = "allowed"
    return decision


def _applies(statement: Statement, request: Request, ignored: Callable[[str], None]) -> bool:
    if not _covers(statement, "Action", request.action.lower(), lower=True):
        return False
    if not _covers(statement, "Resource", request.resource, lower=False):
        return False
    allow = statement["Effect"] == "Allow"
    for operator, wanted in (statement.get("Condition") or {}).items():
        for key, values in wanted.items():
            held = condition_holds(operator, key, as_list(values), request.context)
            if held is None:
                ignored(f"condition {operator} {key} of {request.action}")
                held = allow
            if not held:
                return False
    return True


def _covers(statement: Statement, element: str, value: str, *, lower: bool) -> bool:
    for name, wanted in ((element, True), (f"Not{element}", False)):
        if name in statement:
            patterns = [p.lower() if lower else p for p in as_list(statement[name])]
            return any(matches(pattern, value) for pattern in patterns) is wanted
    return True  # trust policies have no Resource


def _equals(value: str, pattern: str) -> bool:
    return value == pattern


def _equals_ignoring_case(value: str, pattern: str) -> bool:
    return value.lower() == pattern.lower()


def _like(value: str, pattern: str) -> bool:
    return matches(pattern, value)


def _at_most(value: str, limit: str) -> bool:
    return float(value) <= float(limit)


def _below(value: str, limit: str) -> bool:
    return float(value) < float(limit)


_OPERATORS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (_equals, True),
    "StringNotEquals": (_equals, False),
    "StringEqualsIgnoreCase": (_equals_ignoring_case, True),
    "StringNotEqualsIgnoreCase": (_equals_ignoring_case, False),
    "StringLike": (_like, True),
    "StringNotLike": (_like, False),
    "ArnEquals": (_like, True),
    "ArnLike": (_like, True),
    "ArnNotEquals": (_like, False),
    "ArnNotLike": (_like, False),
    "Bool": (_equals_ignoring_case, True),
    "NumericEquals": (lambda value, limit: float(value) == float(limit), True),
    "NumericLessThanEquals": (_at_most, True),
    "NumericGreaterThan": (_at_most, False),
    "NumericLessThan": (_below, True),
    "NumericGreaterThanEquals": (_below, False),
}


def condition_holds(
    operator: str, key: str, wanted: Sequence[Any], context: Mapping[str, tuple[str, ...]]
) -> bool | None:
    """Return whether one condition holds; None if its key or operator is not known here.

    Examples
    --------
    >>> condition_holds("StringLike", "s3:prefix", ["data/*"], {"s3:prefix": ("data/2026",)})
    True
    >>> condition_holds("StringLike", "s3:prefix", ["data/*"], {"s3:prefix": ()})
    False
    >>> condition_holds("StringEquals", "aws:ResourceTag/team", ["a"], {}) is None
    True
    """
    if key.lower() not in context:
        return None
    values = context[key.lower()]
    wanted = [str(item).lower() if isinstance(item, bool) else str(item) for item in wanted]
    if operator == "Null":
        return (not values) is (wanted[0] == "true")
    qualifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    known = _OPERATORS.get(name.removesuffix("IfExists"))
    if known is None:
        return None
    test, positive = known
    if not values:
        # An absent key satisfies negative operators, "IfExists" and "ForAllValues".
        return if_exists or not positive or qualifier == "ForAllValues"
    hits = [any(test(value, item) for item in wanted) is positive for value in values]
    return all(hits) if qualifier == "ForAllValues" else any(hits)
