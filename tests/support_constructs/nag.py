"""What cdk-nag found in the reviewed stacks, read from the report of their synthesis."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from support_constructs.reviewed import PACKS
from support_constructs.templates import Assembly

_ANNOTATIONS = "Construct Annotations"
_GRANULAR = re.compile(r"(?P<rule>[^[]+)(\[(?P<what>.*)\])?", re.DOTALL)
_PLACE = re.compile(
    r"^arn:(?:aws|<AWS::Partition>):(\w+):(?:<AWS::Region>|[a-z0-9-]*):(?:<AWS::AccountId>|\d*):"
)


@dataclass(frozen=True)
class Found:
    """One finding: a rule of a pack, at one construct.

    Attributes
    ----------
    rule
        Without the name of its pack, so that the packs' like rules are one.
    what
        Of a rule that judges parts of a policy: ``Action::`` and an action, or a resource, without
        partition, Region and account.
    """

    pack: str
    rule: str
    what: str
    stack: str
    path: str


def findings(assembly: Assembly) -> list[Found]:
    """Return all findings; that each pack did run is certain."""
    reports = json.loads((assembly.folder / "validation-report.json").read_text("utf-8"))
    found = {each["pluginName"]: each["violations"] for each in reports["pluginReports"]}
    found.pop(_ANNOTATIONS)
    assert found.keys() == PACKS.keys()
    return [each for pack, violations in found.items() for each in _of_pack(pack, violations)]


def _of_pack(pack: str, violations: list[dict[str, object]]) -> Iterator[Found]:
    for violation in violations:
        # A rule that could judge nothing: it would stand here by its name all the same.
        assert "threw an error" not in str(violation["description"]), violation
        name = str(violation["ruleName"]).removeprefix(f"{pack}-")
        match = _GRANULAR.fullmatch(name)
        assert match is not None, name
        what = _PLACE.sub(r"\1:", (match["what"] or "").removeprefix("Resource::"))
        constructs = violation["violatingConstructs"]
        assert isinstance(constructs, list)
        for construct in constructs:
            stack, _, path = construct["constructPath"].partition("/")
            yield Found(pack, match["rule"], what, stack, path.removesuffix("/Resource"))
