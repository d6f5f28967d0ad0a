"""Request templates."""

from __future__ import annotations

from support_config.rule_cases.case import Case
from support_config.valid import GONE, bias, json_document, json_lines, series

CASES = [
    Case(
        "X5", json_lines, {}, {"predictor.content_template": GONE}, ["predictor.content_template"]
    ),
    Case(
        "X5",
        json_lines,
        {"predictor.content_type": "text/csv", "predictor.content_template": GONE},
        {"predictor.content_template": '{"a":$features,"b":$features}'},
        ["predictor.content_template"],
    ),
    Case(
        "X5",
        json_lines,
        {},
        {"predictor.content_template": '{"a":$features_kvp}'},
        ["predictor.content_template"],
    ),
    Case(
        "X5",
        bias,
        {
            "predictor.content_type": "application/jsonlines",
            "predictor.content_template": "$features",
        },
        {"predictor.content_type": "application/jsonlines"},
        ["predictor.content_template"],
    ),
    Case(
        "X5",
        json_document,
        {"predictor.content_template": "$record"},
        {"predictor.content_template": '{"a":"$recording"}'},
        ["predictor.content_template"],
    ),
    Case(
        "X5",
        json_document,
        {},
        {"predictor.content_template": "[$record,$records]"},
        ["predictor.content_template"],
    ),
    Case(
        "X5",
        json_document,
        {"predictor.record_template": "$features_kvp"},
        {"predictor.record_template": GONE},
        ["predictor.record_template"],
    ),
    Case(
        "X5",
        json_document,
        {"predictor.record_template": '{"a":$features,"n":$feature_names}'},
        {"predictor.record_template": '{"n":$feature_names}'},
        ["predictor.record_template"],
    ),
    Case(
        "X5",
        json_document,
        {"predictor.record_template": '{"A":"${age}"}'},
        {"predictor.record_template": '{"A":"${age}","b":$features}'},
        ["predictor.record_template"],
    ),
    Case(
        "X5",
        series,
        {},
        {"predictor.record_template": '{"start":$start_time}'},
        ["predictor.record_template"],
    ),
    Case(
        "template-json",
        json_document,
        {"predictor.content_template": '{"data":{"features":$record}}'},
        {"predictor.content_template": '{"data":{"features":$record}}}'},
        ["predictor.content_template"],
    ),
    Case(
        "template-json",
        json_document,
        {"predictor.record_template": '{"A":"${age}"}'},
        {"predictor.record_template": '{"A":["${age}"}'},
        ["predictor.record_template"],
    ),
    Case(
        "template-json",
        json_lines,
        {},
        {"predictor.content_template": '{"features":"$features"}'},
        ["predictor.content_template"],
    ),
    Case(
        "X17",
        json_document,
        {"predictor.record_template": '{"A":"${age}"}'},
        {"predictor.record_template": '{"A":"${agge}"}'},
        ["predictor.record_template"],
    ),
    Case(
        "X17",
        json_document,
        {},
        {"predictor.record_template": '{"A":"${label}"}'},
        ["predictor.record_template"],
    ),
]
