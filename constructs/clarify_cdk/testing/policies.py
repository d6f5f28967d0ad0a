"""Policy documents of a template, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clarify_cdk.testing.review import place

#: Operators that fail without the key; those that exclude a value, or hold if it is absent, demand
#: nothing.
_DEMANDING = {"ArnEquals", "ArnLike", "StringEquals", "StringEqualsIgnoreCase", "StringLike"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that allows something.

    Attributes
    ----------
    path
        Where it is, as findings name it.
    actions, resources
        As lists, whatever the template says; empty where it names what is *not* meant.
    inverted
        Which of ``NotAction``, ``NotResource`` and ``NotPrincipal`` it has.
    principals
        Who is meant, without the kind of principal; ``*`` is everybody.
    condition
        As in the template; empty where there is none.
    """

    path: str
    actions: list[str]
    resources: list[str]
    inverted: list[str]
    principals: list[str]
    condition: Mapping[str, Any]

    def condition_keys(self) -> set[str]:
        """Return the keys that must be there, with a certain value, in lower case."""
        return {
            key.lower()
            for operator, keys in self.condition.items()
            if operator.removeprefix("ForAnyValue:") in _DEMANDING
            for key, values in keys.items()
            if all(value.strip("*") for value in texts(values))
        }


def allowing(name: str, resource: Mapping[str, Any]) -> Iterator[Statement]:
    """Yield each statement of a resource's policy documents that allows something."""
    for where, document in _documents(resource.get("Properties", {}), ""):
        for number, statement in enumerate(listed(document["Statement"])):
            if isinstance(statement, Mapping) and statement.get("Effect") == "Allow":
                yield Statement(
                    path=place(name, resource, f"{where}.Statement[{number}]"),
                    actions=texts(statement.get("Action", [])),
                    resources=texts(statement.get("Resource", [])),
                    inverted=[
                        key
                        for key in ("NotAction", "NotResource", "NotPrincipal")
                        if key in statement
                    ],
                    principals=_principals(statement.get("Principal", [])),
                    condition=statement.get("Condition", {}),
                )


def _documents(value: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        if "Statement" in value:
            yield where, value
        for key, entry in value.items():
            yield from _documents(entry, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _documents(entry, f"{where}[{number}]")


def _principals(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for entry in value.values() for text in texts(entry)]
    return texts(value)


def listed(value: Any) -> list[Any]:
    """Return one or many as a list, with both of what CloudFormation chooses from."""
    match value:
        case {"Fn::If": [_, *branches], **rest} if not rest:
            return listed(branches)
        case list():
            return [entry for each in value for entry in listed(each)]
    return [value]


def texts(value: Any) -> list[str]:
    """Return one or many texts as a list; what only deployment knows is written as it stands."""
    return [entry if isinstance(entry, str) else str(entry) for entry in listed(value)]
