"""The files of a project to start from. Pure."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any, Final

STACK: Final = "ClarifyBias"
NAMES: Final = (
    "analysis_config.json",
    "analysis_config.md",
    "rules.json",
    "app.py",
    "cdk.json",
    "test_bias.py",
)
CONFIG, WHY, RULES, APP, CDK, TEST = NAMES

_APP: Final = f'''\
"""The stack that runs and judges the analysis in AWS: `cdk deploy`, or `clarify rehearse` here."""

from pathlib import Path

import aws_cdk as cdk

from clarify_cdk import ClarifyStack
from clarify_contract import AnalysisConfig, load_rules

HERE = Path(__file__).resolve().parent

app = cdk.App()
ClarifyStack(
    app,
    "{STACK}",
    config=AnalysisConfig.load(HERE / "{CONFIG}"),
    rules=load_rules(HERE / "{RULES}"),
    # An account that is closed to SageMaker Clarify runs the open engine in its place: import
    # ClarifyImage from clarify_cdk too, and pass image=ClarifyImage.open_engine().
)
app.synth()
'''

_TEST: Final = f'''\
"""What must stay true of the analysis. Run it with `python -m pytest {TEST}`; it needs no AWS."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = {{data}}


def clarify(*words):
    return subprocess.run(
        [sys.executable, "-m", "clarify_local.cli", *words],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_config_fits_the_data():
    ended = clarify("validate", "{CONFIG}", "--data", DATA)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_the_stack_runs_and_its_verdict_is_passed(tmp_path):
    ended = clarify(
        *("rehearse", "--app", "python {APP}", "--stack", "{STACK}"),
        *("--data", DATA, "--output", str(tmp_path)),
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
'''

_WHY: Final = f"""\
# Why `{CONFIG}` says what it says

Written by `clarify init` from a look at the data. JSON has no comments: they are here. All of it
is yours to change.

| key | value | why |
|---|---|---|
{{rows}}

# Why `{RULES}` says what it says

Whatever the config asks for must be there as a finite number, or a run is rejected. Beyond that:

| rule | value | why |
|---|---|---|
{{rules}}

`{RULES}` may ask for more: see "Is that good enough?" in the README of clarify-cdk.

# What comes next

```sh
clarify validate {CONFIG} --data {{data}}
clarify analyze {CONFIG} --data {{data}} --output results
clarify estimate {CONFIG} --data {{data}}
clarify rehearse --stack {STACK} --data {{data}}
python -m pytest {TEST}
npx aws-cdk@2 deploy
```

The stack makes a VPC of its own, whose interface endpoints AWS bills by the hour; `vpc=False` in
`{APP}` makes none. It has a bucket for the data: upload them below `dataset/` before the first run.

To ask a model too, name it as `predictor`, add methods that ask it, and rehearse with
`--model model.tar.gz`:

```json
"predictor": {{{{
  "model_name": "…", "instance_type": "ml.m5.large", "initial_instance_count": 1
}}}},
"methods": {{{{"post_training_bias": {{{{"methods": "all"}}}}, "shap": {{{{}}}}}}}}
```
"""


def project_files(
    config: Mapping[str, Any],
    rules: Mapping[str, Any],
    *,
    reasons: Mapping[str, str],
    rule_reasons: Mapping[str, str],
    data: str,
) -> dict[str, str]:
    """Return what each file of the project holds, by its name.

    Parameters
    ----------
    config, rules
        The contents of both JSON files.
    reasons, rule_reasons
        Why they say what they say, by key.
    data
        The path of the data from the project's folder.
    """
    return {
        CONFIG: _json(config),
        WHY: _WHY.format(
            rows=_table(config, reasons),
            rules=_table(_flat(rules), rule_reasons),
            data=shlex.quote(data),
        ),
        RULES: _json(rules),
        APP: _APP,
        CDK: _json({"app": f"python {APP}"}),
        TEST: _TEST.format(data=json.dumps(data)),
    }


def _flat(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return each limit and reading as a row of its own."""
    return {
        f"{key}.{name}": value for key, members in rules.items() for name, value in members.items()
    }


def _table(given: Mapping[str, Any], reasons: Mapping[str, str]) -> str:
    return "\n".join(
        f"| `{key}` | {_code(json.dumps(given[key]))} | {_cell(why)} |"
        for key, why in ((key, reasons[key]) for key in given)
    )


def _code(text: str) -> str:
    return f"`{_cell(text)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
