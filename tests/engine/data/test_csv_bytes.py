"""The bytes of a CSV file, looked at as they pass."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from clarify_engine.data.csv_bytes import CsvBytes, NotUtf8


def read_all(path: Path, size: int, start: int = 0) -> CsvBytes:
    with CsvBytes(path, start) as stream:
        while stream.read(size):
            pass
    return stream


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_characters_cut_by_a_read_are_whole(tmp_path: Path, size: int) -> None:
    (tmp_path / "f").write_bytes("aé€😀b".encode())
    read_all(tmp_path / "f", size)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("content", [b"ab\xff", b"ab\xe2\x82", b"\xe2a\x82", b"\xc3"])
def test_other_bytes_are_found(tmp_path: Path, size: int, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(NotUtf8):
        read_all(tmp_path / "f", size)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("content", "found"), [(b"ab0x1f", True), (b"0XA", True), (b"0a0", False), (b"x0", False)]
)
def test_hexadecimal_prefix_is_found(
    tmp_path: Path, size: int, content: bytes, *, found: bool
) -> None:
    (tmp_path / "f").write_bytes(content)
    assert read_all(tmp_path / "f", size).hexadecimal is found


def test_bytes_before_the_start_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"0x\n12")
    with CsvBytes(tmp_path / "f", 3) as stream:
        assert stream.read() == b"12"
        assert not stream.hexadecimal


def test_closing_waits_for_a_read_in_another_thread(tmp_path: Path) -> None:
    # A descriptor that is closed under a read belongs to the next file that is opened.
    (tmp_path / "f").write_bytes(b"12")
    stream = CsvBytes(tmp_path / "f", 0)
    reading, go_on = threading.Event(), threading.Event()
    file = stream._file

    class Slow:
        def read(self, size: int) -> bytes:
            reading.set()
            go_on.wait(10)
            return file.read(size)

        def close(self) -> None:
            file.close()

    stream._file = Slow()  # type: ignore[assignment]
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(stream.read(2)))
    closer = threading.Thread(target=stream.close)
    reader.start()
    assert reading.wait(10)
    closer.start()
    closer.join(0.05)
    assert closer.is_alive()
    go_on.set()
    closer.join(10)
    reader.join(10)
    assert got == [b"12"]
    assert file.closed
