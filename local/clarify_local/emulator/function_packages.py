"""What a function's code can import besides itself: what AWS's Python runtimes bring, no more.

A function that imports something else from this project's environment must fail here as it would
in AWS.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import Distribution, distribution
from pathlib import Path

_BROUGHT = ("boto3", "awslambdaric")
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


def link_packages(folder: Path) -> Path:
    """Fill a folder with links to the runtime's packages, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in _files():
        target = folder / source.name
        if not target.exists():
            target.symlink_to(source)
    return folder


@lru_cache
def _files() -> tuple[Path, ...]:
    wanted, seen = list(_BROUGHT), set()
    files: set[Path] = set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        package = distribution(name)
        files |= _top_level(package)
        wanted += _requirements(package)
    return tuple(sorted(files))


def _top_level(package: Distribution) -> set[Path]:
    base = Path(str(package.locate_file("")))
    names = {file.parts[0] for file in package.files or () if file.parts[0] not in ("..", ".")}
    return {base / name for name in names if name != "__pycache__"}


def _requirements(package: Distribution) -> list[str]:
    found = []
    for requirement in package.requires or ():
        name, _, marker = requirement.partition(";")
        match = _NAME.match(name.strip())
        if match and "extra" not in marker:
            found.append(match[0])
    return found
