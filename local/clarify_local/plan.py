"""What to rehearse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Inputs:
    """The user's side: a dataset (file or folder), a model artifact, other files by S3 URI."""

    data: Path | None = None
    model: Path | None = None
    files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One rehearsal.

    Attributes
    ----------
    app, context, folder
        The CDK app: its command, its context, and the folder it runs in.
    inputs
        Makes or finds the data and the model; is given a scratch folder.
    stack, pipeline
        Which stack, and which of its pipelines; None where there is only one.
    given
        The execution's input.
    output
        Where the results go, in a folder for each run.
    """

    app: Sequence[str]
    context: Mapping[str, Any]
    folder: Path
    inputs: Callable[[Path], Inputs]
    stack: str | None = None
    pipeline: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    output: Path = Path("rehearsal")
