"""A model artifact is unpacked whole and inside its folder, or refused."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from clarify_local.serving.artifact import ArtifactError, unpack
from support_local.models import packed


def archive_of(*entries: tarfile.TarInfo, content: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for entry in entries:
            archive.addfile(entry, io.BytesIO(content) if entry.isreg() else None)
    return buffer.getvalue()


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def test_files_come_out_as_they_went_in(tmp_path: Path) -> None:
    unpack(packed({"code/inference.py": "x = 1\n", "weights": b"\x00\xff"}), tmp_path)
    assert (tmp_path / "code" / "inference.py").read_text() == "x = 1\n"
    assert (tmp_path / "weights").read_bytes() == b"\x00\xff"


def test_an_artifact_may_be_a_path(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(packed({"a": "1"}))
    (tmp_path / "out").mkdir()
    unpack(tmp_path / "model.tar.gz", tmp_path / "out")
    assert (tmp_path / "out" / "a").read_text() == "1"


@pytest.mark.parametrize("name", ["../outside", "a/../../outside"])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (inside := tmp_path / "inside").mkdir()
    with pytest.raises(ArtifactError, match="unsafe"):
        unpack(packed({name: "x"}), inside)
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "entry",
    [
        link("passwd", "/etc/passwd", tarfile.SYMTYPE),
        link("up", "../../secret", tarfile.SYMTYPE),
        link("hard", "../secret", tarfile.LNKTYPE),
        link("pipe", "", tarfile.FIFOTYPE),
        link("null", "", tarfile.CHRTYPE),
    ],
    ids=lambda entry: entry.name,
)
def test_links_out_and_special_files_are_refused(tmp_path: Path, entry: tarfile.TarInfo) -> None:
    with pytest.raises(ArtifactError, match="unsafe"):
        unpack(archive_of(entry), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_total_is_counted_while_decompressing(tmp_path: Path) -> None:
    many = packed({f"f{i}": bytes(1000) for i in range(50)})
    assert len(many) < 5_000
    with pytest.raises(ArtifactError, match="unpacks to more than 20000 bytes"):
        unpack(many, tmp_path, max_total_bytes=20_000)


def test_headers_count_too(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="unpacks to more than"):
        unpack(packed({f"f{i}": b"" for i in range(100)}), tmp_path, max_total_bytes=20_000)


def test_one_file_has_a_limit_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="larger than 1000 bytes"):
        unpack(packed({"big": bytes(1001)}), tmp_path, max_member_bytes=1000)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_declares_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("liar")
    entry.size = 1_000_000
    raw = gzip.compress(entry.tobuf() + b"short")
    with pytest.raises(ArtifactError, match=r"no readable \.tar\.gz"):
        unpack(raw, tmp_path)


def test_the_number_of_entries_has_a_limit(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="more than 3 entries"):
        unpack(packed({f"f{i}": "x" for i in range(4)}), tmp_path, max_members=3)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x03\x04 a zip",
        gzip.compress(b"no tar at all" * 100),
        packed({"a": "1" * 9999})[:60],
    ],
    ids=["empty", "zip", "gzip of something else", "cut off"],
)
def test_what_is_no_gzipped_tar_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(ArtifactError, match=r"no readable \.tar\.gz"):
        unpack(raw, tmp_path)
