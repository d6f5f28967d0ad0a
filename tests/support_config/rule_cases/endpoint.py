"""The model's side."""

from __future__ import annotations

from support_config.rule_cases.case import Case
from support_config.valid import GONE, bias, model

CASES = [
    Case(
        "X3",
        bias,
        {},
        {"predictor.initial_instance_count": GONE},
        ["predictor.initial_instance_count"],
    ),
    Case(
        "X3",
        bias,
        {},
        {"predictor.initial_instance_count": 0},
        ["predictor.initial_instance_count"],
    ),
    Case("X3", bias, {}, {"predictor.instance_type": GONE}, ["predictor.instance_type"]),
    Case(
        "X4",
        bias,
        {"predictor": {"endpoint_name": "loans"}},
        {"predictor": model(endpoint_name="loans")},
        ["predictor"],
    ),
    Case("X4", bias, {}, {"predictor": {"probability": 0}}, ["predictor"]),
    Case(
        "X4",
        bias,
        {"predictor.endpoint_name_prefix": "sm-loan"},
        {"predictor": {"endpoint_name": "loans", "endpoint_name_prefix": "sm-loan"}},
        ["predictor.endpoint_name_prefix"],
    ),
    Case(
        "X18",
        bias,
        {"predictor.endpoint_name_prefix": "a" * 23},
        {"predictor.endpoint_name_prefix": "a" * 24},
        ["predictor.endpoint_name_prefix"],
    ),
    Case(
        "X18",
        bias,
        {"predictor.endpoint_name_prefix": "ab-c"},
        {"predictor.endpoint_name_prefix": "ab_c!"},
        ["predictor.endpoint_name_prefix"],
    ),
    Case(
        "X18",
        bias,
        {"predictor.endpoint_name_prefix": "ab"},
        {"predictor.endpoint_name_prefix": "a"},
        ["predictor.endpoint_name_prefix"],
    ),
    Case(
        "resource-name",
        bias,
        {"predictor.model_name": "m--m"},
        {"predictor.model_name": "m" + "--m" * 21},
        ["predictor.model_name"],
    ),
    Case(
        "resource-name",
        bias,
        {"predictor.model_name": "m" * 63},
        {"predictor.model_name": "m" * 64},
        ["predictor.model_name"],
    ),
    Case(
        "resource-name",
        bias,
        {"predictor": {"endpoint_name": "loans"}},
        {"predictor": {"endpoint_name": "arn:aws:sagemaker:x"}},
        ["predictor.endpoint_name"],
    ),
    Case(
        "custom-attributes",
        bias,
        {"predictor.custom_attributes": "c" * 1024},
        {"predictor.custom_attributes": "c" * 1025},
        ["predictor.custom_attributes"],
    ),
    Case(
        "custom-attributes",
        bias,
        {},
        {"predictor.custom_attributes": "ä"},
        ["predictor.custom_attributes"],
    ),
]
