"""An analysis from start to finish, in the steps and the order of the managed job.

Validate, create the shadow endpoint if a model is named, load, predict, compute, delete the shadow
endpoint, write the results (developer guide: "How SageMaker Clarify Processing Jobs Work").
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from clarify_contract.config import AnalysisConfig
from clarify_contract.container import ANALYSIS_FILE
from clarify_contract.findings import Finding, Refused
from clarify_engine.analysis import BiasAnalysis
from clarify_engine.aws import Aws, Patience
from clarify_engine.bias import BiasPlan
from clarify_engine.data import open_dataset
from clarify_engine.interruption import Interruption
from clarify_engine.job import Job
from clarify_engine.progress import Progress, silent
from clarify_engine.results import check_output, publish, write_json
from clarify_engine.storage import Downloads
from clarify_engine.unsupported import unsupported


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an analysis gave.

    Attributes
    ----------
    document
        The content of `analysis.json`.
    warnings
        What is legal but misleads, and what was asked for and not written yet.
    """

    document: dict[str, Any]
    warnings: tuple[Finding, ...]


def analyze(
    config: AnalysisConfig,
    data: Path | None,
    output: Path,
    *,
    session: boto3.Session | None = None,
    progress: Progress = silent,
    job: Job | None = None,
    patience: Patience | None = None,
) -> Analysis:
    """Run an analysis and write its results.

    AWS is called only for what the config names: S3 for URIs, SageMaker for a model or an endpoint.
    In the main thread, the first SIGTERM or SIGINT ends it with `Interrupted`, after a shadow
    endpoint was deleted.

    Parameters
    ----------
    config
        What to analyse.
    data
        The dataset: a file, or a folder that is read with all folders below it. Not read if the
        config has a `dataset_uri`, and may then be `None`.
    output
        Folder for `analysis.json`; made if it is missing. On any error nothing in it changes.
    session
        Credentials and region for AWS; by default what boto3 finds.
    progress
        Is told where the analysis is.
    job
        The processing job that this is; its tags go onto a shadow endpoint. By default no job.
    patience
        How to wait for a shadow endpoint; by default up to an hour.

    Returns
    -------
    Analysis
        The content of `analysis.json`, and warnings.

    Raises
    ------
    Refused
        If the config asks for something that the open engine does not run yet, or `output` cannot
        be a folder. Nothing was created.
    AnalysisError
        If data, model or account do not allow the analysis.
    Interrupted
        If a signal ended it.
    """
    job = job or Job()
    with Interruption(), tempfile.TemporaryDirectory(prefix="clarify-") as scratch:
        progress("validate", 0, None)
        if findings := unsupported(config, job.hosts):
            raise Refused(findings)
        check_output(output)
        aws = Aws(session)
        fetch = Downloads(aws, Path(scratch)).fetch
        dataset = open_dataset(config, None if config.dataset_uri else data, fetch=fetch)
        bias = BiasAnalysis(
            config=config,
            dataset=dataset,
            plan=BiasPlan.from_config(config, dataset.roles),
            aws=aws,
            job=job,
            patience=patience or Patience(),
            progress=progress,
            spool=Path(scratch) / "predictions",
        )
        results = bias.results()
        document = {"version": "1.0", **results.sections}
        progress("write", 0, None)
        written = Path(scratch) / "results"
        write_json(written / ANALYSIS_FILE, document)
        publish(written, output)
    warnings = (*config.warnings, *dataset.warnings, *results.warnings)
    return Analysis(document, warnings)
