"""What is known of data after one listing and one read: counts, and the first bytes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from clarify_lambda.prepare.preflight.finding import Finding, Stopped, warning

#: How much of the first object is read.
HEAD_BYTES = 256 * 1024

_FORMATS = {
    "application/json": "JSON",
    "application/jsonlines": "JSON Lines",
    "application/x-image": "image",
    "application/x-parquet": "Parquet",
    "text/csv": "CSV",
}
# What a file's first bytes say that it is, whatever its name says.
_MAGIC = {b"PAR1": "Parquet", b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip"}


@dataclass(frozen=True)
class Head:
    """The beginning of the first object that is not empty.

    Attributes
    ----------
    name
        What findings call the object: the name of the data, such as ``dataset``, and in brackets
        its key below the prefix.
    body
        Its first bytes, at most `HEAD_BYTES`.
    whole
        Whether these are all of its bytes.
    """

    name: str
    body: bytes
    whole: bool

    @property
    def text(self) -> str:
        """The bytes as text, without a byte order mark or half a character at the end.

        Raises
        ------
        Stopped
            They are not UTF-8.
        """
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            return decoder.decode(self.body, final=self.whole).removeprefix("\ufeff")
        except UnicodeDecodeError:
            raise Stopped(
                Finding(
                    "dataset-not-utf8",
                    self.name,
                    "bytes that are not UTF-8",
                    "text in UTF-8",
                    "Write the file as UTF-8.",
                )
            ) from None


@dataclass(frozen=True)
class Dataset:
    """The dataset, or other data that a run reads, as far as preflight has looked.

    Attributes
    ----------
    name
        What findings call it: ``dataset``, or the config's key.
    objects
        Number of the objects listed that are data: no folder marks, no hidden names.
    size
        Sum of their bytes.
    listed
        Whether the listing is complete; otherwise there are more objects than were counted.
    head
        Beginning of the first object; None if all are empty, or nothing could be read.
    unknown
        Why nothing could be looked at, in words; None if it could.
    """

    name: str = "dataset"
    objects: int = 0
    size: int = 0
    listed: bool = True
    head: Head | None = None
    unknown: str | None = None

    @property
    def whole(self) -> bool:
        """Whether the head is all the data there is."""
        head = self.head
        return self.listed and head is not None and head.whole and self.size == len(head.body)


def is_hidden(name: str) -> bool:
    """Tell whether a key below the prefix is no data: what Spark, Hive and macOS leave behind."""
    return any(part.startswith((".", "_")) for part in name.split("/"))


def presence(data: Dataset) -> Iterator[Finding]:
    """Yield what is wrong if there is nothing to look into."""
    if data.unknown is not None:
        yield not_checked(
            data.name,
            data.unknown,
            "Let the Prepare function list and read the data, if they are to be checked.",
        )
    elif data.head is None and data.listed:
        yield Finding(
            "dataset-empty",
            data.name,
            f"{data.objects} files, all of them empty" if data.objects else "no file",
            "a file, or a folder or S3 prefix that holds files",
            "Check the S3 URI; names that start with '.' or '_' are not read.",
        )
    elif data.head is None:
        yield not_checked(data.name, "no data among the first objects listed", "Check the S3 URI.")


def other_format(head: Head, dataset_type: str) -> Iterator[Finding]:
    """Yield what shows that the first object is not of the declared type."""
    if dataset_type not in _FORMATS:  # captured data, which is described nowhere
        return
    declared = _FORMATS[dataset_type]
    kind = next((name for magic, name in _MAGIC.items() if head.body.startswith(magic)), None)
    if kind is not None and kind != declared:
        yield unreadable(
            head.name,
            declared,
            f"a {kind} file",
            "Set dataset_type to the format of the files; compressed files are not read.",
        )
    elif declared == "Parquet" and kind is None:
        yield unreadable(
            head.name,
            declared,
            "a file that is not Parquet",
            "Set dataset_type to the format of the files.",
        )


def unreadable(path: str, format_: str, given: str, fix: str) -> Finding:
    """Return the mistake of a file that is not what `dataset_type` says, or is damaged."""
    return Finding("dataset-unreadable", path, given, f"a whole {format_} file", fix)


def not_checked(path: str, given: str, fix: str) -> Finding:
    """Return the warning that says what preflight has not looked at, and why."""
    return warning("dataset-not-checked", path, given, "data that can be checked beforehand", fix)
