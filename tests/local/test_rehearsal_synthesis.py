"""The user's app runs as the CDK CLI would run it, with nothing of theirs but the app."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2

from clarify_local.errors import RehearsalFailed
from clarify_local.lookups import answers, commonly_asked, zones
from clarify_local.plan import Inputs, Plan
from clarify_local.preparing import synthesise_with_lookups
from clarify_local.synthesis import SynthesisFailed, project_app, project_context, synthesise

TELLS_ITS_ENVIRONMENT = """
import json, os
os.makedirs(os.environ["CDK_OUTDIR"])
with open(os.environ["CDK_OUTDIR"] + "/manifest.json", "w") as file:
    json.dump({"env": dict(os.environ)}, file)
"""


def run(tmp_path: Path, code: str, app: list[str] | None = None, seconds: float = 60) -> Path:
    (tmp_path / "app.py").write_text(code)
    (home := tmp_path / "home").mkdir(exist_ok=True)
    synthesise(
        app or [sys.executable, "app.py"],
        tmp_path / "cdk.out",
        context={"some": "context"},
        folder=tmp_path,
        home=home,
        account="123456789012",
        region="us-east-1",
        seconds=seconds,
    )
    return tmp_path / "cdk.out"


def test_the_app_gets_what_the_cli_gives_and_nothing_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid")
    out = run(tmp_path, TELLS_ITS_ENVIRONMENT)
    seen = json.loads((out / "manifest.json").read_text())["env"]
    assert json.loads(seen["CDK_CONTEXT_JSON"]) == {"some": "context"}
    assert seen["CDK_DEFAULT_ACCOUNT"] == "123456789012"
    assert seen["CDK_DEFAULT_REGION"] == "us-east-1"
    assert seen["HOME"] == str(tmp_path / "home")
    assert Path(seen["JSII_NODE"]).is_file()
    assert not {"AWS_PROFILE", "GITHUB_TOKEN", "HTTPS_PROXY"} & seen.keys()


def test_python_means_this_environments_python(tmp_path: Path) -> None:
    code = TELLS_ITS_ENVIRONMENT + "import sys; assert sys.prefix == " + repr(sys.prefix)
    assert run(tmp_path, code, app=["python", "app.py"]).is_dir()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit('no such column')", r"exit code 1:\nno such column"),
        ("print('done')", "without an assembly"),
        ("import time; time.sleep(60)", "not done after 0.5 seconds"),
    ],
)
def test_an_app_that_fails_says_why(tmp_path: Path, code: str, reason: str) -> None:
    with pytest.raises(SynthesisFailed, match=reason):
        run(tmp_path, code, seconds=0.5 if "sleep" in code else 60)


def test_a_command_that_does_not_exist_says_so(tmp_path: Path) -> None:
    with pytest.raises(SynthesisFailed, match="the app no-such-program did not start"):
        run(tmp_path, "", app=["no-such-program"])


def test_context_and_app_come_from_the_project(tmp_path: Path) -> None:
    assert project_context(tmp_path) == {}
    assert project_app(tmp_path) is None
    (tmp_path / "cdk.json").write_text(
        json.dumps({"app": "python 'my app.py'", "context": {"a": 1, "b": 1}})
    )
    (tmp_path / "cdk.context.json").write_text(json.dumps({"b": 2}))
    assert project_context(tmp_path) == {"a": 1, "b": 2}
    assert project_app(tmp_path) == ["python", "my app.py"]


def missing(folder: Path, *entries: dict[str, object]) -> Path:
    (folder / "manifest.json").write_text(json.dumps({"missing": entries}))
    return folder


def test_zones_are_known_and_anything_else_of_the_account_is_not(tmp_path: Path) -> None:
    of_zones = {
        "provider": "availability-zones",
        "key": "availability-zones:account=111122223333:region=eu-west-1",
        "props": {"account": "111122223333", "region": "eu-west-1"},
    }
    assert answers(missing(tmp_path)) == {}
    assert answers(missing(tmp_path, of_zones)) == zones("111122223333", "eu-west-1")
    assert zones("1", "eu-west-1") == {
        "availability-zones:account=1:region=eu-west-1": ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    }
    vpc = {"provider": "vpc-provider", "key": "vpc-provider:account=1", "props": {}}
    with pytest.raises(RehearsalFailed, match=r"vpc-provider:account=1\. Run `cdk synth`"):
        answers(missing(tmp_path, of_zones, vpc))


@pytest.mark.parametrize(("name", "known"), [("s3", True), ("dynamodb", False)])
def test_the_prefix_list_of_s3_is_known_and_no_other(
    tmp_path: Path, name: str, known: bool
) -> None:
    key = f"cc-api-provider:account=1:region=eu-west-1:typeName=AWS$:$:EC2$:$:PrefixList:{name}"
    asked = {
        "provider": "cc-api-provider",
        "key": key,
        "props": {
            "account": "1",
            "region": "eu-west-1",
            "typeName": "AWS::EC2::PrefixList",
            "propertyMatch": {"PrefixListName": f"com.amazonaws.eu-west-1.{name}"},
            "propertiesToReturn": ["PrefixListId"],
        },
    }
    if known:
        ((found, value),) = answers(missing(tmp_path, asked)).items()
        assert found == key
        assert value[0]["PrefixListId"].startswith("pl-")
    else:
        with pytest.raises(RehearsalFailed, match=r"cc-api-provider.*dynamodb"):
            answers(missing(tmp_path, asked))


def test_an_app_that_looks_up_zones_and_the_prefix_list_of_s3_is_run_once(
    tmp_path: Path,
) -> None:
    known = commonly_asked("111122223333", "eu-west-1")
    app = cdk.App(context=known, analytics_reporting=False, outdir=str(tmp_path))
    here = cdk.Environment(account="111122223333", region="eu-west-1")
    stack = cdk.Stack(app, "Looks", env=here)
    assert stack.availability_zones == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    ec2.PrefixList.from_lookup(stack, "S3", prefix_list_name="com.amazonaws.eu-west-1.s3")
    assert answers(Path(app.synth().directory)) == {}


def test_an_app_is_run_again_with_what_was_looked_up(tmp_path: Path) -> None:
    code = """
import json, os
context = json.loads(os.environ["CDK_CONTEXT_JSON"])
key = "availability-zones:account=111122223333:region=eu-west-1"
missing = [] if key in context else [
    {"provider": "availability-zones", "key": key,
     "props": {"account": "111122223333", "region": "eu-west-1"}}]
os.makedirs(os.environ["CDK_OUTDIR"], exist_ok=True)
with open(os.environ["CDK_OUTDIR"] + "/manifest.json", "w") as file:
    json.dump({"missing": missing, "zones": context.get(key)}, file)
"""
    (tmp_path / "app.py").write_text(code)
    plan = Plan(
        app=[sys.executable, "app.py"],
        context={},
        folder=tmp_path,
        inputs=lambda scratch: Inputs(),
    )
    (scratch := tmp_path / "scratch").mkdir()
    out = synthesise_with_lookups(plan, scratch)
    written = json.loads((out / "manifest.json").read_text())
    assert written["zones"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
