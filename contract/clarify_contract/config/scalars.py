"""The value types of an analysis config, checked as exactly as the container's schema checks them.

JSON knows one kind of number, the container's schema two: `1` is no float and `5.0` no int, and
neither is `true` a number. Each type here refuses with one error that says what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from clarify_contract.config.wording import did_you_mean

TYPE_ID = "schema-type"
NUMBER_ID = "X20"
VALUE_ID = "schema-value"


def refusal(finding_id: str, allowed: str, fix: str) -> PydanticCustomError:
    """Return the error that becomes the finding ``finding_id`` at the place it is raised."""
    # The texts go in as context, so that braces in them are not read as a template.
    return PydanticCustomError(finding_id, "{allowed}", {"allowed": allowed, "fix": fix})


def _only(allowed: str, *types: type) -> BeforeValidator:
    """Take these JSON types and no other; `bool` counts as no number."""

    def check(value: Any) -> Any:
        if type(value) in types:
            return value
        if float in types and type(value) is int:
            raise refusal(
                NUMBER_ID,
                "a number with a decimal point",
                f"Write {float(value)}: the container's schema takes no whole number here.",
            )
        if int in types and type(value) is float and value.is_integer():
            raise refusal(
                NUMBER_ID,
                "a whole number",
                f"Write {int(value)}, without a decimal point.",
            )
        raise refusal(TYPE_ID, allowed, f"Write {allowed}.")

    return BeforeValidator(check)


def one_of(choices: object, *, what: str) -> BeforeValidator:
    """Take one of the texts of a `Literal`, in any case, and give it in lower case."""
    allowed = get_args(choices)

    def check(value: Any) -> Any:
        if type(value) is not str:
            raise refusal(TYPE_ID, f"the name of a {what}", f"Write one of {_some(allowed)}.")
        if value.lower() not in allowed:
            raise refusal(
                VALUE_ID,
                f"one of {_some(allowed)}",
                did_you_mean(value.lower(), allowed) or f"Choose the {what} from this list.",
            )
        return value.lower()

    return BeforeValidator(check)


def checked(check: Callable[[Any], None]) -> BeforeValidator:
    """Run a check that raises a refusal, and leave the value as it is."""

    def run(value: Any) -> Any:
        check(value)
        return value

    return BeforeValidator(run)


def _some(allowed: Sequence[str], most: int = 10) -> str:
    shown = ", ".join(f'"{name}"' for name in allowed[:most])
    return shown if len(allowed) <= most else f"{shown} and {len(allowed) - most} more"


#: Takes a text; for `Literal`s whose case matters.
TEXT_ONLY = _only("a text", str)

Text = Annotated[str, TEXT_ONLY]
Flag = Annotated[bool, _only("true or false", bool)]
Whole = Annotated[int, _only("a whole number", int)]
Count = Annotated[int, Field(ge=1), _only("a whole number", int)]
Decimal = Annotated[float, _only("a number with a decimal point", float)]
Fraction = Annotated[float, Field(ge=0.0, le=1.0), _only("a number with a decimal point", float)]
TextOrWhole = Annotated[str | int, _only("a text or a whole number", str, int)]
Value = Annotated[int | float | str, _only("a number or a text", int, float, str)]


def _no_negative_index(value: Any) -> None:
    if type(value) is int and value < 0:
        raise refusal(
            VALUE_ID, "a column name or an index from 0", "Count columns from 0 at the first."
        )


NameOrIndex = Annotated[
    str | int,
    checked(_no_negative_index),
    _only("a column name or a 0-based index", str, int),
]

_LIST = _only("a list", list)
_Item = TypeVar("_Item")

Texts = Annotated[Sequence[Text], _LIST]
Wholes = Annotated[Sequence[Whole], _LIST]
TextsOrWholes = Annotated[Sequence[TextOrWhole], _LIST]
Values = Annotated[Sequence[Value], _LIST]
NamesOrIndices = Annotated[Sequence[NameOrIndex], _LIST]
Segments = Annotated[Sequence[TextsOrWholes], _LIST]
ListOf = Annotated[Sequence[_Item], _LIST]
