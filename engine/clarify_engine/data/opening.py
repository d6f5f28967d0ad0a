"""From a config and a path to a dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from clarify_contract import AnalysisConfig
from clarify_engine.data.csv_source import CsvSource
from clarify_engine.data.dataset import Dataset, Source
from clarify_engine.data.files import data_files
from clarify_engine.data.json_records import Paths
from clarify_engine.data.json_source import JsonSource
from clarify_engine.data.parquet_source import ParquetSource
from clarify_engine.data.problems import NO_FEATURES, problem
from clarify_engine.data.roles import (
    Roles,
    facet_columns,
    feature_columns,
    label_columns,
    locate,
    named_columns,
)

_FORMATS = {
    "text/csv": "CSV",
    "application/jsonlines": "JSON Lines",
    "application/json": "JSON",
    "application/x-parquet": "Parquet",
}


def open_dataset(
    config: AnalysisConfig, source: Path | None, *, fetch: Callable[[str], Path]
) -> Dataset:
    """Open the dataset of an analysis, with its side datasets.

    What can be seen without reading all rows is checked here; the rest as the rows are read.

    Parameters
    ----------
    config
        The analysis config.
    source
        A file, or a folder that is read with all folders below it. None: ``dataset_uri`` is
        fetched.
    fetch
        Gives a local path for an S3 URI. Side datasets are always read through it.

    Raises
    ------
    AnalysisError
        Worded as the service's: there is no data, columns do not match the config, or a file is not
        what ``dataset_type`` says.
    """
    main = _main_source(config, _path(config, source, fetch))
    label, predicted = label_columns(config, main.columns)
    return Dataset(
        main,
        Roles(
            label=label,
            predicted_label=predicted,
            facets=facet_columns(config, main.columns, "dataset"),
            group_variable=None
            if config.group_variable is None
            else locate(
                config.group_variable,
                main.columns,
                "Unable to locate the group variable.",
                "$.group_variable",
                "dataset",
            ),
            features=feature_columns(config, main.columns, [label, predicted]),
        ),
    )


def _path(config: AnalysisConfig, source: Path | None, fetch: Callable[[str], Path]) -> Path:
    if source is not None:
        return source
    if config.dataset_uri is None:
        raise problem(
            "Failed to download data",
            "dataset-none",
            "$.dataset_uri",
            given="nothing",
            allowed="an S3 URI, or a dataset input",
            fix="Give the job a dataset input, or set dataset_uri.",
        )
    return fetch(config.dataset_uri)


def _main_source(config: AnalysisConfig, path: Path) -> Source:
    format_ = _FORMATS.get(config.dataset_type)
    if format_ is None:
        raise problem(
            "Unable to load the dataset.",
            "engine-not-yet-dataset-type",
            "$.dataset_type",
            given=config.dataset_type,
            allowed=", ".join(_FORMATS),
            fix="Use the managed image for this type of dataset.",
        )
    files = data_files(path, "dataset", format_)
    if format_ == "CSV":
        return CsvSource(files, config.headers, named_columns(config))
    if format_ == "Parquet":
        return ParquetSource(files, config.headers)
    if config.features is None:
        raise problem(
            NO_FEATURES,
            "features-missing",
            "$.features",
            given="nothing",
            allowed="a JMESPath expression",
            fix="Set features to the expression that finds a record's features.",
        )
    paths = Paths(config.features, _text(config.label), _text(config.predicted_label))
    return JsonSource(files, config.headers, paths, lines=format_ == "JSON Lines")


def _text(path: str | int | None) -> str | None:
    return None if path is None else str(path)
