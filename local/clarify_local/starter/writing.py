"""Files that are written whole or not at all, and over nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from clarify_local.starter.undecided import Undecided


def refuse_existing(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder in which a file is that would be written.

    Raises
    ------
    Undecided
        One of them is there already.
    """
    if there := [name for name in names if (folder / name).exists()]:
        raise Undecided(
            f"{', '.join(there)} exists in {folder} and nothing was written: move it, or name "
            "another folder with --output"
        )


def write_new(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder, which is made if it is missing.

    Raises
    ------
    Undecided
        One of them is there already; then none is written.
    """
    refuse_existing(folder, files)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        with (folder / name).open("x", encoding="utf-8") as file:
            file.write(text)
