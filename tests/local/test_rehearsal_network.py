"""A rehearsal judges the network that it deployed, and goes no further where it lacks something."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from clarify_local.errors import RehearsalFailed
from clarify_local.plan import Inputs, Plan
from clarify_local.planning import app_plan
from clarify_local.rehearsal import rehearse
from clarify_local.show import Show

APP = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from clarify_cdk import Analysis, ClarifyNetwork, ClarifyPipeline
from clarify_contract import AnalysisConfig

app = cdk.App()
stack = cdk.Stack(app, "Loans")
place = dict(s3_endpoint=False)
{place}
config = AnalysisConfig(
    dataset_type="text/csv",
    headers=["sex", "approved"],
    label="approved",
    label_values_or_threshold=[1],
    facet=[{"name_or_index": "sex", "value_or_threshold": [0]}],
    methods={"pre_training_bias": {"methods": ["CI"]}},
)
analysis = Analysis(
    config=config,
    results_bucket=s3.Bucket(stack, "Results"),
    dataset_bucket=s3.Bucket(stack, "Data"),
)
network = ClarifyNetwork(stack, "Network", config=config, **place)
ClarifyPipeline(stack, "Pipeline", analysis=analysis, network=network)
app.synth()
"""

#: A VPC of another stack, of which this one knows the names of exports only.
IMPORTED = """
from aws_cdk import aws_ec2 as ec2

below = cdk.Stack(app, "Below")
vpc = ec2.Vpc(
    below,
    "Vpc",
    restrict_default_security_group=False,
    gateway_endpoints={"S3": {"service": ec2.GatewayVpcEndpointAwsService.S3}},
    subnet_configuration=[{"name": "Job", "subnetType": ec2.SubnetType.PRIVATE_ISOLATED}],
)
subnets = cdk.Fn.join(",", [subnet.subnet_id for subnet in vpc.isolated_subnets])
for name, value in {"VpcId": vpc.vpc_id, "Subnets": subnets}.items():
    cdk.CfnOutput(below, name, value=value, export_name=name)
stack.add_dependency(below)
imported = ec2.Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id=cdk.Fn.import_value("VpcId"),
    availability_zones=cdk.Fn.split(",", cdk.Fn.import_value("Zones")),
    private_subnet_ids=cdk.Fn.split(",", cdk.Fn.import_value("Subnets")),
)
place = dict(vpc=imported)
"""


def plan_of(folder: Path, app: str) -> Plan:
    """Return the plan of a rehearsal of an app, with data for it."""
    (folder / "app.py").write_text(app)
    (folder / "cdk.json").write_text(json.dumps({"app": "python app.py"}))
    (folder / "data.csv").write_text("0,1\n1,0\n1,1\n0,0\n" * 20)
    return app_plan(
        None,
        Inputs(folder / "data.csv"),
        stack="Loans",
        pipeline=None,
        output=folder / "rehearsal",
        given={},
    )


def test_what_is_missing_is_named_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = plan_of(tmp_path, APP.replace("{place}", ""))
    said = io.StringIO()
    with (
        pytest.raises(RehearsalFailed, match=r"\[s3-unreachable\].*no way to s3 on port 443"),
        Show(Console(file=said)) as show,
    ):
        rehearse(plan, show)
    assert "run" not in said.getvalue()
    assert not (tmp_path / "rehearsal").exists()


def test_a_job_runs_in_subnets_that_only_cloudformation_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = plan_of(tmp_path, APP.replace("{place}", IMPORTED))
    with Show(Console(file=io.StringIO())) as show:
        rehearsal = rehearse(plan, show)
    assert rehearsal.outcome.verdict == "passed", rehearsal.outcome.reason
    assert rehearsal.network == ()
