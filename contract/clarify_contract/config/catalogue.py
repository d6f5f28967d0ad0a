"""Every finding on a config, by id: the table for documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from clarify_contract.config.misleading.table import WARNINGS
from clarify_contract.config.rules.table import RULES
from clarify_contract.findings import Severity


class Entry(NamedTuple):
    """One id, how much it weighs, and what holds where it is not found."""

    id: str
    severity: Severity
    sentence: str


# Findings that no rule of the tables makes: on the file, on single values, and on the job.
_OTHERS: Final = (
    Entry("config-unreadable", "error", "The config is a file that can be read."),
    Entry("config-not-json", "error", "The config is one JSON object in UTF-8."),
    Entry("schema-repeated-key", "error", "Each key stands once."),
    Entry("schema-unknown-key", "error", "The analysis config knows each key."),
    Entry("schema-missing-key", "error", "Required keys are there."),
    Entry("schema-type", "error", "Each value has its type; booleans are no numbers."),
    Entry("schema-value", "error", "Each value is one of those allowed, or in its range."),
    Entry("schema-null", "error", "No value is null, except cells of a baseline."),
    Entry("X20", "error", "Floats have a decimal point, whole numbers have none."),
    Entry("metric-unknown", "error", "Metrics are `all`, or a list of codes of their stage."),
    Entry("number-not-finite", "error", "Numbers are finite."),
    Entry("text-not-unicode", "error", "Texts are Unicode."),
    Entry("cdk-token", "error", "CDK tokens stand for names and S3 URIs only."),
    Entry("sagemaker-object", "error", "Objects of the SageMaker SDK stand where they belong."),
    Entry("sagemaker-method-twice", "error", "SDK objects name each method once."),
    Entry("sagemaker-pipeline-variable", "error", "SDK objects hold no pipeline variables."),
    Entry("X6", "error", "Jobs on a Parquet dataset run on one instance."),
    Entry("X14", "error", "Jobs on several instances have `joinsource_name_or_index`."),
    Entry("X15", "error", "`headers` has one name for each column of the dataset."),
    Entry("instance-count", "error", "Jobs run on 1 to 100 instances."),
    Entry("dataset-missing", "error", "The job has a dataset."),
    Entry("dataset-twice", "warning", "The job has one dataset, from its input or the config."),
)


def catalogue() -> tuple[Entry, ...]:
    """Return every entry: errors, then warnings, rules that share an id one after the other."""
    rules = [Entry(rule.id, rule.severity, rule.sentence) for rule in (*RULES, *WARNINGS)]
    return tuple(sorted((*_OTHERS, *rules), key=lambda entry: (entry.severity, _natural(entry.id))))


def markdown() -> Iterator[str]:
    """Yield the lines of the catalogue as a Markdown table."""
    yield "| id | severity | rule |"
    yield "|---|---|---|"
    for entry in catalogue():
        yield f"| {entry.id} | {entry.severity} | {entry.sentence} |"


def _natural(name: str) -> tuple[bool, int, str]:
    """Order X2 before X10, and these before names."""
    number = name.removeprefix("X")
    return (not number.isdigit(), int(number) if number.isdigit() else 0, name)
