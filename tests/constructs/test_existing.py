"""What an account has already goes into a stack by id and ARN, and stays as it is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk.assertions import Annotations, Match

from clarify_cdk import ClarifyStack, Existing, encrypt_logs
from clarify_cdk.testing.readable import readable
from clarify_contract import Refused
from support_constructs.configs import ROOT, pre_training
from support_constructs.stacks import FRANKFURT
from support_constructs.templates import Template, resources_of, template_of

KEY = "arn:aws:kms:eu-central-1:111122223333:key"
STAGES = ROOT / "examples" / "stages"


def stack(app: cdk.App | None = None, **more: Any) -> ClarifyStack:
    arguments: dict[str, Any] = {"config": pre_training(), "vpc": False, "env": FRANKFURT}
    app = app or cdk.App(analytics_reporting=False)
    return ClarifyStack(app, "Loans", **(arguments | more))


def test_nothing_that_exists_leaves_the_template_as_it_is() -> None:
    assert template_of(stack(existing=Existing())) == template_of(stack())


def test_keys_are_those_of_the_account() -> None:
    existing = Existing(
        bucket_key=f"{KEY}/buckets", data_keys=[f"{KEY}/lake"], volume_key=f"{KEY}/volume"
    )
    found = template_of(stack(existing=existing))
    assert not found.of_type("KMS::Key")
    for bucket in found.of_type("S3::Bucket").values():
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == f"{KEY}/buckets"
    cluster = found.state("RunClarifyJob")["Parameters"]["ProcessingResources"]["ClusterConfig"]
    assert cluster["VolumeKmsKeyId"] == f"{KEY}/volume"
    granted = found.statements("PipelineJobRole")
    assert resources_of(granted, "kms:CreateGrant") == {f"{KEY}/volume"}
    assert resources_of(granted, "kms:Decrypt") == {f"{KEY}/buckets", f"{KEY}/lake"}


def test_a_boundary_limits_every_role() -> None:
    for given in ("team-boundary", "arn:aws:iam::111122223333:policy/team-boundary"):
        roles = template_of(stack(existing=Existing(permissions_boundary=given))).of_type(
            "IAM::Role"
        )
        assert len(roles) > 3
        for role in roles.values():
            assert role["Properties"]["PermissionsBoundary"].endswith(
                ":iam::111122223333:policy/team-boundary"
            )


def test_a_job_role_stays_as_it_is_and_its_policy_is_printed() -> None:
    arn = "arn:aws:iam::111122223333:role/team/job"
    found = template_of(stack(existing=Existing(job_role=arn)))
    assert found.state("RunClarifyJob")["Parameters"]["RoleArn"] == arn
    assert not [name for name in found.of_type("IAM::Role") if "JobRole" in name]
    (output,) = [name for name in found.document["Outputs"] if "JobPolicy" in name]
    assert "cloudwatch:PutMetricData" in found.document["Outputs"][output]["Value"]


def in_given_vpc(context: dict[str, Any], *subnets: str, **more: Any) -> ClarifyStack:
    return stack(
        cdk.App(analytics_reporting=False, context=context),
        vpc=True,
        env=cdk.Environment(account="777788889999", region="eu-west-1"),
        **more,
        existing=Existing(
            vpc_id="vpc-0a1b2c3d4e5f60718",
            subnet_ids=subnets,
            s3_prefix_list="pl-6da54004",
            reachable_security_groups=["sg-0a1b2c3d"],
            reachable_addresses=["10.0.9.0/24"],
        ),
    )


def test_jobs_run_in_the_vpc_of_the_account() -> None:
    context = json.loads((STAGES / "cdk.context.json").read_text("utf-8"))
    found = template_of(in_given_vpc(context, "subnet-0a1b2c3d4e5f60718"))
    assert not found.of_type("EC2::VPC")
    network = found.state("RunClarifyJob")["Parameters"]["NetworkConfig"]["VpcConfig"]
    assert network["Subnets"] == ["subnet-0a1b2c3d4e5f60718"]
    group = found.only("EC2::SecurityGroup")
    assert group["VpcId"] == "vpc-0a1b2c3d4e5f60718"
    assert "pl-6da54004" in json.dumps(found.document["Resources"])
    assert "sg-0a1b2c3d" in json.dumps(found.document["Resources"])
    assert "10.0.9.0/24" in json.dumps(found.document["Resources"])


def test_the_functions_run_in_the_vpc_of_the_account_when_asked_for() -> None:
    context = json.loads((STAGES / "cdk.context.json").read_text("utf-8"))
    subnet = "subnet-0a1b2c3d4e5f60718"
    found = template_of(in_given_vpc(context, subnet, functions_in_vpc=True))
    places = [
        function["Properties"]["VpcConfig"]["SubnetIds"]
        for function in found.of_type("Lambda::Function").values()
    ]
    assert places == [[subnet], [subnet]]


def test_fips_is_judged_in_the_vpc_of_the_account_too() -> None:
    context = json.loads((STAGES / "cdk.context.json").read_text("utf-8"))
    with pytest.raises(Refused, match=r"\[fips-region\]"):
        in_given_vpc(context, "subnet-0a1b2c3d4e5f60718", fips=True)


def test_a_subnet_that_the_vpc_does_not_have_is_refused() -> None:
    context = json.loads((STAGES / "cdk.context.json").read_text("utf-8"))
    with pytest.raises(Refused) as refused:
        in_given_vpc(context, "subnet-0a1b2c3d4e5f60718", "subnet-0f")
    (finding,) = refused.value.findings
    assert (finding.id, finding.given) == ("subnet-unknown", "subnet-0f")
    assert "subnet-1a2b3c4d5e6f70819" in finding.allowed


def test_a_vpc_that_is_still_to_be_looked_up_is_asked_for() -> None:
    made = in_given_vpc({}, "subnet-0a1b2c3d4e5f60718")
    root = made.node.root
    assert isinstance(root, cdk.App)
    manifest = Path(root.synth().directory) / "manifest.json"
    missing = json.loads(manifest.read_text("utf-8"))["missing"]
    assert [(entry["provider"], entry["props"]["filter"]) for entry in missing] == [
        ("vpc-provider", {"vpc-id": "vpc-0a1b2c3d4e5f60718"})
    ]


def test_topic_and_bus_of_the_account_are_told() -> None:
    place = "eu-central-1:111122223333"
    found = template_of(
        stack(
            existing=Existing(
                notify_topic=f"arn:aws:sns:{place}:verdicts",
                notify_topic_key=f"{KEY}/topic",
                notify_bus=f"arn:aws:events:{place}:event-bus/verdicts",
            )
        )
    )
    granted = found.statements("PipelineStateMachineRole")
    assert resources_of(granted, "sns:Publish") == {f"arn:aws:sns:{place}:verdicts"}
    assert resources_of(granted, "kms:GenerateDataKey") == {f"{KEY}/topic"}
    assert resources_of(granted, "events:PutEvents") == {
        f"arn:aws:events:{place}:event-bus/verdicts"
    }


def test_a_schedule_starts_runs() -> None:
    daily = scheduler.ScheduleExpression.expression("cron(0 6 * * ? *)", cdk.TimeZone.EUROPE_BERLIN)
    found = template_of(stack(schedule=daily)).only("Scheduler::Schedule")
    assert found["ScheduleExpression"] == "cron(0 6 * * ? *)"
    assert found["ScheduleExpressionTimezone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"subnet_ids": ["subnet-0a"]}, "subnet_ids"),
        ({"s3_endpoint": True}, "s3_endpoint"),
        ({"notify_topic_key": f"{KEY}/topic"}, "notify_topic_key"),
    ],
)
def test_what_says_nothing_alone_is_refused(given: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        Existing(**given)
    assert [(finding.id, finding.path) for finding in refused.value.findings] == [
        ("setting-alone", path)
    ]


# --- access logs ----------------------------------------------------------------------------------


def test_access_logs_go_where_the_account_keeps_them_and_its_owner_is_told() -> None:
    made = stack(existing=Existing(access_log_bucket="audit"))
    found = template_of(made)
    buckets = found.of_type("S3::Bucket")
    kept = [bucket["Properties"]["LoggingConfiguration"] for bucket in buckets.values()]
    assert kept == [
        {"DestinationBucketName": "audit", "LogFilePrefix": f"Loans/{name}/"}
        for name in ("Data", "Results")
    ]
    (statement,) = json.loads(found.document["Outputs"]["AccessLogsPolicy"]["Value"])["Statement"]
    assert statement == {
        "Action": "s3:PutObject",
        "Condition": {
            "ArnLike": {"aws:SourceArn": [f"${{{name}.Arn}}" for name in buckets]},
            "StringEquals": {"aws:SourceAccount": "111122223333"},
        },
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Resource": "arn:${AWS::Partition}:s3:::audit/Loans/*",
    }
    (warning,) = Annotations.from_stack(made).find_warning(
        "*", Match.string_like_regexp("access-logs|accessLogs")
    )
    assert "AccessLogsPolicy" in str(warning.entry.data)


def test_without_such_a_bucket_there_are_no_access_logs() -> None:
    found = template_of(stack())
    assert "AccessLogsPolicy" not in found.document["Outputs"]
    for bucket in found.of_type("S3::Bucket").values():
        assert "LoggingConfiguration" not in bucket["Properties"]


# --- the key of log groups ------------------------------------------------------------------------


def log_keys(found: Template) -> set[Any]:
    groups = found.of_type("Logs::LogGroup").values()
    assert len(groups) > 2
    return {group["Properties"].get("KmsKeyId") for group in groups}


def test_log_groups_are_under_a_given_key_whose_policy_is_told() -> None:
    made = stack(existing=Existing(log_key=f"{KEY}/logs"))
    assert log_keys(template_of(made)) == {f"{KEY}/logs"}
    (warning,) = Annotations.from_stack(made).find_warning(
        "/Loans", Match.string_like_regexp("clarify-cdk:log-key")
    )
    statement = re.search(r"must say: (\{.*\})", str(warning.entry.data))
    assert statement is not None
    told = readable(json.loads(statement[1]))
    assert told["Principal"] == {"Service": "logs.eu-central-1.${AWS::URLSuffix}"}
    assert told["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"].endswith(
        ":logs:eu-central-1:111122223333:log-group:*"
    )


def test_a_key_of_the_app_lets_the_logs_service_use_it() -> None:
    made = stack()
    encrypt_logs(made, kms.Key(made, "LogKey"))
    logs.LogGroup(made, "Later")
    found = template_of(made)
    (key,) = found.of_type("KMS::Key")
    assert log_keys(found) == {f"${{{key}.Arn}}"}
    statements = found.only("KMS::Key")["KeyPolicy"]["Statement"]
    (own,) = [s for s in statements if "Service" in s["Principal"]]
    assert own["Action"] == [
        "kms:Decrypt*",
        "kms:Describe*",
        "kms:Encrypt*",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
    ]
    assert own["Principal"] == {"Service": "logs.eu-central-1.${AWS::URLSuffix}"}
    assert not Annotations.from_stack(made).find_warning(
        "*", Match.string_like_regexp("clarify-cdk:log-key")
    )


# --- the example with three stages ----------------------------------------------------------------


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """Return the templates of the example, as `cdk synth` writes them without an account."""
    out = tmp_path_factory.mktemp("stages")
    context = {
        **json.loads((STAGES / "cdk.json").read_text("utf-8"))["context"],
        **json.loads((STAGES / "cdk.context.json").read_text("utf-8")),
    }
    answer = subprocess.run(
        [sys.executable, "-m", "clarify_cdk"],
        cwd=STAGES,
        env={**os.environ, "CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(out)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "missing" not in json.loads((out / "manifest.json").read_text("utf-8"))
    return {
        path.name.removesuffix(".template.json"): Template(
            readable(json.loads(path.read_text("utf-8")))
        )
        for path in out.glob("*.template.json")
    }


def test_the_example_has_three_stages_that_differ(stages: dict[str, Template]) -> None:
    assert stages.keys() == {"LoansTest", "LoansStaging", "LoansLive"}
    test, staging, live = (stages[f"Loans{name}"] for name in ("Test", "Staging", "Live"))
    assert not test.of_type("EC2::SecurityGroup")
    assert len(staging.of_type("EC2::VPC")) == 1
    assert live.only("EC2::SecurityGroup")["VpcId"] == "vpc-0a1b2c3d4e5f60718"
    assert [len(each.of_type("Scheduler::Schedule")) for each in (test, staging, live)] == [0, 0, 1]
    printed = {
        name: {
            output.partition("Policy")[0]
            for output in each.document["Outputs"]
            if "Policy" in output
        }
        for name, each in stages.items()
    }
    assert printed == {
        "LoansTest": set(),
        "LoansStaging": {"PipelineTopic"},
        "LoansLive": {"PipelineJob"},
    }


def test_its_readme_lists_every_kind_of_thing_that_a_deployer_makes(
    stages: dict[str, Template],
) -> None:
    made = {
        resource["Type"].removeprefix("AWS::")
        for each in stages.values()
        for resource in each.document["Resources"].values()
    }
    text = (STAGES / "README.md").read_text("utf-8")
    listed = set(re.findall(r"`([A-Z]\w+::\w+)`", text))
    always = text.partition("Only where")[0]
    assert made == set(re.findall(r"`([A-Z]\w+::\w+)`", always))
    assert listed > made


def test_its_readme_explains_every_setting_of_the_account() -> None:
    from clarify_cdk.deployments import SETTINGS

    text = (STAGES / "README.md").read_text("utf-8")
    assert {name for name in SETTINGS if f"`{name}`" not in text} == set()
