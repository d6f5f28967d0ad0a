"""Read the explanation sections.

Labels and tokens are named by their position in findings (``{0}`` is the first member): the service
has written cell values for label names, and tokens are data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clarify_contract.result.parts import (
    AsymmetricShapley,
    Explanations,
    PartialDependence,
    ShapLabel,
)
from clarify_contract.result.reader import Reader


def read_explanations(reader: Reader, value: Any, path: str) -> Explanations:
    """Read whichever of the three kinds of explanation is there."""
    members = reader.members(value, path, ("kernel_shap", "pdp", "asymmetric_shapley_value"))
    shap = pdp = asymmetric = None
    if "kernel_shap" in members:
        shap = _labels(reader, members["kernel_shap"], f"{path}.kernel_shap")
    if "pdp" in members:
        place = f"{path}.pdp"
        pdp = tuple(
            _dependence(reader, entry, f"{place}[{index}]")
            for index, entry in enumerate(reader.items(members["pdp"], place, "a list of features"))
        )
    if "asymmetric_shapley_value" in members:
        place = f"{path}.asymmetric_shapley_value"
        asymmetric = _asymmetric(reader, members["asymmetric_shapley_value"], place)
    return Explanations(shap, pdp, asymmetric)


def _labels(reader: Reader, value: Any, path: str) -> dict[str, ShapLabel]:
    labels = reader.mapping(value, path, "an object of labels")
    return {
        label: _label(reader, body, f"{path}.{{{index}}}")
        for index, (label, body) in enumerate(labels.items())
    }


def _label(reader: Reader, value: Any, path: str) -> ShapLabel:
    members = reader.members(
        value, path, ("global_shap_values", "expected_value", "global_top_shap_text")
    )
    values = expected = text = None
    if "global_shap_values" in members:
        values = _numbers(reader, members["global_shap_values"], f"{path}.global_shap_values")
    if "expected_value" in members:
        expected = reader.number(members["expected_value"], f"{path}.expected_value")
    if "global_top_shap_text" in members:
        text = _tokens(reader, members["global_top_shap_text"], f"{path}.global_top_shap_text")
    return ShapLabel(values, expected, text)


def _numbers(reader: Reader, value: Any, path: str) -> dict[str, float]:
    numbers = {}
    for index, (key, member) in enumerate(
        reader.mapping(value, path, "an object of numbers").items()
    ):
        number = reader.number(member, f"{path}.{{{index}}}")
        if number is not None:
            numbers[key] = number
    return numbers


def _tokens(reader: Reader, value: Any, path: str) -> dict[str | None, Mapping[str, float]]:
    """Read tokens by feature, or tokens alone: documentation and SDK differ, and so did outputs."""
    members = reader.mapping(value, path, "an object of tokens or of features")
    nested: dict[str | None, Mapping[str, float]] = {}
    flat: dict[str, float] = {}
    for index, (key, member) in enumerate(members.items()):
        place = f"{path}.{{{index}}}"
        if isinstance(member, Mapping):
            nested[key] = _numbers(reader, member, place)
        elif (number := reader.number(member, place)) is not None:
            flat[key] = number
    if flat:
        nested[None] = flat
    return nested


def _dependence(reader: Reader, value: Any, path: str) -> PartialDependence:
    members = reader.members(
        value,
        path,
        (
            "feature_name",
            "data_type",
            "feature_values",
            "data_distribution",
            "model_predictions",
            "label_headers",
            "error",
        ),
    )

    def row(item: Any, place: str) -> tuple[float, ...] | None:
        return reader.all_or_none(item, place, reader.number)

    def of(key: str, read: Any) -> Any:
        return reader.all_or_none(members[key], f"{path}.{key}", read) if key in members else None

    return PartialDependence(
        reader.text(members, "feature_name", path),
        reader.text(members, "data_type", path),
        of("feature_values", lambda item, place: _feature_value(reader, item, place)),
        of("data_distribution", reader.number),
        of("model_predictions", row),
        of("label_headers", lambda item, place: _text(reader, item, place)),
        reader.text(members, "error", path),
    )


def _feature_value(reader: Reader, value: Any, path: str) -> str | bool | float | None:
    return value if isinstance(value, str | bool) else reader.number(value, path)


def _text(reader: Reader, value: Any, path: str) -> str | None:
    if not isinstance(value, str):
        reader.tell_type(path, value, "a text")
        return None
    return value


def _asymmetric(reader: Reader, value: Any, path: str) -> AsymmetricShapley:
    members = reader.members(value, path, ("explanation_results_path", "direction", "granularity"))
    return AsymmetricShapley(
        reader.text(members, "explanation_results_path", path),
        reader.text(members, "direction", path),
        reader.text(members, "granularity", path),
    )
