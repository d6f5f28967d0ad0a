"""Results appear whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clarify_contract.container import ANALYSIS_FILE
from clarify_contract.findings import Finding, Refused


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


def write_analysis(output: Path, document: Mapping[str, Any]) -> Path:
    """Write `analysis.json` into a folder and return its path.

    It is written beside its place and then renamed, so that a reader sees the whole file or, if
    anything goes wrong before, what was there before.
    """
    text = json.dumps(document, indent=4, ensure_ascii=False, allow_nan=False)
    output.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=f".{ANALYSIS_FILE}.", dir=output)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(aside, 0o644)
        place = output / ANALYSIS_FILE
        os.replace(aside, place)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return place
