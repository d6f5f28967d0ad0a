"""What an analysis.json proves, read without the judge's code: the oracle of the mutation test."""

from __future__ import annotations

import json
import math
from typing import Any

Facts = frozenset[tuple[Any, ...]]


def facts(body: bytes) -> Facts | None:
    """Return every fact that a run is judged by; None where the file is no evidence at all.

    A fact is a place with its texts and a finite number. Two files with the same facts prove the
    same; a file that lacks one of another's facts proves less.
    """
    try:
        document = json.loads(
            body.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_once
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    found: set[tuple[Any, ...]] = set()
    for stage in ("pre_training_bias_metrics", "post_training_bias_metrics"):
        found |= set(_bias(stage, document.get(stage)))
    explanations = document.get("explanations")
    labels = explanations.get("kernel_shap") if isinstance(explanations, dict) else None
    for label, member in (labels if isinstance(labels, dict) else {}).items():
        member = member if isinstance(member, dict) else {}
        found.add(("expected", label, _number(member.get("expected_value"))))
        values = member.get("global_shap_values")
        for feature, value in (values if isinstance(values, dict) else {}).items():
            found.add(("shap", label, feature, _number(value)))
    return frozenset(found)


def _bias(stage: str, section: Any) -> list[tuple[Any, ...]]:
    if not isinstance(section, dict) or not isinstance(section.get("facets"), dict):
        return []
    label = section.get("label_value_or_threshold")
    found = []
    for facet, groups in section["facets"].items():
        for index, group in enumerate(groups if isinstance(groups, list) else []):
            metrics = group.get("metrics") if isinstance(group, dict) else None
            for entry in metrics if isinstance(metrics, list) else []:
                if isinstance(entry, dict):
                    place = (stage, json.dumps(label), facet, index)
                    text = json.dumps(group.get("value_or_threshold"))
                    value = _number(entry.get("value")) if entry.get("error") is None else None
                    found.append((*place, text, json.dumps(entry.get("name")), value))
    # The same entry twice says no more than once to a set; to a reader it says two things.
    return [(*fact, found.count(fact)) for fact in found]


def _number(value: Any) -> float | None:
    if type(value) not in (int, float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)
