"""Request templates: the right placeholders, and JSON when they are filled (X5)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from clarify_contract.config.columns import JSON_KINDS
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.predictor import Predictor
from clarify_contract.config.rules.rule import Problem, rule
from clarify_contract.config.templates import (
    FEATURES,
    RECORDS,
    SERIES,
    names_in,
    sample_body,
    sample_record,
    words_in,
)

_CONTENT = "$.predictor.content_template"
_RECORD = "$.predictor.record_template"
_READS = (
    "dataset_type",
    "time_series_data_config?",
    "predictor.content_type",
    "predictor.content_template",
    "predictor.record_template",
)


def request_type(config: AnalysisKeys) -> str | None:
    """Return the form of the requests, or None where the config does not decide it."""
    if config.predictor is None:
        return None
    if config.predictor.content_type is not None:
        return config.predictor.content_type
    return config.dataset_type if config.dataset_type in (*JSON_KINDS, "text/csv") else None


@rule("X5", *_READS)
def json_lines_requests_have_a_template(config: AnalysisKeys) -> Iterator[Problem]:
    """JSON Lines requests need `content_template` with exactly one `$features`."""
    # What JSON Lines requests hold for time series is not documented.
    tables = config.time_series_data_config is None
    if request_type(config) != "application/jsonlines" or config.predictor is None or not tables:
        return
    template = config.predictor.content_template
    if isinstance(template, str) and words_in(template).count("features") == 1:
        return
    yield Problem(
        _CONTENT,
        _given(template, "features"),
        "a text with exactly one $features, for JSON Lines requests",
        'Write the line that the model reads, for example {"features":$features}.',
    )


@rule("X5", *_READS)
def json_requests_have_both_templates(config: AnalysisKeys) -> Iterator[Problem]:
    """JSON requests need `content_template` with `$record` or `$records`, and `record_template`."""
    if request_type(config) != "application/json" or config.predictor is None:
        return
    content, record = config.predictor.content_template, config.predictor.record_template
    if not isinstance(content, str) or sum(w in RECORDS for w in words_in(content)) != 1:
        yield Problem(
            _CONTENT,
            _given(content, *RECORDS),
            "a text with exactly one $record or $records, for JSON requests",
            'Write the request body, for example {"instances":$records}.',
        )
    if config.time_series_data_config is not None:
        if record is None or "target_time_series" not in words_in(record):
            yield Problem(
                _RECORD,
                _given(record, *SERIES),
                "a text with $target_time_series, for time series",
                'Write one record, for example {"start":$start_time,"target":$target_time_series}.',
            )
    elif record is None or _forms(record) != 1:
        yield Problem(
            _RECORD,
            _given(record, *FEATURES),
            'a text with one $features, or one $features_kvp, or "${Name}" for each feature',
            'Write one record as the model reads it, for example {"features":$features}.',
        )


def _forms(record: str) -> int:
    """Count the ways in which a record template asks for the features; one is right."""
    return sum(word in FEATURES for word in words_in(record)) + bool(names_in(record))


def _given(template: object, *wanted: str) -> str:
    if template is None:
        return "nothing"
    if not isinstance(template, str):
        return "an object"
    found = [word for word in words_in(template) if word in wanted]
    named = [f'"${{{name}}}"' for name in names_in(template)[:3]]
    shown = ", ".join([f"${word}" for word in found] + named)
    return f"a text with {shown}" if shown else "a text without that placeholder"


@rule("template-json", *_READS)
def filled_templates_are_json(config: AnalysisKeys) -> Iterator[Problem]:
    """Templates that are filled with a sample record parse as JSON."""
    if config.predictor is None or request_type(config) not in JSON_KINDS:
        return
    content, record = _templates(config.predictor)
    if record is not None and not _parses(sample_record(record)):
        yield _no_json(_RECORD)
    if content is not None and not _parses(sample_body(content)):
        yield _no_json(_CONTENT)


def _templates(predictor: Predictor) -> tuple[str | None, str | None]:
    content = predictor.content_template
    return content if isinstance(content, str) else None, predictor.record_template


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _no_json(path: str) -> Problem:
    return Problem(
        path,
        "a template that is no JSON when it is filled with a sample record",
        "JSON with placeholders",
        "Check brackets, commas and quotes: $features stands without quotes, "
        '"${Name}" is the whole value and has them.',
    )
