"""Reads the recipe of an image that this machine can stand in for: one stage, Python, files."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

FILE = "Dockerfile"


class NotReadable(ValueError):  # noqa: N818 - it reads as what it says
    """A Dockerfile with something that this reader does not know; the message names it."""


@dataclass(frozen=True)
class Recipe:
    """What a Dockerfile says, as far as it can be followed without Docker.

    Attributes
    ----------
    base
        The image that it starts from.
    steps
        ``("COPY", "from to")`` and ``("RUN", "command")``, in their order.
    environment
        Variables that the image sets.
    entrypoint
        The program and its arguments.
    """

    base: str
    steps: tuple[tuple[str, str], ...]
    environment: Mapping[str, str]
    entrypoint: tuple[str, ...]

    @property
    def copies(self) -> tuple[tuple[str, str], ...]:
        """Each file or folder of the context and its absolute path in the image."""
        return tuple(_two(text) for name, text in self.steps if name == "COPY")

    def lay_out(self, context: Path, root: Path) -> None:
        """Copy what the image holds of the context below a folder that stands for ``/``."""
        for source, target in self.copies:
            into = under(root, target)
            into.parent.mkdir(parents=True, exist_ok=True)
            if (context / source).is_dir():
                shutil.copytree(context / source, into, dirs_exist_ok=True)
            else:
                shutil.copyfile(context / source, into)

    def environment_under(self, root: Path) -> dict[str, str]:
        """Return the variables, with absolute paths below a folder that stands for ``/``."""
        return {
            name: str(under(root, value)) if value.startswith("/") else value
            for name, value in self.environment.items()
        }


def read_recipe(context: Path) -> Recipe:
    """Read the Dockerfile of a build context.

    Raises
    ------
    NotReadable
        There is none, or it holds anything but one FROM, COPY of one path to an absolute one, RUN
        and ENV in their plain forms, and an ENTRYPOINT as a list.
    """
    file = context / FILE
    if not file.is_file():
        raise NotReadable(f"no {FILE}")
    base: list[str] = []
    steps: list[tuple[str, str]] = []
    environment: dict[str, str] = {}
    entrypoint: tuple[str, ...] = ()
    for name, text in _instructions(file.read_text(encoding="utf-8")):
        match name:
            case "FROM" if not base and " " not in text:
                base.append(text)
            case "COPY" if _is_copy(text):
                steps.append((name, text))
            case "RUN" if not text.startswith(("-", "[", "<")):
                steps.append((name, text))
            case "ENV" if re.fullmatch(r"\w+=[^\s\"'$\\]+", text):
                variable, _, value = text.partition("=")
                environment[variable] = value
            case "ENTRYPOINT" if not entrypoint and text.startswith("["):
                entrypoint = tuple(json.loads(text))
            case _:
                raise NotReadable(f"{name} {text}"[:80])
    if not base or not entrypoint:
        raise NotReadable("no FROM or no ENTRYPOINT")
    return Recipe(base[0], tuple(steps), environment, entrypoint)


def under(root: Path, path: str) -> Path:
    """Return an absolute path of the image below the folder that stands for ``/``."""
    return root / path.lstrip("/")


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each instruction as its name and what follows, on one line."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name, " ".join(rest.split())


def _is_copy(text: str) -> bool:
    words = text.split()
    return (
        len(words) == 2
        and not words[0].startswith(("-", "/"))
        and not any(set(word) & set("*?[$\"'") for word in words)
        and ".." not in PurePosixPath(words[0]).parts
        and words[1].startswith("/")
        and not words[1].endswith("/")
    )


def _two(text: str) -> tuple[str, str]:
    source, target = text.split()
    return source, target
