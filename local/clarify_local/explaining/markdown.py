"""Texts of the code as Markdown."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """Return text that is shown as it is: no tag, no emphasis; code stays code."""
    parts = re.split(r"(`[^`]*`)", text)
    parts[::2] = [re.sub(r"([\\*_<>\[\]])", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)


def prose(text: str) -> str:
    """Return the text of a docstring or a description: code in single backticks, on one line."""
    return " ".join(text.replace("``", "`").split())
