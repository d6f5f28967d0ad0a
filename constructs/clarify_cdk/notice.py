"""What is told of the end of a run: to people as a subject and a text, to programs as an event.

The detail of the event, which keeps its meaning within a ``version``; a place is the S3 URI that
the run writes to, and null where it came to no such thing:

``version``
    ``"1.0"``.
``pipeline``
    ``<stack name>/<path of the construct in it>``.
``verdict``
    ``"passed"``, ``"rejected"``, or ``"failed"``: there is no analysis to judge.
``summary``
    One line; of a failed run the reason, which may have several.
``error``
    Of a failed run the name of its Fail state's error, such as ``ClarifyJobFailed``; else null.
``job_name``
    Of the processing job; null for a run that was never prepared.
``dataset_uri``
    What was analysed; null too where the config names it.
``config_uri``, ``output_uri``, ``report_uri``, ``verdict_uri``
    The run's config, the folder of its results, its report, and ``verdict.json``.
``execution``
    ARN of the execution.

The event's ``source`` is ``clarify-cdk``, its ``detail-type`` ``Clarify Verdict``; Step Functions
adds the ARNs of the state machine and of the execution to its ``resources``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aws_cdk import aws_stepfunctions as sfn

SOURCE: Final = "clarify-cdk"
DETAIL_TYPE: Final = "Clarify Verdict"
VERSION: Final = "1.0"
# SNS takes less than 100 characters; "Clarify rejected: " takes 18.
_NAME_IN_SUBJECT = 80
_EXECUTION = "$$.Execution.Id"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One way to end. Each text is a literal or a path into the execution's state.

    Attributes
    ----------
    verdict, summary, error, job_name, dataset_uri, config_uri, output_uri, report_uri, verdict_uri
        See the detail of the event.
    """

    verdict: str
    summary: str
    error: str | None = None
    job_name: str | None = None
    dataset_uri: str | None = None
    config_uri: str | None = None
    output_uri: str | None = None
    report_uri: str | None = None
    verdict_uri: str | None = None

    def subject(self, pipeline: str) -> str:
        """Return the subject: ASCII, one line, less than 100 characters."""
        return sfn.JsonPath.format(f"Clarify {{}}: {pipeline[:_NAME_IN_SUBJECT]}", self.verdict)

    def message(self, pipeline: str) -> str:
        """Return the text: what was analysed and how it ended, then where everything is."""
        places = {
            "Job": self.job_name,
            "Data": self.dataset_uri,
            "Config": self.config_uri,
            "Results": self.output_uri,
            "Report": self.report_uri,
            "Verdict": self.verdict_uri,
            "Execution": sfn.JsonPath.string_at(_EXECUTION),
        }
        known = {name: place for name, place in places.items() if place is not None}
        listed = "\n".join(f"{name}: {{}}" for name in known)
        return sfn.JsonPath.format(
            f"The Clarify analysis {pipeline}: {{}}.\n\n{{}}\n\n{listed}\n",
            self.verdict,
            self.summary,
            *known.values(),
        )

    def detail(self, pipeline: str) -> Mapping[str, str | None]:
        """Return the detail of the event."""
        return {
            "version": VERSION,
            "pipeline": pipeline,
            "verdict": self.verdict,
            "summary": self.summary,
            "error": self.error,
            "job_name": self.job_name,
            "dataset_uri": self.dataset_uri,
            "config_uri": self.config_uri,
            "output_uri": self.output_uri,
            "report_uri": self.report_uri,
            "verdict_uri": self.verdict_uri,
            "execution": sfn.JsonPath.string_at(_EXECUTION),
        }
