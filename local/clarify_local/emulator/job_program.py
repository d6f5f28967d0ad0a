"""What carries out a job in the place of its image, which is never run itself.

An image that the rehearsed app builds from the open engine's recipe says itself what to run: its
own sources, by its own entry point. For every other image the installed engine stands in.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clarify_local.emulator.recipe import NotReadable, Recipe, read_recipe
from clarify_local.emulator.world import World

_ENGINE = ("-m", "clarify_engine")


@dataclass(frozen=True)
class Program:
    """A command, to which ``--root <folder>`` is added, and variables it needs."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def program(world: World, image: str, root: Path) -> Program:
    """Return what stands in for an image, and note which it is.

    Parameters
    ----------
    image
        The address that the job's request names.
    root
        Stands for the container's ``/``; gets the files that the image holds.
    """
    context = world.controls.context(image)
    if context is None:
        world.controls.note(f"the image {image}: the engine installed here ran in its place")
        return Program(world.options.engine)
    try:
        recipe = read_recipe(context)
        if recipe.entrypoint[0] != "python" or recipe.entrypoint[-2:] != _ENGINE:
            raise NotReadable("an entry point that is not the open engine's")
    except NotReadable as error:
        world.controls.note(
            f"the image {image}: it holds {error}; the engine installed here ran in its place"
        )
        return Program(world.options.engine)
    recipe.lay_out(context, root)
    world.controls.note(_own_sources(image, recipe))
    return Program(
        (sys.executable, *recipe.entrypoint[1:]),
        recipe.environment_under(root),
    )


def _own_sources(image: str, recipe: Recipe) -> str:
    return (
        f"the image {image}: its sources ran by its entry point ({' '.join(recipe.entrypoint)}),"
        f" but on Python {platform.python_version()} and the libraries installed here, not in"
        f" {recipe.base.partition('@')[0]} with its own"
    )
