"""Two results of one analysis side by side: what differs by more than it may."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from clarify_contract.metrics import METRICS
from clarify_contract.result.analysis import AnalysisResult
from clarify_contract.result.parts import Explanations, PartialDependence

_ROUNDING: Final = 1e-6

#: How far two values may be apart, by metric code, and by ``shap``, ``expected_value`` and ``pdp``.
#: Counted metrics agree but for rounding. Sampled SHAP values of one model differ by some 0.001.
TOLERANCES: Final[Mapping[str, float]] = MappingProxyType(
    {**dict.fromkeys(METRICS, _ROUNDING), "shap": 0.005, "expected_value": 0.005, "pdp": 0.005}
)

#: What one place of an analysis holds; None for a value that could not be computed.
Held = float | str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two results differ.

    Attributes
    ----------
    path
        Where it is, from the top of ``analysis.json``, groups by their position.
    a, b
        What the two results hold there; None where they hold a null, or nothing.
    only
        ``"a"`` or ``"b"`` if only that one has the place.
    tolerance
        How far numbers may be apart there; None where a text is held.
    """

    path: str
    a: Held
    b: Held
    only: str | None
    tolerance: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two results.

    Attributes
    ----------
    compared
        How many places were looked at.
    differences
        Those where the results differ; empty if they are equal within the tolerances.
    """

    compared: int
    differences: tuple[Difference, ...]


def compare(
    a: AnalysisResult, b: AnalysisResult, tolerances: Mapping[str, float] | None = None
) -> Comparison:
    """Compare two results of the same analysis.

    Parameters
    ----------
    a, b
        The results, of which everything was read (`AnalysisResult.unread` is empty).
    tolerances
        Where they are to be others than `TOLERANCES`.

    Raises
    ------
    ValueError
        A tolerance has a name that is none of those of `TOLERANCES`.

    Examples
    --------
    >>> from clarify_contract.result import AnalysisResult, compare
    >>> def shap(value: float) -> AnalysisResult:
    ...     values = {"global_shap_values": {"age": value}, "expected_value": 0.5}
    ...     explained = {"kernel_shap": {"label0": values}}
    ...     return AnalysisResult.load({"version": "1.0", "explanations": explained})
    >>> [difference.path for difference in compare(shap(0.1), shap(0.11)).differences]
    ['explanations.kernel_shap.label0.global_shap_values.age']
    """
    allowed = {**TOLERANCES, **(tolerances or {})}
    if unknown := set(allowed) - set(TOLERANCES):
        raise ValueError(f"no tolerance is named {', '.join(sorted(unknown))}")
    left, right = dict(_places(a)), dict(_places(b))
    differences = []
    for path in (everywhere := {**left, **right}):
        place = everywhere[path]
        tolerance = None if place.kind is None else allowed.get(place.kind, _ROUNDING)
        if path not in right:
            differences.append(Difference(path, place.held, None, "a", tolerance))
        elif path not in left:
            differences.append(Difference(path, None, place.held, "b", tolerance))
        elif not _agree(held_a := left[path].held, held_b := right[path].held, tolerance):
            differences.append(Difference(path, held_a, held_b, None, tolerance))
    return Comparison(len(everywhere), tuple(differences))


@dataclass(frozen=True, slots=True)
class _Place:
    """What a place holds, and the name of its tolerance; None for what must be the same."""

    kind: str | None
    held: Held


def _agree(a: Held, b: Held, tolerance: float | None) -> bool:
    if isinstance(a, float) and isinstance(b, float) and tolerance is not None:
        return a == b or math.isclose(a, b, rel_tol=0, abs_tol=tolerance)
    return a == b


def _places(result: AnalysisResult) -> Iterator[tuple[str, _Place]]:
    for stage, section in (
        ("pre_training_bias_metrics", result.pre_training),
        ("post_training_bias_metrics", result.post_training),
    ):
        if section is not None:
            yield f"{stage}.label", _Place(None, section.label)
            positive = section.label_value_or_threshold
            yield f"{stage}.label_value_or_threshold", _Place(None, positive)
            for facet, groups in section.facets.items():
                for index, group in enumerate(groups):
                    path = f"{stage}.facets.{facet}[{index}]"
                    yield f"{path}.value_or_threshold", _Place(None, group.value_or_threshold)
                    for code, metric in group.metrics.items():
                        yield f"{path}.{code}", _Place(code, metric.value)
    if result.explanations is not None:
        yield from _explained(result.explanations)


def _explained(explanations: Explanations) -> Iterator[tuple[str, _Place]]:
    for label, shap in (explanations.kernel_shap or {}).items():
        path = f"explanations.kernel_shap.{label}"
        yield f"{path}.expected_value", _Place("expected_value", shap.expected_value)
        for feature, value in (shap.global_shap_values or {}).items():
            yield f"{path}.global_shap_values.{feature}", _Place("shap", value)
        for text, tokens in (shap.global_top_shap_text or {}).items():
            for token, value in tokens.items():
                place = f"{path}.global_top_shap_text.{text or ''}.{token}"
                yield place, _Place("shap", value)
    # The service orders features by SHAP values that are sampled: they are found by their names.
    for dependence in explanations.pdp or ():
        yield from _dependence(dependence)
    if (series := explanations.asymmetric_shapley_value) is not None:
        path = "explanations.asymmetric_shapley_value"
        yield f"{path}.direction", _Place(None, series.direction)
        yield f"{path}.granularity", _Place(None, series.granularity)


def _dependence(found: PartialDependence) -> Iterator[tuple[str, _Place]]:
    path = f"explanations.pdp.{found.feature_name}"
    yield f"{path}.data_type", _Place(None, found.data_type)
    for index, value in enumerate(found.feature_values or ()):
        # In the feature's own unit: such values agree in twelve digits, or are others.
        text = f"{value:.12g}" if isinstance(value, float) else str(value)
        yield f"{path}.feature_values[{index}]", _Place(None, text)
    for index, share in enumerate(found.data_distribution or ()):
        yield f"{path}.data_distribution[{index}]", _Place("pdp", share)
    for label, predictions in enumerate(found.model_predictions or ()):
        for index, prediction in enumerate(predictions):
            place = f"{path}.model_predictions[{label}][{index}]"
            yield place, _Place("pdp", prediction)
