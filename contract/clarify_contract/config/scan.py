"""What no value in a config may be, whatever key it stands at."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from clarify_contract.config.paths import Place, data_place, json_path
from clarify_contract.config.wording import describe
from clarify_contract.findings import Finding
from clarify_contract.tokens import is_list_token, is_number_token, is_token

#: Where a name or an S3 URI may be known at deploy time only.
TOKEN_PLACES: frozenset[Place] = frozenset(
    {
        ("dataset_uri",),
        ("facet_dataset_uri",),
        ("predicted_label_dataset_uri",),
        ("methods", "shap", "baseline"),
        ("methods", "asymmetric_shapley_value", "baseline"),
        ("predictor", "model_name"),
        ("predictor", "endpoint_name"),
        ("predictor", "endpoint_name_prefix"),
        ("predictor", "target_model"),
    }
)


class Bad(NamedTuple):
    """A value that may stand nowhere, or not there."""

    place: Place
    finding: Finding


def scan(given: dict[str, Any]) -> list[Bad]:
    """Return every null, unknowable number, CDK token out of place and text that is no Unicode."""
    return list(_scan(given, ()))


def _scan(value: Any, place: Place) -> Iterator[Bad]:
    for refuse in _REFUSALS:
        if (words := refuse(value, place)) is not None:
            finding_id, given, allowed, fix = words
            path = json_path(data_place(place) or place)
            yield Bad(place, Finding(finding_id, path, given, allowed, fix))
            return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _scan_key(key, place)
            yield from _scan(item, (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _scan(item, (*place, index))


def _scan_key(key: str, place: Place) -> Iterator[Bad]:
    for refuse in (_no_token, _no_list_token, _no_broken_text):
        # A key is never a name or URI that CDK may leave open.
        if (words := refuse(key, (*place, "key"))) is not None:
            finding_id, given, allowed, fix = words
            path = json_path(data_place(place) or place)
            yield Bad((*place, key), Finding(finding_id, path, f"a key: {given}", allowed, fix))


Words = tuple[str, str, str, str]


def _no_null(value: Any, place: Place) -> Words | None:
    if value is not None or data_place(place):
        return None
    return "schema-null", "null", "a value, or no such key", "Leave the key out."


def _no_token(value: Any, place: Place) -> Words | None:
    if not is_token(value) or place in TOKEN_PLACES:
        return None
    return (
        "cdk-token",
        "a CDK token, which has a value at deploy time only",
        "a value that is known now",
        "Write the value itself; tokens may stand for model and endpoint names and for S3 URIs.",
    )


def _no_list_token(value: Any, place: Place) -> Words | None:
    if not is_list_token(value):
        return None
    return (
        "cdk-token",
        "a CDK list token, which has a value at deploy time only",
        "a value that is known now",
        "Write the list itself.",
    )


def _no_number_token(value: Any, place: Place) -> Words | None:
    if not is_number_token(value):
        return None
    return (
        "cdk-token",
        "a CDK number token, which has a value at deploy time only",
        "a number that is known now",
        "Write the number itself.",
    )


def _no_endless_number(value: Any, place: Place) -> Words | None:
    if not isinstance(value, float) or math.isfinite(value):
        return None
    shown = "a number that is not finite" if data_place(place) else describe(value)
    return "number-not-finite", shown, "a finite number", "JSON has no NaN and no Infinity."


def _no_broken_text(value: Any, place: Place) -> Words | None:
    if not isinstance(value, str):
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return (
            "text-not-unicode",
            "a text with half of a surrogate pair",
            "Unicode text",
            "Correct the escape: \\ud800 to \\udfff come in pairs.",
        )
    return None


_REFUSALS: tuple[Callable[[Any, Place], Words | None], ...] = (
    _no_null,
    _no_token,
    _no_list_token,
    _no_number_token,
    _no_endless_number,
    _no_broken_text,
)
