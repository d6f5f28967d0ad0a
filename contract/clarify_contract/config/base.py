"""What every part of a config shares: frozen, exact, and able to give back what made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from clarify_contract.config.explain import explain
from clarify_contract.config.plain import plain_keywords
from clarify_contract.findings import Refused


class ConfigModel(BaseModel):
    """One JSON object of a config.

    Attributes that were not given are None. Texts that are compared without regard to case
    (`dataset_type`, `content_type`, …) are lower case here and as they were given in `to_json`.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        use_attribute_docstrings=True,
        # The input may be a baseline, which holds cells of data.
        hide_input_in_errors=True,
    )

    # What this object was made from, in its order and with its types. Never changed.
    _given: dict[str, Any] = PrivateAttr(default_factory=dict)

    def __init__(self, /, **given: Any) -> None:
        values = plain_keywords(given)
        try:
            super().__init__(**values)
        except ValidationError as error:
            details = error.errors(include_url=False)
            raise Refused(explain(details, type(self), type(self).__name__)) from None

    # Only direct construction comes through `__init__`. Without this mark pydantic would call it
    # for nested objects too, and their errors would lose their place in the whole.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy, with other values if wanted, which nothing checks: build a new config for that."""
        made = super().model_copy(update=update, deep=deep)
        if update:
            made._given = plain_keywords({**self._given, **update})
        return made

    @model_validator(mode="wrap")
    @classmethod
    def _keep_what_was_given(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(given)
        # `AnalysisConfig` may come here twice, from pydantic and from its `__init__`: that counts.
        if isinstance(given, dict) and not made._given:
            made._given = given
        return made
