"""Brings a run's results to this machine, and reads them for a person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from clarify_local.aws import EmulatedAws
from clarify_local.seeding import split_uri

SECTIONS = {
    "pre_training_bias_metrics": "pre-training",
    "post_training_bias_metrics": "post-training",
}


@dataclass(frozen=True)
class MetricRow:
    """One metric of one group.

    Attributes
    ----------
    stage
        ``pre-training`` or ``post-training``.
    facet, group
        The column, and which of its values (or interval) is measured against the rest.
    value
        The number, a text such as ``Infinity``, or None where it could not be computed.
    error
        Why not.
    within
        Whether every limit and every comparison with a baseline held; None where there is none.
    """

    stage: str
    facet: str
    group: str
    code: str
    description: str
    value: float | str | None
    error: str
    within: bool | None


def download(aws: EmulatedAws, uri: str, folder: Path) -> list[Path]:
    """Copy everything under an S3 URI into a folder; return the files."""
    bucket, key = split_uri(uri)
    prefix = key.rstrip("/") + "/"
    files = []
    for page in (
        aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    ):
        for entry in page.get("Contents", ()):
            path = folder / entry["Key"].removeprefix(prefix)
            path.parent.mkdir(parents=True, exist_ok=True)
            aws.client("s3").download_file(bucket, entry["Key"], str(path))
            files.append(path)
    return files


def download_logs(aws: EmulatedAws, since: datetime, folder: Path) -> None:
    """Write what the emulated CloudWatch Logs got since a time, a file for each log stream."""
    folder.mkdir(parents=True, exist_ok=True)
    for group in aws.listed("logs", "describe_log_groups", "logGroups"):
        name = group["logGroupName"]
        lines: dict[str, list[str]] = defaultdict(list)
        given = {"logGroupName": name, "startTime": int(since.timestamp()) * 1000}
        for event in aws.listed("logs", "filter_log_events", "events", **given):
            lines[event["logStreamName"]].append(f"{event['message']}\n")
        for stream, texts in lines.items():
            path = folder / name.strip("/") / f"{stream.replace('/', '_')}.log"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(texts), encoding="utf-8")


def read_json(path: Path) -> dict[str, Any] | None:
    """Return a JSON object from a file, or None where there is no such file."""
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def metric_rows(analysis: dict[str, Any], verdict: dict[str, Any] | None) -> list[MetricRow]:
    """Return the metrics of an ``analysis.json`` in its order, with what the verdict says."""
    held = _held(verdict or {})
    return [
        MetricRow(
            stage=stage,
            facet=facet,
            group=group.get("value_or_threshold", ""),
            code=metric["name"],
            description=metric.get("description", ""),
            value=metric.get("value"),
            error=metric.get("error", ""),
            within=held.get((f"{section}.facets.{facet}[{index}]", metric["name"])),
        )
        for section, stage in SECTIONS.items()
        for facet, groups in analysis.get(section, {}).get("facets", {}).items()
        for index, group in enumerate(groups)
        for metric in group["metrics"]
    ]


def _held(verdict: dict[str, Any]) -> dict[tuple[str, str], bool]:
    """Tell for each place and metric whether all that somebody asked of its value held."""
    held: dict[tuple[str, str], bool] = {}
    for where, metric, holds in _asked(verdict):
        held[where, metric] = held.get((where, metric), True) and holds
    return held


def _asked(verdict: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for check in verdict.get("checks", ()):
        if check["rule"] in ("limit", "no_worse") and check["metric"]:
            yield check["where"].removesuffix(f".{check['metric']}"), check["metric"], check["held"]
