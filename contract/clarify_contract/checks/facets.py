"""The facets of a config as its results will name them, and how their groups are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding

Reading = Literal["category", "threshold"]
READINGS: tuple[Reading, ...] = ("category", "threshold")


@dataclass(frozen=True, slots=True)
class JudgedFacet:
    """One facet column; entries for the same column share one list of groups in the results.

    Attributes
    ----------
    name
        Of the column; None where only the data's header tells it.
    groups
        How many there will be; None where only the data tells.
    texts
        What ``value_or_threshold`` of a group may be, where its values are taken as categories;
        None where the data decide.
    numbers
        Whether a group is given by one whole number: a category or a threshold, as the type of
        the column decides.
    """

    name: str | None
    groups: int | None
    texts: tuple[str, ...] | None
    numbers: bool


def judged_facets(config: AnalysisConfig) -> list[JudgedFacet]:
    """Return each facet column once, in the config's order."""
    headers = config.facet_headers if config.facet_dataset_uri else config.headers
    entries: dict[str | int, list[Sequence[Any]]] = {}
    for facet in config.facet or ():
        where = facet.name_or_index
        if isinstance(where, int) and headers and 0 <= where < len(headers):
            where = headers[where]
        entries.setdefault(where, []).append(facet.value_or_threshold or ())
    return [_judged(where, groups) for where, groups in entries.items()]


def facet_findings(config: AnalysisConfig, place: str, name: str | None) -> Iterator[Finding]:
    """Yield the finding on a facet that no result will have; None stands for all facets."""
    names = [facet.name for facet in judged_facets(config)]
    if name is not None and None not in names and name not in names:
        yield Finding(
            "limit-facet-unknown",
            place,
            repr(name),
            ", ".join(map(repr, names)) or "no facet: this config has none",
            "Name a facet of the config, or leave `facet` out to judge all of them.",
        )


def group_findings(
    config: AnalysisConfig, place: str, facet: str | None, group: str | None
) -> Iterator[Finding]:
    """Yield the finding on a group that no result will have; None stands for all groups."""
    if group is None:
        return
    if facet is None:
        yield Finding(
            "limit-group-without-facet",
            f"{place}.group",
            "a group, and no facet",
            "a group of a facet that is named",
            "Name its facet too.",
        )
        return
    judged = next((item for item in judged_facets(config) if item.name == facet), None)
    if judged is None or judged.texts is None or group in judged.texts:
        return
    # A threshold's text holds the column's maximum, which only the data tell.
    if not group.startswith("("):
        yield Finding(
            "limit-group-unknown",
            f"{place}.group",
            "a text that no group of this facet will have",
            "the group's values as the results write them: joined by commas, or `(threshold, max]`",
            "Correct it, or leave `group` out to judge all groups of the facet.",
        )


def reading_findings(
    config: AnalysisConfig, place: str, readings: Mapping[str, object]
) -> Iterator[Finding]:
    """Yield what is wrong with the statements on how facets are meant."""
    for name, reading in readings.items():
        if reading not in READINGS:
            yield Finding(
                "reading-unknown",
                f"{place}.{name}",
                repr(reading),
                " or ".join(map(repr, READINGS)),
                "Say how the facet's one number is meant.",
            )
        yield from facet_findings(config, f"{place}.{name}", name)
        if any(facet.name == name and not facet.numbers for facet in judged_facets(config)):
            yield Finding(
                "reading-pointless",
                f"{place}.{name}",
                "a facet none of whose groups is given by one whole number",
                "a facet such as {'name_or_index': 'age', 'value_or_threshold': [50]}",
                "Remove it: this facet can be read in one way only.",
            )


def _judged(where: str | int, groups: Sequence[Sequence[Any]]) -> JudgedFacet:
    given = all(groups)
    return JudgedFacet(
        name=where if isinstance(where, str) else None,
        groups=len(groups) if given else None,
        texts=tuple(",".join(map(str, values)) for values in groups) if given else None,
        numbers=any(len(values) == 1 and _is_whole(values[0]) for values in groups),
    )


def _is_whole(value: object) -> bool:
    """Tell whether a value is a whole number, or a text that the service takes for one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    try:
        return float(value).is_integer()
    except (ValueError, OverflowError):
        return False
