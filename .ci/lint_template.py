"""Have CDK's own validation and cfn-lint judge every stack that security tools look at.

That is each construct in each kind of place, and what the `cdk.json` files here deploy. The tests
have the validation off, since it costs many seconds.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from clarify_local.node import bundled_node

# Before jsii is loaded.
if (node := bundled_node()) is not None:
    os.environ.setdefault("JSII_NODE", str(node))
os.environ["CDK_VALIDATION"] = "true"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support_constructs.lint import IGNORED, cfn_lint, definitions
from support_constructs.reviewed import OF_OTHERS, STACKS, reviewed_app

VALIDATION = "CloudFormation Validate"


def violations(folder: Path) -> list[dict[str, Any]]:
    """Return what CDK's validation found: it lets a synthesis with errors pass as warnings."""
    report = json.loads((folder / "validation-report.json").read_text("utf-8"))
    (found,) = [
        each["violations"] for each in report["pluginReports"] if each["pluginName"] == VALIDATION
    ]
    return list(found)


def main() -> int:
    """Return 0 if neither finds anything."""
    with tempfile.TemporaryDirectory() as name:
        folder, alone = Path(name, "assembly"), Path(name, "definitions")
        alone.mkdir()
        reviewed_app(folder).synth()
        templates = {stack: folder / f"{stack}.template.json" for stack in STACKS}
        machines = [path for each in templates.values() for path in definitions(each, alone)]
        others = [templates.pop(stack) for stack in OF_OTHERS]
        found = [
            *(json.dumps(each, indent=2) for each in violations(folder)),
            cfn_lint([*templates.values(), *machines]),
            cfn_lint(others, "--ignore-checks", IGNORED),
        ]
    print(f"{VALIDATION} and cfn-lint: {len(STACKS)} templates, {len(machines)} definitions")
    print("".join(found), end="")
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
