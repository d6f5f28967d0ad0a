"""Rules that need to know more than the config: the job, or the columns of the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules import baseline, headers
from clarify_contract.config.rules import columns as names
from clarify_contract.config.rules.rule import Problem
from clarify_contract.container import INSTANCE_COUNT_MAX
from clarify_contract.findings import Finding


def check_instance_count(config: AnalysisKeys, count: int) -> tuple[Finding, ...]:
    """Check the number of instances of the processing job (X6, X14).

    Parameters
    ----------
    config
        The config.
    count
        `InstanceCount` of the job's cluster.

    Returns
    -------
    tuple of Finding
        What is wrong with that number for this config.
    """
    found: list[Finding] = []
    path, given = "InstanceCount", f"{count} instances"
    if not 1 <= count <= INSTANCE_COUNT_MAX:
        allowed = f"1 to {INSTANCE_COUNT_MAX}"
        found.append(Finding("instance-count", path, given, allowed, "Change the number."))
    if count > 1 and config.dataset_type == "application/x-parquet":
        found.append(
            Finding(
                "X6",
                path,
                f"{given}, with a Parquet dataset",
                "1",
                "Run on one instance, or turn the dataset into CSV or JSON Lines.",
            )
        )
    if count > 1 and config.joinsource_name_or_index is None:
        found.append(
            Finding(
                "X14",
                path,
                f"{given}, without joinsource_name_or_index",
                "1, or a column that identifies rows",
                "Name that column in joinsource_name_or_index, or run on one instance.",
            )
        )
    return tuple(found)


def check_dataset_input(config: AnalysisKeys, *, given: bool) -> tuple[Finding, ...]:
    """Check where the dataset comes from.

    Parameters
    ----------
    config
        The config.
    given
        Whether the job has the input named ``dataset``.

    Returns
    -------
    tuple of Finding
        An error if there is no dataset, a warning if there are two.
    """
    if given and config.dataset_uri is not None:
        return (
            Finding(
                "dataset-twice",
                "$.dataset_uri",
                "dataset_uri and a dataset input",
                "one of the two",
                "Remove one: dataset_uri wins, and the input is downloaded for nothing.",
                "warning",
            ),
        )
    if not given and config.dataset_uri is None:
        return (
            Finding(
                "dataset-missing",
                "$.dataset_uri",
                "neither dataset_uri nor a dataset input",
                "one of the two",
                "Give the job a dataset input, or the config a dataset_uri.",
            ),
        )
    return ()


def check_columns(config: AnalysisKeys, columns: Sequence[str]) -> tuple[Finding, ...]:
    """Check the config against the columns of its dataset (X15, X16, X17, X19).

    Parameters
    ----------
    config
        The config.
    columns
        Names of all columns of the dataset, in its order. Where the config has `headers`, only
        their number counts: everything else was checked against `headers` already.

    Returns
    -------
    tuple of Finding
        What does not fit.
    """
    if config.headers is not None:
        return _findings("X15", headers.headers_mismatch(config, len(columns)))
    missing = chain(
        names.missing_labels(config, columns),
        names.missing_facets(config, columns),
        names.missing_others(config, columns),
        names.missing_features(config, columns),
    )
    return (
        *_findings("X16", missing),
        *_findings("X17", headers.unknown_placeholders(config, columns)),
        *_findings("X19", baseline.wrong_baseline_widths(config, columns)),
    )


def _findings(finding_id: str, problems: Iterable[Problem]) -> tuple[Finding, ...]:
    return tuple(Finding(finding_id, *problem) for problem in problems)
