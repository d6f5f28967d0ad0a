"""The verdict on one analysis, pure: passed only if all that was asked for was seen to hold."""

from __future__ import annotations

from collections.abc import Collection

from clarify_lambda.check import bias, explanations
from clarify_lambda.check.attributions import attribution
from clarify_lambda.check.baseline import Baseline
from clarify_lambda.check.document import Unreadable, read
from clarify_lambda.check.files import present
from clarify_lambda.check.intervals import Intervals
from clarify_lambda.check.limits import limit
from clarify_lambda.check.no_worse import no_worse
from clarify_lambda.check.outcome import Outcome
from clarify_lambda.check.rows import enough_rows
from clarify_lambda.check.rules import EXPLANATIONS, faults


def judge(
    body: bytes | None,
    rules: object,
    *,
    intervals: bytes | None = None,
    baseline: bytes | None = None,
    files: Collection[str] = (),
) -> tuple[Outcome, ...]:
    """Evaluate every rule on the bytes of one analysis.json.

    Parameters
    ----------
    body
        The file as the job wrote it; None where it wrote none.
    rules
        What `clarify_contract.checks.resolve_checks` made, complete in itself.
    intervals
        The bytes of ``intervals.json``; None where there is none. Limits whose evidence is the
        interval do not hold then.
    baseline
        The bytes of an ``analysis.json``, or of Model Monitor's constraints, that metrics and
        attributions are compared with; None where there is none. Rules that ask for it do not hold
        then.
    files
        The results that are not empty, by their path below the folder of results.

    Returns
    -------
    tuple of Outcome
        One for each rule, place and metric. `outcome.passed` tells what they say together; nothing
        in this module ever raises for what a document or a rule holds.
    """
    wrong = tuple(faults(rules))
    if wrong or not isinstance(rules, dict):
        return wrong
    if body is None:
        return (Outcome("analysis", "analysis.json", "the job wrote no such file"),)
    try:
        analysis = read(body)
    except Unreadable as error:
        return (Outcome("analysis", "analysis.json", str(error)),)
    outcomes: list[Outcome] = []
    for rule in rules["complete"]:
        if rule["section"] in EXPLANATIONS:
            outcomes.append(explanations.complete(analysis, rule["section"]))
        else:
            outcomes += bias.complete(analysis, rule)
    outcomes += [present(rule, files) for rule in rules.get("files", [])]
    given = Intervals(intervals)
    if (minimum := rules.get("minimum_rows")) is not None:
        for rule in rules["complete"]:
            if rule["section"] not in EXPLANATIONS:
                outcomes += enough_rows(analysis, rule["section"], minimum, given)
    for rule in rules["limits"]:
        outcomes += limit(analysis, rule, given)
    before = Baseline(baseline)
    for rule in rules.get("no_worse", []):
        outcomes += no_worse(analysis, rule, before)
    for rule in rules["attributions"]:
        outcomes += attribution(analysis, rule, before)
    return tuple(outcomes)


def needs_intervals(rules: object) -> bool:
    """Tell whether a rule asks for intervals.json."""
    if not isinstance(rules, dict):
        return False
    limits = rules.get("limits")
    return rules.get("minimum_rows") is not None or any(
        isinstance(rule, dict) and rule.get("evidence") == "interval"
        for rule in (limits if isinstance(limits, list) else [])
    )


def files_begin(rules: object) -> tuple[str, ...]:
    """Return how the names of the files begin that must be there beside the analysis."""
    if not isinstance(rules, dict) or any(faults(rules)):
        return ()
    return tuple(rule["begins"] for rule in rules.get("files", []))


def needs_baseline(rules: object) -> bool:
    """Tell whether a rule compares with a baseline."""
    if not isinstance(rules, dict):
        return False
    attributions = rules.get("attributions")
    return bool(rules.get("no_worse")) or any(
        isinstance(rule, dict) and rule.get("kind") == "drift"
        for rule in (attributions if isinstance(attributions, list) else [])
    )
