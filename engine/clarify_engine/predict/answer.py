"""What a model said about the rows of one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said about some records, one entry each.

    Attributes
    ----------
    labels
        The predicted label of each record, or a list of labels each; `None` if none was asked for.
    scores
        The score of each record, or a list of scores each; `None` if none was asked for. As an
        array: numbers, shape (records,) or (records, classes).
    is_text
        Whether a number may stand as text among the labels, as in a CSV response.
    """

    labels: list[Any] | None
    scores: list[Any] | np.ndarray[Any, Any] | None
    is_text: bool = False


def joined(answers: Sequence[Answer]) -> Answer:
    """Return the answers to consecutive records as one; to no records, nothing was said."""
    if len(answers) == 1:
        return answers[0]
    return Answer(
        _joined_lists([answer.labels for answer in answers]),
        _joined_scores([answer.scores for answer in answers]),
        is_text=any(answer.is_text for answer in answers),
    )


def _joined_lists(parts: Sequence[list[Any] | None]) -> list[Any] | None:
    present = [part for part in parts if part is not None]
    return [entry for part in present for entry in part] if present else None


def _joined_scores(
    parts: Sequence[list[Any] | np.ndarray[Any, Any] | None],
) -> list[Any] | np.ndarray[Any, Any] | None:
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    if arrays and len(arrays) == len(parts) and len({part.shape[1:] for part in arrays}) == 1:
        return np.concatenate(arrays)
    return _joined_lists(
        [part.tolist() if isinstance(part, np.ndarray) else part for part in parts]
    )
