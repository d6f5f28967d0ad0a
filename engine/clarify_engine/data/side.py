"""Side datasets: facets and predicted labels in files of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clarify_contract import AnalysisConfig
from clarify_engine.data.csv_source import CsvSource
from clarify_engine.data.dataset import Source
from clarify_engine.data.files import data_files
from clarify_engine.data.key_join import KeyJoin
from clarify_engine.data.problems import NO_NAMES, problem
from clarify_engine.data.roles import locate
from clarify_engine.data.row_join import RowJoin


@dataclass(frozen=True, slots=True)
class SideDataset:
    """A side dataset that is open.

    Attributes
    ----------
    source
        Its rows.
    path
        What findings call it, such as ``facet_dataset_uri``.
    files
        How many files it has.
    """

    source: Source
    path: str
    files: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all its columns."""
        return self.source.columns


def open_side(
    path: str,
    uri: str,
    headers: Sequence[str] | None,
    names: Sequence[str | int | None],
    fetch: Callable[[str], Path],
) -> SideDataset:
    """Open a side dataset; it is CSV.

    Parameters
    ----------
    path
        Which one: ``facet_dataset_uri`` or ``predicted_label_dataset_uri``.
    uri
        Its S3 URI.
    headers
        The config's names for its columns, or None.
    names
        Its columns as the config addresses them.
    fetch
        Gives a local path for an S3 URI.
    """
    files = data_files(fetch(uri), path, "CSV")
    source = CsvSource(files, headers, {name for name in names if isinstance(name, str)})
    return SideDataset(source, path, len(files))


def join(
    main: Source, main_files: int, side: SideDataset, added: Sequence[str], config: AnalysisConfig
) -> Source:
    """Return the main dataset with some columns of a side dataset.

    Rows belong together by the key column ``joinsource_name_or_index`` if there is one, else by
    their order. An index means a column of the main dataset; in the side dataset it is the column
    of the same name, or without such a name the one with this index.

    Raises
    ------
    AnalysisError
        The key column is missing; there is none and a dataset has several files, whose rows have no
        order; or the main dataset has a column with the name of an added one.
    """
    if both := sorted(set(added) & set(main.columns)):
        raise problem(
            NO_NAMES,
            "join-names",
            side.path,
            given=f"a column {both[0]!r}, which the dataset has too",
            allowed="names that the dataset does not have",
            fix="Name the columns in facet_headers or predicted_label_headers.",
        )
    key = config.joinsource_name_or_index
    if key is None:
        if max(main_files, side.files) > 1:
            raise problem(
                "Unable to join the datasets.",
                "join-order",
                "$.joinsource_name_or_index",
                given=f"nothing, with {main_files} and {side.files} files",
                allowed="a key column, unless both datasets are single files",
                fix="Set joinsource_name_or_index to a column that identifies rows in both.",
            )
        return RowJoin(main, side.source, added, side.path)
    message, path = "Unable to locate the join column.", "$.joinsource_name_or_index"
    ours = locate(key, main.columns, message, path, "dataset")
    theirs = ours if ours in side.columns else locate(key, side.columns, message, path, side.path)
    return KeyJoin(main, side.source, (ours, theirs), added, side.path)
