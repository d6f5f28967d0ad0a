"""Arguments that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
