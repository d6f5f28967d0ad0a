"""From a config and a path to a dataset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from clarify_contract import AnalysisConfig, check_columns
from clarify_engine.data.csv_source import CsvSource
from clarify_engine.data.dataset import Dataset, Source
from clarify_engine.data.expressions import Expression
from clarify_engine.data.files import DataFile, data_files
from clarify_engine.data.json_records import Expressions
from clarify_engine.data.json_source import JsonSource
from clarify_engine.data.parquet_source import ParquetSource
from clarify_engine.data.problems import (
    NO_DATA,
    NO_FACET,
    NO_FEATURES,
    NO_GROUP,
    NO_JOIN,
    NO_LABEL,
    NO_NAMES,
    problem,
)
from clarify_engine.data.roles import (
    PREDICTED_LABEL,
    Roles,
    facet_columns,
    feature_columns,
    group_column,
    join_column,
    label_columns,
    locate,
    named_columns,
)
from clarify_engine.data.side import join, open_side
from clarify_engine.errors import AnalysisError

Fetch = Callable[[str], Path]

_FORMATS = {
    "text/csv": "CSV",
    "application/jsonlines": "JSON Lines",
    "application/json": "JSON",
    "application/x-parquet": "Parquet",
}
#: What the container says of a column that is not there, by the key that names it.
_MESSAGES = {
    "facet": NO_FACET,
    "group_variable": NO_GROUP,
    "joinsource_name_or_index": NO_JOIN,
    "label": NO_LABEL,
    "predicted_label": NO_LABEL,
}


def open_dataset(config: AnalysisConfig, source: Path | None, *, fetch: Fetch) -> Dataset:
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
        Worded as the service's: there is no data, columns do not match the config, or a file is
        not what ``dataset_type`` says.
    """
    format_ = _format(config)
    files = data_files(dataset_path(config, source, fetch), "dataset", format_)
    main = _main_source(config, files, format_)
    _refuse_missing_columns(config, main.columns)
    label, predicted = label_columns(config, main.columns)
    features = feature_columns(
        config, main.columns, [label, predicted, join_column(config, main.columns)]
    )
    rows: Source = main
    key = config.joinsource_name_or_index
    if config.facet_dataset_uri is None:
        facets = facet_columns(config, main.columns, "dataset")
        group = group_column(config, main.columns)
    else:
        names = [key, *(facet.name_or_index for facet in config.facet or ())]
        side = open_side(
            "facet_dataset_uri", config.facet_dataset_uri, config.facet_headers, names, fetch
        )
        facets = facet_columns(config, side.columns, "facet dataset")
        group = group_column(config, main.columns, side.columns)
        theirs = [*facets, *([] if group is None or group in main.columns else [group])]
        rows = join(rows, len(files), side, list(dict.fromkeys(theirs)), config)
    if config.predicted_label_dataset_uri is not None:
        wanted = PREDICTED_LABEL if config.predicted_label is None else config.predicted_label
        side = open_side(
            "predicted_label_dataset_uri",
            config.predicted_label_dataset_uri,
            config.predicted_label_headers,
            [key, wanted],
            fetch,
        )
        predicted = locate(
            wanted, side.columns, NO_LABEL, "$.predicted_label", "predicted label dataset"
        )
        rows = join(rows, len(files), side, [predicted], config)
    return Dataset(rows, Roles(label, predicted, facets, group, features))


def _refuse_missing_columns(config: AnalysisConfig, columns: Sequence[str]) -> None:
    """Raise with all that the config names and the data have not, before the first is looked up."""
    # Headers were held against the rest of the config when it was loaded.
    findings = () if config.headers is not None else check_columns(config, columns)
    if findings:
        key = findings[0].path.removeprefix("$.").partition("[")[0]
        raise AnalysisError(_MESSAGES.get(key, NO_NAMES), findings)


def _format(config: AnalysisConfig) -> str:
    if config.dataset_type not in _FORMATS:
        raise problem(
            "Unable to load the dataset.",
            "engine-not-yet-dataset-type",
            "$.dataset_type",
            given=config.dataset_type,
            allowed=", ".join(_FORMATS),
            fix="Use the managed image for this type of dataset.",
        )
    return _FORMATS[config.dataset_type]


def dataset_path(config: AnalysisConfig, source: Path | None, fetch: Fetch) -> Path:
    """Return where the dataset is: `source`, or without it what `dataset_uri` is fetched to.

    Raises
    ------
    AnalysisError
        There is neither.
    """
    if source is not None:
        return source
    if config.dataset_uri is None:
        raise problem(
            NO_DATA,
            "dataset-none",
            "$.dataset_uri",
            given="nothing",
            allowed="an S3 URI, or a dataset input",
            fix="Give the job a dataset input, or set dataset_uri.",
        )
    return fetch(config.dataset_uri)


def _main_source(config: AnalysisConfig, files: tuple[DataFile, ...], format_: str) -> Source:
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
    targets = {"label": config.label, "predicted_label": config.predicted_label}
    expressions = Expressions(
        Expression("features", config.features),
        [Expression(key, str(text)) for key, text in targets.items() if text is not None],
    )
    return JsonSource(files, config.headers, expressions, lines=format_ == "JSON Lines")
