"""What the Prepare function would find in a dataset, if these files were in S3."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from clarify_contract import AnalysisConfig, Finding
from clarify_contract.container import DEFAULT_RUNTIME_SECONDS
from clarify_engine.data.files import files_of
from clarify_lambda.prepare.preflight.dataset import HEAD_BYTES, Dataset, Head
from clarify_lambda.prepare.preflight.estimate import Budget
from clarify_lambda.prepare.preflight.findings import Seen, preflight

#: Of a job that nobody told anything else.
BUDGET = Budget(DEFAULT_RUNTIME_SECONDS, instances=1)


def preflight_findings(config: AnalysisConfig, data: Path) -> list[Finding]:
    """Return what the first bytes of a dataset show about a config.

    Parameters
    ----------
    config
        A valid config.
    data
        The dataset: a file, or a folder of files.
    """
    found = preflight(config.to_dict(), Seen(_looked_at(data)), BUDGET)
    return [Finding(**asdict(finding)) for finding in found]


def _looked_at(data: Path) -> Dataset:
    files = files_of(data)
    sizes = {path: path.stat().st_size for path, _ in files}
    first = next(((path, name) for path, name in files if sizes[path]), None)
    head = None
    if first is not None:
        path, name = first
        with path.open("rb") as file:
            body = file.read(HEAD_BYTES)
        head = Head(f"dataset ({name})", body, whole=len(body) == sizes[path])
    return Dataset(objects=len(sizes), size=sum(sizes.values()), head=head)
