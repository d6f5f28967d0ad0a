"""What every part of the emulator shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from clarify_local.emulator.children import Children
from clarify_local.emulator.controls import Controls
from clarify_local.emulator.options import Options

PARTITION = "aws"


@dataclass
class World:
    """One emulator: its options, switches, processes and address.

    Attributes
    ----------
    folder
        A folder of this emulator's own; removed when it stops.
    endpoint
        ``http://localhost:<port>``. The name, not the number: moto takes an S3 URL for a path-style
        one only if it says ``localhost``.
    """

    options: Options
    folder: Path
    endpoint: str
    controls: Controls = field(default_factory=Controls)
    children: Children = field(default_factory=Children)
