"""Where results come from: `provenance.json`, written beside them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding
from clarify_contract.version import __version__
from clarify_engine.data.files import files_of

_BLOCK = 1 << 20


def named_files(source: Path, uri: str | None) -> list[tuple[Path, str]]:
    """Return the files of a file or folder, each with the name under which it is recorded.

    Parameters
    ----------
    source
        The file or folder.
    uri
        Where it was fetched from; its files are then named by their own URIs.
    """
    found = files_of(source)
    if uri is None:
        return found
    if source.is_file():
        return [(source, uri)]
    return [(path, f"{uri.rstrip('/')}/{name}") for path, name in found]


class Hashes:
    """Sizes and SHA-256 hashes of the data's files, computed while the analysis runs.

    Parameters
    ----------
    files
        Each file's path and the name under which it is recorded.
    """

    def __init__(self, files: Iterable[tuple[Path, str]]) -> None:
        self._files = tuple(files)
        self._found: list[dict[str, Any]] = []
        # A daemon: an analysis that fails does not wait for the hashes of what it has read.
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def result(self) -> list[dict[str, Any]]:
        """Wait for the hashes, and return name, size in bytes and hash of each file.

        Raises
        ------
        OSError
            A file could not be read to its end.
        """
        self._thread.join()
        if len(self._found) != len(self._files):
            raise OSError("a data file could not be read again for its hash")
        return self._found

    def _run(self) -> None:
        for path, name in self._files:
            try:
                size, digest = _hash(path)
            except OSError:
                return
            self._found.append({"name": name, "bytes": size, "sha256": digest})


def _hash(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()


def provenance(
    *,
    config: AnalysisConfig,
    began: datetime,
    data: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
    seconds: Mapping[str, float],
    warnings: Sequence[Finding],
) -> dict[str, Any]:
    """Return the document of `provenance.json`.

    Parameters
    ----------
    config
        The config; its hash is that of its canonical JSON text.
    began
        When the analysis began.
    data
        Name, size and hash of each data file.
    facts
        What the methods say about themselves: rows, model, estimator, seed, baseline.
    seconds
        Duration of each phase.
    warnings
        All warnings of the run.
    """
    return {
        "engine": {"name": "clarify-cdk", "version": __version__},
        "began": began.astimezone(UTC).isoformat(timespec="seconds"),
        "config_sha256": hashlib.sha256(config.to_json().encode()).hexdigest(),
        "data": [dict(file) for file in data],
        **facts,
        "seconds": {phase: round(took, 3) for phase, took in seconds.items()},
        "warnings": [asdict(finding) for finding in warnings],
    }
