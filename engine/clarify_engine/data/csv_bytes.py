"""A CSV file's bytes on their way to Arrow, looked at as they pass."""

from __future__ import annotations

import codecs
import io
import threading
from pathlib import Path


class NotUtf8(Exception):  # noqa: N818 - it reads as what happened, and is handled at once
    """The file has bytes that are not UTF-8."""


class CsvBytes(io.RawIOBase):
    """A file from a given place on, that checks its encoding and looks for hexadecimal numbers.

    Both are looked for in all bytes: whether a file is refused must not depend on which of its
    columns an analysis needs, and Arrow reads ``0x1F`` as a number where pandas reads text.

    Attributes
    ----------
    empty
        Whether there is no byte at all.
    hexadecimal
        Whether ``0x`` was seen anywhere.
    """

    def __init__(self, path: Path, start: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._file.seek(start)
        self.empty = not self._file.read(1)
        self._file.seek(start)
        # Arrow reads ahead in a thread of its own, also while a pass that was given up is closed:
        # without the lock its read could go on in the next file, under the same descriptor, and
        # take its bytes.
        self._lock = threading.Lock()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._last = b""
        self.hexadecimal = False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise `NotUtf8`, or ValueError if the file was closed."""
        with self._lock:
            data = self._file.read(size)
        self._check_encoding(data)
        if not self.hexadecimal:
            split = self._last == b"0" and data[:1] in (b"x", b"X")
            self.hexadecimal = split or b"0x" in data or b"0X" in data
            self._last = data[-1:]
        return data

    def _check_encoding(self, data: bytes) -> None:
        # Almost every file is ASCII: then the decoder has nothing to do, unless it waits for bytes.
        if data.isascii() and data and not self._decoder.getstate()[0]:
            return
        try:
            self._decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise NotUtf8 from None

    def readable(self) -> bool:
        """Return True."""
        return True

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()
        super().close()
