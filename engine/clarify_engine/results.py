"""Results appear whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clarify_contract.container import ANALYSIS_FILE, PROVENANCE_FILE
from clarify_contract.findings import Finding, Refused
from clarify_engine.interruption import held


def check_output(output: Path) -> None:
    """Refuse a place that cannot become the folder of the results; nothing is created.

    Raises
    ------
    Refused
        If it, or a folder that it should be in, is a file.
    """
    existing = output
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        raise Refused(
            [
                Finding(
                    "output-is-file",
                    str(output),
                    "a file where a folder is needed",
                    "a folder, which may be missing yet",
                    "Name another output folder.",
                )
            ]
        )


def write_json(file: Path, document: Mapping[str, Any], *, indent: int | None = 4) -> None:
    """Write one JSON document; its folder is made.

    Parameters
    ----------
    file
        Where to.
    document
        What to write.
    indent
        Spaces for each level; `None` writes one line.

    Raises
    ------
    ValueError
        If it holds a number that JSON has no word for.
    """
    text = json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")


def publish(results: Path, output: Path) -> None:
    """Move all files of a folder into the folder of the results, `analysis.json` last.

    They are copied beside their places and then renamed, so that whatever goes wrong while space
    may run out leaves what was there before. Files of a former run that this run has not are
    removed: the former `provenance.json` names them.

    Parameters
    ----------
    results
        A folder with an `analysis.json`; it is empty afterwards.
    output
        The folder of the results; made if it is missing.
    """
    names = sorted(
        (path.relative_to(results) for path in results.rglob("*") if path.is_file()),
        key=lambda name: (name == Path(ANALYSIS_FILE), name),
    )
    output.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".clarify-", dir=output))
    try:
        for name in names:
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(results / name, aside / name)
            _to_disk(aside / name)
        with held():
            _remove_former(output, keep=set(names))
            for name in names:
                (output / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(aside / name, output / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _to_disk(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _remove_former(output: Path, keep: set[Path]) -> None:
    """Remove what a former run wrote, as far as its provenance can be believed."""
    try:
        former = json.loads((output / PROVENANCE_FILE).read_text(encoding="utf-8"))["files"]
        names = {Path(name) for name in former}
    except (OSError, ValueError, TypeError, KeyError):
        return
    for name in names - keep - {Path(ANALYSIS_FILE)}:
        if not name.is_absolute() and ".." not in name.parts:
            (output / name).unlink(missing_ok=True)
