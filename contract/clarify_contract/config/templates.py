"""The placeholders of request templates, and a request rendered from a sample record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

#: `"${Name}"`: the quotes belong to the placeholder, so that a number stays a number.
NAMED: Final = re.compile(r'"\$\{(.+?)\}"')
#: `$word`, to the end of the word: `$record` is not the beginning of `$records`.
WORD: Final = re.compile(r"\$([a-z_]+)(?![A-Za-z0-9_])")

FEATURES: Final = ("features", "features_kvp")
RECORDS: Final = ("record", "records")
SERIES: Final = ("start_time", "target_time_series", "related_time_series", "static_covariates")

# One record of each kind. The text in it shows where a template puts quotes around placeholders.
_SAMPLE: Mapping[str, str] = {
    "features": '[0, "text"]',
    "features_kvp": '{"number": 0, "text": "text"}',
    "feature_names": '["number", "text"]',
    "start_time": '"2024-01-01 00:00:00"',
    "target_time_series": "[1.0, 2.0]",
    "related_time_series": "[[1.0, 2.0]]",
    "static_covariates": '[0, "text"]',
}


def words_in(template: str) -> list[str]:
    """Return the words of the `$word` placeholders, in order and with repeats."""
    return WORD.findall(template)


def names_in(template: str) -> list[str]:
    """Return the names of the `"${Name}"` placeholders, in order and with repeats."""
    return NAMED.findall(template)


def sample_record(template: str) -> str:
    """Return one record as a template renders it from sample values."""
    return WORD.sub(_filled(_SAMPLE), NAMED.sub("0", template))


def sample_body(content_template: str, record: str = "{}") -> str:
    """Return a request body with one record."""
    values = {**_SAMPLE, "record": record, "records": f"[{record}]"}
    return WORD.sub(_filled(values), content_template)


def _filled(values: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    # A word that is no placeholder is text and stays.
    return lambda found: values.get(found[1], found[0])
