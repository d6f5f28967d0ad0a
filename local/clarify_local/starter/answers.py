"""What a person says about data, as it stands on the command line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from clarify_local.starter.undecided import Undecided


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What a person says about the data.

    Attributes
    ----------
    label
        The column of the outcome.
    facets
        The columns that name groups of people, each with the values of the group that is asked
        about; none to leave that to the data.
    positive
        The label's positive values; none to leave that to the data.
    group
        The group variable, if any.
    predicted
        The column of predictions that a model has made already, if any.
    """

    label: str
    facets: Mapping[str, Sequence[str]]
    positive: Sequence[str] = ()
    group: str | None = None
    predicted: str | None = None

    @property
    def columns(self) -> list[str]:
        """All columns that are named."""
        named = [self.label, *self.facets, self.group, self.predicted]
        return [name for name in named if name is not None]


def facets_of(texts: Sequence[str], columns: Collection[str]) -> dict[str, list[str]]:
    """Read each ``COLUMN`` or ``COLUMN=VALUE,VALUE``; a column's name may hold an equals sign.

    Raises
    ------
    Undecided
        A column comes twice.
    """
    facets: dict[str, list[str]] = {}
    for text in texts:
        name, _, values = (text, "", "") if text in columns else text.partition("=")
        if name in facets:
            raise Undecided(
                f"the facet {name!r} is given twice: name one group of it, or none for each of its "
                "values"
            )
        facets[name] = [value for value in values.split(",") if value]
    return facets


def require_columns(answers: Answers, columns: Sequence[str]) -> None:
    """Refuse columns that the data have not, and one that is used for two things.

    The data's own names are not told: where there is no header row they are cells.

    Raises
    ------
    Undecided
        There is such a column.
    """
    if missing := [name for name in answers.columns if name not in columns]:
        raise Undecided(
            f"no column is called {', '.join(map(repr, missing))}: the data have {len(columns)} "
            "columns, whose names are in the first row of CSV files"
        )
    alone = [answers.label, *answers.facets, answers.predicted]
    if twice := sorted({name for name in alone if name is not None and alone.count(name) > 1}):
        raise Undecided(
            f"{', '.join(map(repr, twice))} cannot be label, facet and prediction at once: name "
            "another column"
        )
