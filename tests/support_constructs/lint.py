"""cfn-lint over templates, and over the definitions of their state machines.

It reads a definition only where that is plain text; CDK writes it with references. So each of them
becomes a template of its own, with ARNs and names in place of references: then these are judged.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from clarify_cdk.testing.readable import readable
from support_constructs.templates import Template

#: CDK writes the dependency of a function on its role twice; that is all that W3005 says. The
#: templates of `ClarifyStack` say so themselves, those of other people's stacks do not.
IGNORED = "W3005"
#: What the command `cfn-lint` runs; that one may be missing beside this Python.
_PROGRAM = "import sys, cfnlint.runner; sys.exit(cfnlint.runner.main())"
_VALUES = (
    (r"\$\{AWS::Partition\}", "aws"),
    (r"\$\{AWS::Region\}", "eu-central-1"),
    (r"\$\{[^}]*\}", "arn:aws:lambda:eu-central-1:111122223333:function:any"),
)


def cfn_lint(templates: Sequence[Path], *options: str) -> str:
    """Return what cfn-lint says about templates: nothing, if it finds nothing."""
    answer = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *options, "--template", *map(str, templates)],
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode and not answer.stdout:
        raise RuntimeError(answer.stderr)
    return answer.stdout


def definitions(template: Path, to: Path) -> Iterator[Path]:
    """Write each state machine of a template alone into a folder, its definition as text."""
    machines = Template(readable(json.loads(template.read_text("utf-8")))).of_type(
        "StepFunctions::StateMachine"
    )
    for name, machine in machines.items():
        definition = json.dumps(machine["Properties"]["DefinitionString"])
        for reference, value in _VALUES:
            definition = re.sub(reference, value, definition)
        alone = {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": "arn:aws:iam::111122223333:role/any",
                "DefinitionString": definition,
            },
        }
        path = to / f"{name}-of-{template.name}"
        path.write_text(json.dumps({"Resources": {"Machine": alone}}), encoding="utf-8")
        yield path
