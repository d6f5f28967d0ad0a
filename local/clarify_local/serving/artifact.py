"""Unpacks a model artifact without believing anything it says about itself."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from pathlib import Path
from typing import IO, cast

MAX_TOTAL_BYTES = 4 * 1024**3
MAX_MEMBER_BYTES = 2 * 1024**3
MAX_MEMBERS = 10_000


class ArtifactError(ValueError):
    """A model artifact that is not unpacked; the message says why."""


def unpack(
    artifact: bytes | Path,
    folder: Path,
    *,
    max_total_bytes: int = MAX_TOTAL_BYTES,
    max_member_bytes: int = MAX_MEMBER_BYTES,
    max_members: int = MAX_MEMBERS,
) -> None:
    """Unpack a gzipped tar archive into a folder.

    Parameters
    ----------
    artifact
        The archive, or where it is.
    folder
        An existing, empty folder.
    max_total_bytes, max_member_bytes, max_members
        What the archive may unpack to: all of it, one file of it, and how many entries. The total
        is counted while decompressing; sizes that the archive declares are never trusted.

    Raises
    ------
    ArtifactError
        It is no gzipped tar, too large, damaged, or holds something else than plain files, folders
        and links that stay inside it (tarfile's ``data`` filter).
    """
    try:
        with (
            io.BytesIO(artifact) if isinstance(artifact, bytes) else artifact.open("rb") as packed,
            gzip.GzipFile(fileobj=packed) as plain,
            tarfile.open(fileobj=_counted(plain, max_total_bytes), mode="r|") as archive,
        ):
            for count, member in enumerate(archive, start=1):
                if count > max_members:
                    raise ArtifactError(f"the model artifact has more than {max_members} entries")
                if member.size > max_member_bytes or member.issparse():
                    raise ArtifactError(
                        f"the model artifact holds a file larger than {max_member_bytes} bytes,"
                        " or a sparse one"
                    )
                archive.extract(member, folder, filter="data")
    except tarfile.FilterError as error:
        raise ArtifactError(f"the model artifact is unsafe to unpack: {error}") from error
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ArtifactError(f"the model artifact is no readable .tar.gz: {error}") from error


def _counted(stream: gzip.GzipFile, limit: int) -> IO[bytes]:
    return cast("IO[bytes]", _Counted(stream, limit))  # tarfile's "r|" only ever calls read()


class _Counted:
    """A stream that ends with an error once it has given more than its limit."""

    def __init__(self, stream: gzip.GzipFile, limit: int) -> None:
        self._stream = stream
        self._left = limit
        self._limit = limit

    def read(self, size: int) -> bytes:
        block = self._stream.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise ArtifactError(f"the model artifact unpacks to more than {self._limit} bytes")
        return block
