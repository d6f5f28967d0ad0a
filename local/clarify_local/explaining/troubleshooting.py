"""The documentation's page of messages, which the package carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PAGE: Final = "troubleshooting.md"
_HEADING: Final = re.compile(r"^(##+) (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A heading of the page with what stands below it, smaller headings too.

    Attributes
    ----------
    title
        A message, or the part of one that is always the same; of a part of the page its title.
    anchor
        Its name in links, and for `clarify explain`.
    text
        Markdown.
    is_message
        False for a part of the page.
    """

    title: str
    anchor: str
    text: str
    is_message: bool


@cache
def sections() -> tuple[Section, ...]:
    """Return the sections of the page, in order."""
    text = _file().read_text(encoding="utf-8")
    headings = [*_HEADING.finditer(text)]
    found = []
    for index, heading in enumerate(headings):
        ends = (
            other.start() for other in headings[index + 1 :] if len(other[1]) <= len(heading[1])
        )
        below = text[heading.end() : next(ends, len(text))].strip()
        title = heading[2].strip("`")
        found.append(Section(title, anchor(heading[2]), below, heading[2].startswith("`")))
    return tuple(found)


def anchor(heading: str) -> str:
    """Return the anchor that the site gives to a heading.

    Examples
    --------
    >>> anchor("`SageMaker gave no reason; see the job's log.`")
    'sagemaker-gave-no-reason-see-the-jobs-log'
    """
    words = re.sub(r"[^\w\s-]", "", heading).strip().lower()
    return re.sub(r"[-\s]+", "-", words)


def _file() -> Path:
    """Return the page: a wheel has it inside of the package, a checkout beside the source roots."""
    package = Path(__file__).parents[1]
    inside = package / "_docs" / PAGE
    return inside if inside.is_file() else package.parents[1] / "docs" / PAGE
