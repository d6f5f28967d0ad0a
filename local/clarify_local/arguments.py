"""Arguments that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from clarify_local.terminal import usage

DATASET: Final = typer.Option(
    help="The dataset: a file, or a folder of files.", exists=True, show_default=False
)

ConfigFile = Annotated[
    Path,
    typer.Argument(
        help="An analysis_config.json.",
        metavar="CONFIG",
        exists=True,
        dir_okay=False,
        show_default=False,
    ),
]

ResultsFolder = Annotated[
    Path,
    typer.Argument(
        help="The folder of an analysis's results.",
        metavar="RESULTS_DIR",
        exists=True,
        file_okay=False,
        show_default=False,
    ),
]

NamedFiles = Annotated[
    list[str] | None,
    typer.Option(
        help="A file or folder that the config or the rules name by URI; can be repeated.",
        metavar="s3://BUCKET/KEY=PATH",
        show_default=False,
    ),
]


def named_file(text: str) -> tuple[str, Path]:
    """Read one of the `NamedFiles`: the URI, and the path, which exists."""
    uri, separator, path = text.partition("=")
    if not uri.startswith("s3://") or not separator or not Path(path).exists():
        usage(f"--file {text}: write s3://bucket/key=PATH, with a path that exists")
    return uri, Path(path)
