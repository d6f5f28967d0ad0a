"""What ends a rehearsal before it has a verdict."""

from __future__ import annotations


class RehearsalFailed(RuntimeError):  # noqa: N818 - it reads as what happened
    """Something that a run needs is not there or did not work; the message says what, and why."""
