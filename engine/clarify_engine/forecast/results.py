"""The file of the results: where it is, and that it appears whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from clarify_contract.config import AsymmetricShapley


def results_file(method: AsymmetricShapley) -> str:
    """Return the path of the results below the folder of all results, as the service has it."""
    return f"asymmetric_shapley_value/{method.granularity}_{method.direction}/out.jsonl"


def write_lines(file: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Write JSON Lines as they come; the folder is made.

    They are written beside their place, and renamed when all of them are there.

    Parameters
    ----------
    file
        Where to write.
    lines
        One object for each line; an error of the iterable leaves what was there before.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.part")
    try:
        with aside.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(line, allow_nan=False) + "\n" for line in lines)
        os.replace(aside, file)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
