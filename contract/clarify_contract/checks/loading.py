"""Rules written as JSON: a file, a text or a mapping.

::

    {"presets": ["four_fifths"],
     "limits": {"DPL": {"min": -0.1, "max": 0.1, "facet": "sex", "evidence": "interval"}},
     "attributions": [{"max_share": 0.5}, {"forbidden": ["sex"], "top": 3}, {"features": 12},
                      {"min_ndcg": 0.9}],
     "baseline": {"uri": "s3://models/loans/analysis.json"},
     "no_worse": [{"metrics": ["DPPL", "DI"], "tolerance": 0.02}, {"facet": "sex"}],
     "accepted_errors": [{"metric": "FT", "error": "FlipTest does not support"}],
     "accepted_zeros": ["sex"],
     "readings": {"age": "threshold"},
     "minimum_rows": 50}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from clarify_contract.checks.accepted import AcceptedError
from clarify_contract.checks.attributions import (
    AttributionDrift,
    AttributionRule,
    FeatureCount,
    FeatureShare,
    ForbiddenFeatures,
)
from clarify_contract.checks.baseline import Baseline
from clarify_contract.checks.limit import Limit
from clarify_contract.checks.members import Members, is_text, is_texts
from clarify_contract.checks.no_worse import NoWorse
from clarify_contract.checks.presets import PRESETS
from clarify_contract.checks.rules import Rules
from clarify_contract.config.wording import describe_type, did_you_mean
from clarify_contract.findings import Finding, Refused

_LIMIT_KEYS = ("min", "max", "facet", "group", "evidence", "source")
_KEYS = (
    *("presets", "limits", "attributions", "accepted_errors", "accepted_zeros", "readings"),
    *("baseline", "no_worse", "minimum_rows"),
)
_NO_WORSE_KEYS = ("metrics", "facet", "group", "distance", "tolerance")


def load_rules(source: Path | str | Mapping[str, Any]) -> Rules:
    """Read rules.

    Parameters
    ----------
    source
        A path, the JSON text itself (a text that starts with ``{``), or a mapping.

    Raises
    ------
    Refused
        With every unknown key and every value of a wrong type. Whether the rules fit a config is
        told by `resolve_checks`.

    Examples
    --------
    >>> load_rules({"limits": {"DPL": {"max": 0.1}}}).limits["DPL"][0].maximum
    0.1
    """
    given = source if isinstance(source, Mapping) else _parsed(_text(source))
    findings: list[Finding] = []
    top = Members(given, "rules", _KEYS, findings)
    limits = read_limits(top.of("limits", {}), "limits", findings)
    for name in top.texts("presets"):
        if name not in PRESETS:
            fix = did_you_mean(name, PRESETS) or "Name a preset."
            findings.append(
                Finding("preset-unknown", "rules.presets", repr(name), ", ".join(PRESETS), fix)
            )
            continue
        for code, limit in PRESETS[name]().items():
            limits.setdefault(code, []).append(limit)
    rules = Rules(
        limits=limits,
        attributions=top.each("attributions", _attribution),
        accepted_errors=top.each("accepted_errors", _accepted),
        accepted_zeros=top.texts("accepted_zeros"),
        readings=top.mapping("readings"),
        baseline=_baseline(top.of("baseline"), findings),
        no_worse=top.each("no_worse", _no_worse),
        minimum_rows=top.of("minimum_rows"),
    )
    if findings:
        raise Refused(findings)
    return rules


def read_limits(given: object, place: str, findings: list[Finding]) -> dict[str, list[Limit]]:
    """Return limits by metric from their JSON form; what is wrong goes to ``findings``.

    Whether a bound is a number that a metric can have is told by `resolve_checks`.
    """
    if not isinstance(given, Mapping):
        findings.append(_limit_wrong(place, given))
        return {}
    limits: dict[str, list[Limit]] = {}
    for metric, bounds in given.items():
        limits[metric] = []
        for bound in bounds if isinstance(bounds, list) else [bounds]:
            where = f"{place}.{metric}"
            if not isinstance(bound, Mapping) or set(bound) - set(_LIMIT_KEYS):
                findings.append(_limit_wrong(where, bound))
                continue
            limits[metric].append(_limit(Members(bound, where, _LIMIT_KEYS, findings)))
    return limits


def _limit(members: Members) -> Limit:
    return Limit(
        minimum=members.of("min"),
        maximum=members.of("max"),
        facet=members.text("facet"),
        group=members.text("group"),
        evidence=members.of("evidence", "value"),
        source=members.text("source"),
    )


def _limit_wrong(place: str, given: object) -> Finding:
    return Finding(
        "limit-wrong",
        place,
        f"the keys {sorted(map(str, given))}"
        if isinstance(given, Mapping)
        else describe_type(given),
        'an object with "min", "max" or both, and "facet", "group", "evidence" and "source" at '
        "will; or a list of them",
        'Write {"min": -0.1, "max": 0.1}.',
    )


def _baseline(given: object, findings: list[Finding]) -> Baseline | None:
    if given is None:
        return None
    members = Members(given, "rules.baseline", ("uri", "job_name"), findings)
    return Baseline(uri=members.text("uri"), job_name=members.text("job_name"))


def _no_worse(given: object, place: str, findings: list[Finding]) -> NoWorse:
    members = Members(given, place, _NO_WORSE_KEYS, findings)
    return NoWorse(
        metrics=members.texts("metrics"),
        facet=members.text("facet"),
        group=members.text("group"),
        distance=members.of("distance", "neutral"),
        tolerance=members.of("tolerance", 0.0),
    )


def _accepted(given: object, place: str, findings: list[Finding]) -> AcceptedError | None:
    members = Members(given, place, ("metric", "error", "facet"), findings)
    if members.needs("metric", is_text, "a text") and members.needs("error", is_text, "a text"):
        return AcceptedError(
            metric=members.of("metric"), error=members.of("error"), facet=members.text("facet")
        )
    return None


def _attribution(given: object, place: str, findings: list[Finding]) -> AttributionRule | None:
    kinds: Mapping[str, tuple[tuple[str, ...], Callable[[Members], AttributionRule | None]]] = {
        "max_share": (("max_share", "feature", "label"), _share),
        "forbidden": (("forbidden", "top", "label"), _forbidden),
        "features": (("features", "label"), _count),
        "min_ndcg": (("min_ndcg", "label"), _drift),
    }
    named = [kind for kind in kinds if isinstance(given, Mapping) and kind in given]
    if len(named) != 1:
        findings.append(
            Finding(
                "rules-wrong",
                place,
                describe_type(given) if not named else f"the keys {named}",
                f"an object with one of the keys {', '.join(kinds)}",
                'Write {"max_share": 0.5}.',
            )
        )
        return None
    keys, read = kinds[named[0]]
    return read(Members(given, place, keys, findings))


def _share(members: Members) -> FeatureShare:
    return FeatureShare(
        maximum=members.of("max_share"),
        feature=members.text("feature"),
        label=members.text("label"),
    )


def _forbidden(members: Members) -> ForbiddenFeatures | None:
    if not members.needs("forbidden", is_texts, "a list of names"):
        return None
    return ForbiddenFeatures(
        features=members.of("forbidden"), top=members.of("top"), label=members.text("label")
    )


def _count(members: Members) -> FeatureCount:
    return FeatureCount(features=members.of("features"), label=members.text("label"))


def _drift(members: Members) -> AttributionDrift:
    return AttributionDrift(minimum=members.of("min_ndcg"), label=members.text("label"))


def _text(source: Path | str) -> str:
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return source
    try:
        return Path(source).read_bytes().decode()
    except UnicodeDecodeError:
        _refuse("bytes that are no UTF-8")
    except OSError as error:
        _refuse(f"{source}: {(error.strerror or type(error).__name__).lower()}")


def _parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        _refuse(f"text that is no JSON (line {error.lineno}, column {error.colno})")
    except (RecursionError, ValueError) as error:
        _refuse(str(error) if isinstance(error, _Repeated) else "JSON that cannot be read")
    if not isinstance(value, dict):
        _refuse(describe_type(value))
    return value


class _Repeated(ValueError):  # noqa: N818 - it says what the object does
    """A key stood twice in one object: readers disagree on which of them counts."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Repeated("an object that holds a key twice")
    return members


def _refuse(given: str) -> NoReturn:
    finding = Finding(
        "rules-unreadable",
        "rules",
        given,
        "a readable file with one JSON object in UTF-8",
        "Correct the path or the file.",
    )
    raise Refused([finding]) from None
