"""An analysis from start to finish, in the steps and the order of the managed job.

Validate, create the shadow endpoint if a model is named, load, predict, compute, delete the shadow
endpoint, write the results (developer guide: "How SageMaker Clarify Processing Jobs Work").
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import boto3

from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding, Refused
from clarify_engine.aws import Aws, Patience
from clarify_engine.data import dataset_path, open_dataset
from clarify_engine.hosts import Host
from clarify_engine.interruption import Interruption
from clarify_engine.job import Job
from clarify_engine.predict import ENDPOINT_WORKERS, Tabular, Transport
from clarify_engine.progress import Progress, Stopwatch, silent
from clarify_engine.provenance import Hashes, named_files
from clarify_engine.report import report_name
from clarify_engine.results import check_output, publish
from clarify_engine.shap import Estimator
from clarify_engine.steps.forecast import forecast_results
from clarify_engine.steps.results import Results
from clarify_engine.steps.tabular import TabularAnalysis
from clarify_engine.steps.writing import write_results
from clarify_engine.storage import Downloads
from clarify_engine.unsupported import unsupported

_SEED: Final = 0
"""For whoever gives none: the same config and data give the same results."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an analysis gave.

    Attributes
    ----------
    document
        The content of `analysis.json`.
    warnings
        What is legal but misleads, and what could not be written.
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
    model: Transport | Tabular | None = None,
    workers: int = ENDPOINT_WORKERS,
    estimator: Estimator = "auto",
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
        Folder for the results; made if it is missing. On any error nothing in it changes.
    session
        Credentials and region for AWS; by default what boto3 finds.
    progress
        Is told where the analysis is.
    job
        The processing job that this is; its tags go onto a shadow endpoint. By default no job.
    patience
        How to wait for a shadow endpoint; by default up to an hour.
    model
        The model itself, which is asked in place of the endpoint or model that the config names.
    workers
        Requests to the model that are under way at once; results are the same for any number.
    estimator
        How SHAP values are estimated: `exact`, `interpolation`, `least_squares`, `permutation`, or
        what errs least for the predictions (`auto`).

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
    watch = Stopwatch(progress)
    began = datetime.now(UTC)
    with Interruption(), tempfile.TemporaryDirectory(prefix="clarify-") as temporary:
        scratch = Path(temporary)
        watch("validate", 0, None)
        if findings := unsupported(config, job.hosts):
            raise Refused(findings)
        check_output(output)
        report_name(config.to_dict())
        aws = Aws(session, connections=workers)
        downloads = Downloads(aws, scratch / "downloads")
        given = data if config.dataset_uri is None else None
        source = dataset_path(config, given, downloads.fetch)
        folder = scratch / "results"
        folder.mkdir()
        # Hashed meanwhile; what cannot be read is told by whoever reads it first.
        hashes = Hashes(named_files(source, config.dataset_uri))
        results = _results(
            config,
            source,
            host=Host(aws, job, patience or Patience(), watch, model),
            fetch=downloads.fetch,
            progress=watch,
            workers=workers,
            estimator=estimator,
            folder=folder,
            scratch=scratch,
        )
        # A given model spares the endpoint that the config names.
        spared = set() if model is None else {"production-endpoint"}
        results.warnings[:0] = [one for one in config.warnings if one.id not in spared]
        others = [
            named
            for uri, path in downloads.fetched.items()
            if uri != config.dataset_uri
            for named in named_files(path, uri)
        ]
        read = [*hashes.result(), *Hashes(others).result()]
        written = write_results(folder, config, results, read, began, watch)
        publish(folder, output)
    return Analysis(written.document, written.warnings)


def _results(
    config: AnalysisConfig,
    source: Path,
    *,
    host: Host,
    fetch: Callable[[str], Path],
    progress: Progress,
    workers: int,
    estimator: Estimator,
    folder: Path,
    scratch: Path,
) -> Results:
    """Return what was found in the data, whatever kind they are of."""
    shap = config.methods.shap
    seed = _SEED if shap is None or shap.seed is None else shap.seed
    if config.time_series_data_config is not None:
        return forecast_results(
            config,
            source,
            host=host,
            fetch=fetch,
            progress=progress,
            seed=seed,
            workers=workers,
            folder=folder,
        )
    dataset = open_dataset(config, source, fetch=fetch)
    analysis = TabularAnalysis(
        config=config,
        dataset=dataset,
        host=host,
        fetch=fetch,
        progress=progress,
        seed=seed,
        estimator=estimator,
        workers=workers,
        folder=folder,
        scratch=scratch,
    )
    results = analysis.results()
    results.warnings[:0] = dataset.warnings
    return results
