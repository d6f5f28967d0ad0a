"""What a change set says it would change: moto names resources, and none of their properties.

The CDK CLI shows no difference that the change set does not name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cloudformation.models import ChangeSet

from clarify_local.emulator.patching import replace
from clarify_local.emulator.world import World


def install(world: World) -> None:
    """Let change sets name each property that differs."""

    def diff(self: Any) -> Any:
        changes = moto_diff(self)
        before, after = self.stack.resource_map._resource_json_map, self.template_dict["Resources"]
        for change in changes:
            if change.action == "Modify":
                name = change.logical_resource_id
                change.scope = ["Properties"]
                # It depends on the property, which is not known here.
                change.replacement = "Conditional"
                change.details = _details(before[name], after[name])
        return changes

    moto_diff = replace(ChangeSet, "diff", diff)


def _details(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    old, new = before.get("Properties", {}), after.get("Properties", {})
    return [
        {
            "Target": {
                "Attribute": "Properties",
                "Name": name,
                "RequiresRecreation": "Conditionally",
            },
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
