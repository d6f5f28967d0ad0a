"""What a message is about: which topics of `clarify explain` it names."""

from __future__ import annotations

import re
from typing import Final

from clarify_local.explaining.troubleshooting import sections

#: A finding as it is shown: see `clarify_contract.Finding`.
_FINDING: Final = re.compile(r"\[((?:clarify-cdk:)?[\w-]+)\] [^\n]+?: got ")


def topics_of(message: str) -> tuple[str, ...]:
    """Return the ids of findings that a message shows, and the sections of the page about it."""
    ids = _FINDING.findall(message)
    about = [each.anchor for each in sections() if each.is_message and each.title in message]
    return tuple(dict.fromkeys([*ids, *about]))
