"""cfn-lint finds nothing in any template, nor in any state machine definition with values in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from support_constructs.templates import Template, assembly, readable

#: CDK writes the dependency of a function on its role twice; that is all that W3005 says. The
#: templates of `ClarifyStack` say so themselves, those of other people's stacks do not.
IGNORED = "W3005"


def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    templates = sorted(assembly("recommended-flags").folder.glob("*.template.json"))
    assert len(templates) == 6
    definitions = [
        definition_alone(definition, tmp_path / f"{number}-{path.name}")
        for path in templates
        for number, definition in enumerate(definitions_in(path))
    ]
    assert len(definitions) == 7
    own = [path for path in templates if path.name.startswith("EndpointInGivenVpc")]
    whole = [path for path in templates if path not in own]
    for options, paths in (
        ([], [*whole, *definitions]),
        (["--ignore-checks", IGNORED], own),
    ):
        command = [str(Path(sys.executable).with_name("cfn-lint")), *options]
        answer = subprocess.run(
            [*command, "--template", *map(str, paths)], capture_output=True, text=True, check=False
        )
        assert (answer.stdout, answer.returncode) == ("", 0)


def definitions_in(template: Path) -> list[str]:
    """Return the definitions of a template's state machines."""
    machines = Template(readable(json.loads(template.read_text("utf-8")))).of_type(
        "StepFunctions::StateMachine"
    )
    return [json.dumps(m["Properties"]["DefinitionString"]) for m in machines.values()]


def definition_alone(definition: str, to: Path) -> Path:
    """Write a template of one state machine alone, its definition as plain text.

    cfn-lint reads a definition only where it is text, and judges ARNs in it.
    """
    for reference, value in (
        (r"\$\{AWS::Partition\}", "aws"),
        (r"\$\{AWS::Region\}", "eu-central-1"),
        (r"\$\{[^}]*\}", "arn:aws:lambda:eu-central-1:111122223333:function:any"),
    ):
        definition = re.sub(reference, value, definition)
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": "arn:aws:iam::111122223333:role/any",
            "DefinitionString": definition,
        },
    }
    to.write_text(json.dumps({"Resources": {"Machine": machine}}), encoding="utf-8")
    return to
