"""The config to start from, and why it says what it says. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from clarify_contract import METRICS, POST_TRAINING, PRE_TRAINING
from clarify_contract.metrics import Stage
from clarify_local.starter.answers import Answers
from clarify_local.starter.choices import Choice

_STAGES: Final[Mapping[Stage, tuple[str, ...]]] = {
    "pre_training_bias": PRE_TRAINING,
    "post_training_bias": POST_TRAINING,
}


def possible(stage: Stage, *, grouped: bool) -> list[str]:
    """Return the metrics that a config with or without a group variable can ask for."""
    return [
        code for code in _STAGES[stage] if grouped or "group_variable" not in METRICS[code].needs
    ]


def config_of(
    answers: Answers,
    dataset_type: str,
    positive: Choice,
    groups: Mapping[str, Sequence[Choice]],
    methods: Mapping[Stage, Sequence[str]],
) -> dict[str, Any]:
    """Return the content of an analysis config.

    Parameters
    ----------
    answers
        What the person says.
    dataset_type
        What the data are.
    positive, groups
        The choices for the label, and for each facet.
    methods
        The metrics of each stage.
    """
    config: dict[str, Any] = {
        "dataset_type": dataset_type,
        "label": answers.label,
        "label_values_or_threshold": list(positive.values),
        "facet": [
            {"name_or_index": name}
            | ({"value_or_threshold": list(choice.values)} if choice.values else {})
            for name, choices in groups.items()
            for choice in choices
        ],
    }
    if answers.group is not None:
        config["group_variable"] = answers.group
    if answers.predicted is not None:
        config["predicted_label"] = answers.predicted
    config["methods"] = {
        stage: {
            "methods": _methods(stage, chosen, possible(stage, grouped=answers.group is not None))
        }
        for stage, chosen in methods.items()
    }
    return config


def reasons_of(
    config: Mapping[str, Any], positive: Choice, groups: Mapping[str, Sequence[Choice]]
) -> dict[str, str]:
    """Return why each key says what it says."""
    left_out = [code for stage in _STAGES for code in _left_out(config, stage)]
    reasons = {
        "dataset_type": "What the files hold, by their first bytes.",
        "label": "The outcome: you named it.",
        "label_values_or_threshold": positive.why,
        "facet": " ".join(f"{name}: {choices[0].why}" for name, choices in groups.items()),
        "group_variable": "People are also compared within the groups of this column (CDDL, "
        "CDDPL).",
        "predicted_label": "A model's answers stand in the data: no model is asked.",
        "methods": "Every metric that these data give a number for, and a report for people."
        + (f" Left out: {', '.join(left_out)}, which have none in some group." if left_out else ""),
    }
    return {key: reasons[key] for key in config}


def _methods(stage: Stage, chosen: Sequence[str], every: Sequence[str]) -> str | list[str]:
    kept = [code for code in every if code in chosen]
    return "all" if len(kept) == len(_STAGES[stage]) else kept


def _left_out(config: Mapping[str, Any], stage: Stage) -> list[str]:
    asked = config["methods"].get(stage, {}).get("methods", "all")
    every = possible(stage, grouped="group_variable" in config)
    return [] if asked == "all" else [code for code in every if code not in asked]
