"""The one error that ends an analysis on purpose."""

from __future__ import annotations

from collections.abc import Sequence

from clarify_contract.findings import Finding


class AnalysisError(Exception):
    """An analysis cannot give results, for a reason in its config, data, model or account.

    Its message is safe to show anywhere: names, counts and types, never a cell value of the data
    nor a text that a model sent. Where the managed service has words for the reason, the message
    is those words.

    Parameters
    ----------
    message
        What ended the analysis, worded as the service words it.
    findings
        What to change, if more can be said than the message says.
    """

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        self.message = message
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join([message, *map(str, self.findings)]))
