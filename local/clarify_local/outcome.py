"""How a rehearsal ended: verdict, reason, metrics, and the files of the run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from clarify_contract import Finding
from clarify_lambda.check.verdict import VERDICT_FILE
from clarify_lambda.prepare.refusal import ALL_FINDINGS
from clarify_local.aws import EmulatedAws
from clarify_local.endpoints import EndpointWatch
from clarify_local.execution import Execution
from clarify_local.results import MetricRow, download, download_logs, metric_rows, read_json

Verdict = Literal["passed", "rejected", "failed"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How it ended.

    Attributes
    ----------
    verdict
        ``failed``: there is no analysis that could be judged.
    reason
        One line, or more where the run was refused for several reasons.
    folder
        Where the results are.
    execution
        The execution, step by step.
    metrics
        The results' metrics.
    analysis
        The content of ``analysis.json``; empty where there is none.
    endpoints
        What became of endpoints, in words.
    findings
        What was found before the job started, warnings too.
    """

    verdict: Verdict
    reason: str
    folder: Path
    execution: Execution
    metrics: tuple[MetricRow, ...]
    analysis: Mapping[str, Any]
    endpoints: str
    findings: tuple[Finding, ...]

    @property
    def results(self) -> Path:
        """Folder of what the job itself wrote."""
        return self.folder / "output"


def collect(aws: EmulatedAws, execution: Execution, watch: EndpointWatch, output: Path) -> Outcome:
    """Bring a run's files into a folder of its own below ``output`` and read its verdict."""
    watch.settle()
    run_uri = execution.run.get("run_uri") or _refused_run(execution)
    folder = output / (run_uri or execution.arn.replace(":", "/")).rsplit("/", 1)[-1]
    folder.mkdir(parents=True, exist_ok=True)
    if run_uri is not None:
        download(aws, run_uri, folder)
    described = aws.client("stepfunctions").describe_execution(executionArn=execution.arn)
    download_logs(aws, described["startDate"], folder / "logs")
    judged = read_json(folder / VERDICT_FILE)
    analysis = read_json(folder / "output" / "analysis.json")
    verdict, reason = _verdict(execution, judged)
    if left := watch.left():
        verdict, reason = "failed", f"endpoints were left behind: {', '.join(left)}. {reason}"
    return Outcome(
        verdict=verdict,
        reason=reason,
        folder=folder,
        execution=execution,
        metrics=tuple(metric_rows(analysis, judged)) if analysis else (),
        analysis=analysis or {},
        endpoints=watch.story(),
        findings=tuple(Finding(**found) for found in (judged or {}).get("preflight", ())),
    )


def _refused_run(execution: Execution) -> str | None:
    """Return the folder of a run that was refused with a verdict of its own."""
    details = " ".join(step.detail for step in execution.steps)
    found = re.search(rf'{ALL_FINDINGS}(s3://[^"]+)/{VERDICT_FILE}', details)
    return found[1] if found else None


def _verdict(execution: Execution, judged: Mapping[str, Any] | None) -> tuple[Verdict, str]:
    """Believe the execution; take the words from where they are whole."""
    said = (judged or {}).get("summary", "")
    if execution.status == "SUCCEEDED" and judged and judged["verdict"] == "passed":
        return "passed", said
    if execution.status == "SUCCEEDED":
        return "failed", "the execution succeeded without a verdict that says passed"
    if execution.error == "ClarifyRejected":
        return "rejected", execution.cause or said
    return "failed", ": ".join(text for text in (execution.error, execution.cause) if text)
