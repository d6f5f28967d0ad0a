"""A model that is ready to answer, whatever it was loaded from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Transform = Callable[[bytes, str, str], tuple[bytes, str]]
"""From body, content type and accept type to the answer and its content type."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in this process.

    Attributes
    ----------
    transform
        Answers a request.
    root
        Folder of the model's own code, which places of errors are told relative to.
    elsewhere
        How to call code outside that folder.
    takes_arrays
        Whether requests are decoded and answers encoded by our defaults, so that NPY does for both.
    """

    transform: Transform
    root: Path
    elsewhere: str
    takes_arrays: bool = False
