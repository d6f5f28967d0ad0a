"""A CSV file's bytes on their way to Arrow, looked at as they pass."""

from __future__ import annotations

import codecs
import io
from pathlib import Path


class CsvBytes(io.RawIOBase):
    """A file from a given place on, that checks its encoding and looks for hexadecimal numbers.

    Both are looked for in all bytes: whether a file is refused must not depend on which of its
    columns an analysis needs, and Arrow reads ``0x1F`` as a number where pandas reads text.

    Attributes
    ----------
    empty
        Whether there is no byte at all.
    not_utf8
        Whether bytes were seen that are not UTF-8.
    hexadecimal
        Whether ``0x`` was seen anywhere.
    """

    def __init__(self, path: Path, start: int) -> None:
        self._file = path.open("rb", buffering=0)
        self._file.seek(start)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._last = b""
        self.empty = not self._file.read(1)
        self._file.seek(start)
        self.not_utf8 = False
        self.hexadecimal = False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        # Almost every file is ASCII: then the decoder has nothing to do, unless it waits for bytes.
        if not data.isascii() or self._decoder.getstate()[0]:
            try:
                self._decoder.decode(data, final=not data)
            except UnicodeDecodeError:
                self.not_utf8 = True
                self._decoder.reset()
        if not self.hexadecimal:
            self.hexadecimal = (
                b"0x" in data or b"0X" in data or _split_hexadecimal(self._last, data)
            )
            self._last = data[-1:]
        return data

    def readable(self) -> bool:
        """Return True."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def _split_hexadecimal(last: bytes, data: bytes) -> bool:
    return last == b"0" and data[:1] in (b"x", b"X")
