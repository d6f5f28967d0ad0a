"""What every assertion does with its findings: one error with all of them, but the acknowledged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from aws_cdk import Stack

from clarify_cdk.testing.template import template_of
from clarify_contract import Finding


def place(name: str, resource: Mapping[str, Any], where: str) -> str:
    """Return how a finding names a property: as the resource's heading in ``template_text``."""
    return f"{name} {resource['Type']} {where}"


def require(
    stack: Stack | Mapping[str, Any],
    *,
    judged: Collection[str],
    findings: Callable[[Mapping[str, Any]], Iterable[Finding]],
    acknowledged: Mapping[str, str] | None,
) -> None:
    """Raise one error with every finding that nobody acknowledged.

    Parameters
    ----------
    stack
        See ``template_of``.
    judged
        Types of resources that are judged. A template without any is a finding: a test of the wrong
        stack would always pass.
    findings
        Resources of the template by logical id -> what is found in them. Each ``path`` begins with
        the resource's logical id.
    acknowledged
        ``"finding-id LogicalId"`` -> why the risk does not arise there.

    Raises
    ------
    AssertionError
        If there is a finding, or an acknowledgement without reason or without a finding.
    """
    __tracebackhide__ = True
    resources = template_of(stack).get("Resources", {})
    acknowledged = acknowledged or {}
    found = [*findings(resources)]
    kinds = {resource["Type"] for resource in resources.values()}
    if kinds.isdisjoint(judged):
        found.append(_nothing_judged(judged, kinds))
    keys = {_key(finding) for finding in found}
    lines = [
        *(str(finding) for finding in found if _key(finding) not in acknowledged),
        *(
            f"acknowledged[{key!r}]: nothing of the kind was found. Remove it."
            for key in sorted(acknowledged.keys() - keys)
        ),
        *(
            f"acknowledged[{key!r}]: no reason. Say why the risk does not arise."
            for key, reason in acknowledged.items()
            if not reason.strip()
        ),
    ]
    if not lines:
        return
    if open_keys := sorted(keys - acknowledged.keys()):
        hint = f"acknowledged={{{open_keys[0]!r}: 'why the risk does not arise', ...}}"
        lines.append(f"What is meant so is acknowledged, each by itself: {hint}")
    raise AssertionError("\n".join(["", *lines]))


def _key(finding: Finding) -> str:
    return f"{finding.id} {finding.path.partition(' ')[0]}"


def _nothing_judged(judged: Collection[str], kinds: Collection[str]) -> Finding:
    return Finding(
        "nothing-to-judge",
        "Resources",
        f"{len(kinds)} types, none of which is judged here",
        f"one of {', '.join(sorted(judged))}",
        "Give the stack that holds them; a nested stack is judged by itself.",
    )
