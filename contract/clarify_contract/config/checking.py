"""Everything that is wrong with a config, at once."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from clarify_contract.config.explain import closest_key, explain, place_of
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.mending import is_given, mended, without
from clarify_contract.config.paths import Place
from clarify_contract.config.rules.rule import Rule
from clarify_contract.config.rules.table import RULES
from clarify_contract.config.scan import scan
from clarify_contract.findings import Finding


def errors_in(given: dict[str, Any]) -> list[Finding]:
    """Return every error finding: bad values, then types and keys, then rules between keys.

    A rule runs when all that it reads is valid.
    """
    bad = scan(given)
    found = [finding for _, finding in bad]
    broken = [place for place, _ in bad]
    # Keys go, since pydantic cannot name every one of them; in lists the others keep their places.
    readable = without(given, (place for place in broken if isinstance(place[-1], str)))
    try:
        config = AnalysisKeys.model_validate(readable)
    except ValidationError as error:
        details = [d for d in error.errors(include_url=False) if not _inside(place_of(d), broken)]
        found += explain(details, AnalysisKeys)
        broken += [place_of(detail) for detail in details]
        # A misspelt key counts as the key that was meant, if that is absent.
        meant = [closest_key(detail, AnalysisKeys) for detail in details]
        broken += [place for place in meant if place is not None and not is_given(given, place)]
    if broken:
        config = mended(given, broken)
    return found + [
        finding
        for rule in RULES
        if not _is_spoilt(rule, broken)
        for finding in rule.findings(config)
    ]


def _inside(place: Place, broken: list[Place]) -> bool:
    return any(place[: len(outer)] == outer for outer in broken)


def _is_spoilt(rule: Rule, broken: list[Place]) -> bool:
    return any(read.spoilt_by(place) for read in rule.reads for place in broken)
