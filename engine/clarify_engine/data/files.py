"""Which files are the dataset: one file, or everything below a folder."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from clarify_engine.data.problems import NO_DATA, problem, unreadable

# What a file's first bytes say that it is, whatever its name says.
_MAGIC = {b"PAR1": "Parquet", b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip"}
_FORMATS = {".csv": "CSV", ".jsonl": "JSON Lines", ".json": "JSON", ".parquet": "Parquet"}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of a dataset: where it is, and its name in findings (relative to the dataset)."""

    path: Path
    name: str


def data_files(source: Path, input_name: str, format_: str) -> tuple[DataFile, ...]:
    """Return the files of a dataset, sorted by name.

    A folder is read with all folders below it. Files and folders whose names start with ``.`` or
    ``_`` are not data (what Spark, Hive and macOS leave behind), nor are empty files. A file's
    extension decides nothing, but several formats together are refused.

    Parameters
    ----------
    source
        A file or a folder.
    input_name
        What findings call this dataset, such as ``dataset``.
    format_
        What the files should hold: ``CSV``, ``JSON Lines``, ``JSON`` or ``Parquet``.

    Raises
    ------
    AnalysisError
        There is no such file, no data file in the folder, or a file of another format.
    """
    found = [DataFile(path, f"{input_name} ({name})") for path, name in files_of(source)]
    files = tuple(file for file in found if file.path.stat().st_size)
    if not files:
        raise problem(
            NO_DATA,
            "dataset-empty",
            input_name,
            given=f"{len(found)} files, all of them empty" if found else "no file",
            allowed="a file, or a folder or S3 prefix that holds files",
            fix="Check the S3 URI; names that start with '.' or '_' are not read.",
        )
    _refuse_mixed(files, input_name, format_)
    for file in files:
        _refuse_other_format(file, format_)
    return files


def files_of(source: Path) -> list[tuple[Path, str]]:
    """Return a file, or all files below a folder that are data, with their relative names."""
    if source.is_file():
        return [(source, source.name)]
    return [
        (path, relative.as_posix())
        for path in sorted(source.rglob("*"))
        if path.is_file() and not _hidden(relative := path.relative_to(source))
    ]


def _hidden(relative: Path) -> bool:
    return any(part.startswith((".", "_")) for part in relative.parts)


def _refuse_mixed(files: tuple[DataFile, ...], input_name: str, format_: str) -> None:
    counts = Counter(_FORMATS[suffix] for f in files if (suffix := f.path.suffix) in _FORMATS)
    if len(counts) > 1:
        given = ", ".join(f"{count} of {name}" for name, count in sorted(counts.items()))
        raise unreadable(
            input_name,
            format_,
            f"files of several formats by their names ({given})",
            "Leave only the files of one format under the prefix.",
        )


def _refuse_other_format(file: DataFile, format_: str) -> None:
    with file.path.open("rb") as stream:
        head = stream.read(4)
    for magic, name in _MAGIC.items():
        if head.startswith(magic) and name != format_:
            raise unreadable(
                file.name,
                format_,
                f"a {name} file",
                "Set dataset_type to the format of the files; compressed files are not read.",
            )
    if format_ == "Parquet" and not head.startswith(b"PAR1"):
        raise unreadable(
            file.name,
            format_,
            "a file that is not Parquet",
            "Set dataset_type to the format of the files.",
        )
