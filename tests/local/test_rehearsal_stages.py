"""The stage of the example that runs in what an account has is rehearsed as it will be deployed."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from clarify_local.emulator.client import Emulator
from clarify_local.plan import Inputs
from clarify_local.planning import app_plan
from clarify_local.rehearsal import rehearse
from clarify_local.show import Show
from support_local.example import STAGES

ROLE = "arn:aws:iam::777788889999:role/team/clarify-loans"


def test_the_live_stage_passes_in_the_vpc_and_with_the_role_of_its_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(STAGES, tmp_path, dirs_exist_ok=True)
    settings = json.loads((tmp_path / "cdk.json").read_text("utf-8"))
    # Beside what the example has: everything else that can be asked of a VPC of the account.
    settings["context"]["clarify"]["LoansLive"] |= {
        "functions_in_vpc": True,
        "s3_endpoint": True,
        "sagemaker_endpoints": True,
        "endpoint_clients": ["sg-1a2b3c4d"],
        "reachable_security_groups": ["sg-0a1b2c3d"],
        "reachable_addresses": ["10.0.9.0/24"],
    }
    (tmp_path / "cdk.json").write_text(json.dumps(settings), encoding="utf-8")
    # One of fifty more among m: DPL is 0.02, within the limits of this stage.
    rows = [
        "income,region,sex,approved",
        *("30,north,f,yes", "40,north,m,yes", "20,north,f,no", "50,north,m,no") * 24,
        *("30,south,f,yes", "40,south,m,yes", "20,south,f,no", "50,south,m,yes"),
    ]
    (tmp_path / "loans.csv").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    plan = app_plan(
        None,
        Inputs(tmp_path / "loans.csv"),
        stack="LoansLive",
        pipeline=None,
        output=tmp_path / "rehearsal",
        given={},
    )
    started: list[Emulator] = []
    start = Emulator.start

    def noted(emulator: Emulator) -> None:
        started.append(emulator)
        start(emulator)

    monkeypatch.setattr(Emulator, "start", noted)
    with Show(Console(file=io.StringIO())) as show:
        rehearsal = rehearse(plan, show)
    assert len(started) == 1  # in the account that the entry tells, from the first
    assert rehearsal.outcome.verdict == "passed", rehearsal.outcome.reason
    assert ":eu-west-1:777788889999:" in rehearsal.outcome.execution.arn
    said = "\n".join(rehearsal.left_out)
    assert "vpc-0a1b2c3d4e5f60718 of the account" in said
    assert f"{ROLE}, for which a role stands in with the policy of output PipelineJobPolicy" in said
    assert rehearsal.network == ()
