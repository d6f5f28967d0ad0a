"""Lint what `app.py` deploys with cfn-lint: templates, and state machine definitions as text.

cfn-lint reads a definition only where it is plain text; CDK writes it as an Fn::Join with
references. Here every reference becomes an ARN of the right form, so that it can be judged.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from clarify_local.node import bundled_node

ROOT = Path(__file__).resolve().parents[1]
ANY_ARN = "arn:aws:service:eu-west-1:111122223333:resource"


def literal(value: Any) -> str:
    """Return a definition with every reference replaced."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and "Fn::Join" in value:
        separator, parts = value["Fn::Join"]
        return separator.join(literal(part) for part in parts)
    return "aws" if value == {"Ref": "AWS::Partition"} else ANY_ARN


def with_literal_definitions(template: dict[str, Any]) -> dict[str, Any]:
    """Return the template's state machines alone, their definitions as text."""
    machines = {
        name: {
            "Type": resource["Type"],
            "Properties": {
                "RoleArn": "arn:aws:iam::111122223333:role/any",
                "DefinitionString": literal(resource["Properties"]["DefinitionString"]),
            },
        }
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::StepFunctions::StateMachine"
    }
    return {"Resources": machines}


def main() -> int:
    """Synthesise with CDK's own validation on, then lint; the exit code is cfn-lint's."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CDK_OUTDIR": folder, "CDK_VALIDATION": "true"}
        environment["CDK_CONTEXT_JSON"] = json.dumps(
            json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
        )
        if (node := bundled_node()) is not None:
            environment.setdefault("JSII_NODE", str(node))
        subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, check=True)
        templates = sorted(Path(folder).glob("*.template.json"))
        if not templates:
            print("app.py synthesised no template", file=sys.stderr)
            return 1
        for path in list(templates):
            resolved = with_literal_definitions(json.loads(path.read_text(encoding="utf-8")))
            if resolved["Resources"]:
                copy = path.with_name(f"definitions-of-{path.name}")
                copy.write_text(json.dumps(resolved), encoding="utf-8")
                templates.append(copy)
        print("cfn-lint:", *(path.name for path in templates), flush=True)
        return subprocess.run(["cfn-lint", *map(str, templates)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
