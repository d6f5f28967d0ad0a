"""What only a person can decide."""

from __future__ import annotations


class Undecided(ValueError):  # noqa: N818 - it reads as what happened
    """The data leave a choice open that only a person can make; the message says which."""
