"""Small model artifacts for tests."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a model.tar.gz of the given files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members.items():
            raw = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(name)
            entry.size = len(raw)
            archive.addfile(entry, io.BytesIO(raw))
    return buffer.getvalue()


def model(code: str, **members: str | bytes) -> bytes:
    """Return a model.tar.gz whose `code/inference.py` is the given text."""
    return packed({"code/inference.py": code, **members})
