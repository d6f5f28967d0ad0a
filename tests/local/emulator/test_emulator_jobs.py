"""Processing jobs: what is asked for is done, with the job's role, and ends as in AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    alive,
    finished_job,
    job_request,
    keys,
    make_bucket,
    make_role,
    prepare_job,
    read,
    run_job,
    wait_until,
)


def refused(emulator: Emulator, request: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        emulator.session().client("sagemaker").create_processing_job(**request)
    response: Any = caught.value.response
    error: dict[str, Any] = response["Error"]
    return error


def test_a_job_reads_its_inputs_and_writes_its_outputs(emulator: Emulator) -> None:
    bucket, request = prepare_job(emulator, {"copy_inputs": "seen.json", "write": {"a/b": "c"}})

    job = run_job(emulator, request)

    assert job["ProcessingJobStatus"] == "Completed"
    assert keys(emulator, bucket, "out/") == ["out/a/b", "out/seen.json"]
    seen = json.loads(read(emulator, bucket, "out/seen.json"))
    assert seen["processing/input/data/rows.csv"] == "a,b\n1,2\n"
    assert json.loads(seen["config/resourceconfig.json"]) == {
        "current_host": "algo-1",
        "hosts": ["algo-1"],
    }
    config = json.loads(seen["config/processingjobconfig.json"])
    assert config["ProcessingJobArn"] == job["ProcessingJobArn"]
    assert config["ProcessingInputs"] == request["ProcessingInputs"]


def test_a_jobs_description_has_what_was_asked_for(emulator: Emulator) -> None:
    _, request = prepare_job(
        emulator,
        {},
        Environment={"ONE": "1"},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
        NetworkConfig={"EnableNetworkIsolation": False},
    )

    job = run_job(emulator, request)

    for field in (
        "AppSpecification",
        "Environment",
        "NetworkConfig",
        "ProcessingInputs",
        "ProcessingOutputConfig",
        "ProcessingResources",
        "RoleArn",
        "StoppingCondition",
    ):
        assert job[field] == request[field]
    assert job["CreationTime"] <= job["ProcessingStartTime"] <= job["ProcessingEndTime"]


def test_a_job_is_in_progress_until_its_program_ends(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"sleep": 1})
    sagemaker = emulator.session().client("sagemaker")

    sagemaker.create_processing_job(**request)
    job = sagemaker.describe_processing_job(ProcessingJobName=request["ProcessingJobName"])

    assert job["ProcessingJobStatus"] == "InProgress"
    assert "ProcessingEndTime" not in job
    assert (
        finished_job(emulator, request["ProcessingJobName"])["ProcessingJobStatus"] == "Completed"
    )


def test_a_failed_job_says_why_and_uploads_nothing(emulator: Emulator) -> None:
    bucket, request = prepare_job(
        emulator, {"write": {"half.json": "{"}, "say": "the label is not there", "exit": 3}
    )

    job = run_job(emulator, request)

    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"] == "AlgorithmError: the label is not there, exit code: 3"
    assert job["ExitMessage"] == "the label is not there"
    assert keys(emulator, bucket, "out/") == []


def test_a_message_that_names_its_kind_keeps_it(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"say": "ClientError: no such facet", "exit": 1})

    assert run_job(emulator, request)["FailureReason"] == (
        "ClientError: no such facet, exit code: 1"
    )


def test_an_exit_message_is_cut_at_one_kilobyte(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"say": "x" * 3000})

    assert run_job(emulator, request)["ExitMessage"] == "x" * 1024


def test_an_empty_prefix_fails_the_job(emulator: Emulator) -> None:
    bucket, request = prepare_job(emulator, {})
    request["ProcessingInputs"][1]["S3Input"]["S3Uri"] = f"s3://{bucket}/nothing/here"

    job = run_job(emulator, request)

    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("ClientError: Failed to download data. No S3 objects")
    assert f"s3://{bucket}/nothing/here" in job["FailureReason"]


def test_a_prefix_need_not_end_at_a_folder(emulator: Emulator) -> None:
    bucket, request = prepare_job(emulator, {"copy_inputs": "seen.json"})
    emulator.session().client("s3").put_object(Bucket=bucket, Key="data/rows2.csv", Body=b"x")
    request["ProcessingInputs"][1]["S3Input"]["S3Uri"] = f"s3://{bucket}/data/rows"

    run_job(emulator, request)

    seen = json.loads(read(emulator, bucket, "out/seen.json"))
    assert sorted(name for name in seen if name.startswith("processing/input/data")) == [
        "processing/input/data/rows.csv",
        "processing/input/data/rows2.csv",
    ]


def test_a_manifest_names_the_objects(emulator: Emulator) -> None:
    bucket, request = prepare_job(emulator, {"copy_inputs": "seen.json"})
    s3 = emulator.session().client("s3")
    s3.put_object(Bucket=bucket, Key="data/left/out.csv", Body=b"no")
    s3.put_object(Bucket=bucket, Key="data/deep/in.csv", Body=b"yes")
    manifest = json.dumps([{"prefix": f"s3://{bucket}/data/"}, "rows.csv", "deep/in.csv"])
    s3.put_object(Bucket=bucket, Key="data/manifest.json", Body=manifest.encode())
    source = request["ProcessingInputs"][1]["S3Input"]
    source.update(S3Uri=f"s3://{bucket}/data/manifest.json", S3DataType="ManifestFile")

    assert run_job(emulator, request)["ProcessingJobStatus"] == "Completed"

    seen = json.loads(read(emulator, bucket, "out/seen.json"))
    data = {name: text for name, text in seen.items() if name.startswith("processing/input/data")}
    assert data == {
        "processing/input/data/rows.csv": "a,b\n1,2\n",
        "processing/input/data/deep/in.csv": "yes",
    }


def test_a_manifest_cannot_lead_outside_its_folder(emulator: Emulator) -> None:
    bucket, request = prepare_job(emulator, {})
    manifest = json.dumps([{"prefix": f"s3://{bucket}/data/x/"}, "../rows.csv"])
    s3 = emulator.session().client("s3")
    s3.put_object(Bucket=bucket, Key="data/x/../rows.csv", Body=b"x")
    s3.put_object(Bucket=bucket, Key="data/manifest.json", Body=manifest.encode())
    source = request["ProcessingInputs"][1]["S3Input"]
    source.update(S3Uri=f"s3://{bucket}/data/manifest.json", S3DataType="ManifestFile")

    job = run_job(emulator, request)

    assert job["ProcessingJobStatus"] == "Failed"
    assert "leads outside /opt/ml/processing/input/data" in job["FailureReason"]


def test_a_jobs_program_gets_the_roles_keys_and_nothing_of_the_persons(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_PERSON", "x")
    bucket, request = prepare_job(
        emulator,
        {"show_environment": "env.json"},
        Environment={
            "MINE": "yes",
            "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com",
            "HTTPS_PROXY": "http://203.0.113.1:1",
        },
    )

    run_job(emulator, request)

    environment = json.loads(read(emulator, bucket, "out/env.json"))
    assert environment["MINE"] == "yes"
    assert environment["AWS_ENDPOINT_URL"] == emulator.endpoint
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    for name in ("SECRET_OF_THE_PERSON", "AWS_ENDPOINT_URL_S3", "HTTPS_PROXY"):
        assert name not in environment


def test_what_a_job_prints_is_in_its_log_stream(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"print": "hello from the job"})

    run_job(emulator, request)

    logs, group = emulator.session().client("logs"), "/aws/sagemaker/ProcessingJobs"
    streams = logs.describe_log_streams(
        logGroupName=group, logStreamNamePrefix=request["ProcessingJobName"]
    )["logStreams"]
    events = logs.get_log_events(logGroupName=group, logStreamName=streams[0]["logStreamName"])
    assert [event["message"] for event in events["events"]] == ["hello from the job"]


def test_a_name_once_used_stays_used(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {"exit": 1})
    assert run_job(emulator, request)["ProcessingJobStatus"] == "Failed"

    error = refused(emulator, request)

    assert error["Code"] == "ResourceInUse"
    assert "must be unique" in error["Message"]


def test_a_stopped_job_may_clean_up(emulator: Emulator, tmp_path: Path) -> None:
    started, cleaned = tmp_path / "started", tmp_path / "cleaned"
    bucket, request = prepare_job(
        emulator,
        {"write": {"half": ""}, "started": str(started), "cleanup": str(cleaned), "sleep": 600},
    )
    sagemaker, name = emulator.session().client("sagemaker"), request["ProcessingJobName"]
    sagemaker.create_processing_job(**request)
    wait_until(started.exists)

    sagemaker.stop_processing_job(ProcessingJobName=name)

    status = sagemaker.describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"]
    assert status in ("Stopping", "Stopped")
    job = finished_job(emulator, name)
    assert job["ProcessingJobStatus"] == "Stopped"
    assert "FailureReason" not in job
    assert cleaned.read_text() == "cleaned up"
    assert keys(emulator, bucket, "out/") == []


def test_a_job_that_does_not_stop_is_killed_with_all_it_started(
    emulator: Emulator, tmp_path: Path
) -> None:
    started, child = tmp_path / "started", tmp_path / "child"
    _, request = prepare_job(
        emulator,
        {"started": str(started), "child": str(child), "ignore_sigterm": True, "sleep": 600},
    )
    sagemaker, name = emulator.session().client("sagemaker"), request["ProcessingJobName"]
    sagemaker.create_processing_job(**request)
    wait_until(lambda: started.exists() and started.read_text())

    sagemaker.stop_processing_job(ProcessingJobName=name)

    assert finished_job(emulator, name)["ProcessingJobStatus"] == "Stopped"
    assert not alive(int(started.read_text()))
    wait_until(lambda: not alive(int(child.read_text())))


def test_a_job_over_its_time_is_stopped(emulator: Emulator) -> None:
    bucket, request = prepare_job(
        emulator,
        {"write": {"half": ""}, "sleep": 600},
        StoppingCondition={"MaxRuntimeInSeconds": 1},
    )

    assert run_job(emulator, request)["ProcessingJobStatus"] == "Stopped"
    assert keys(emulator, bucket, "out/") == []


def test_a_finished_job_cannot_be_stopped(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    run_job(emulator, request)

    with pytest.raises(ClientError, match="in status Completed"):
        emulator.session().client("sagemaker").stop_processing_job(
            ProcessingJobName=request["ProcessingJobName"]
        )


def test_tags_are_listed(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {}, Tags=[{"Key": "team", "Value": "risk"}])

    job = run_job(emulator, request)

    sagemaker = emulator.session().client("sagemaker")
    assert sagemaker.list_tags(ResourceArn=job["ProcessingJobArn"])["Tags"] == request["Tags"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ProcessingJobName": "under_score"}, "regular expression pattern"),
        ({"RoleArn": "role/clarify-without-account"}, "arn:aws[a-z\\-]*:iam::"),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 777601}}, "less than or equal to 777600"),
        ({"Environment": {"1A": "x"}}, "environment.key"),
        (
            {
                "ProcessingResources": {
                    "ClusterConfig": {
                        "InstanceCount": 1,
                        "InstanceType": "ml.m5.huge",
                        "VolumeSizeInGB": 20,
                    }
                }
            },
            "enum value set",
        ),
    ],
)
def test_requests_are_held_to_the_services_own_model(
    emulator: Emulator, change: dict[str, Any], message: str
) -> None:
    _, request = prepare_job(emulator, {})

    error = refused(emulator, request | change)

    assert error["Code"] == "ValidationException"
    assert message in error["Message"]


def test_a_role_that_sagemaker_may_not_take_on_fails_the_job(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"config/analysis_config.json": "{}", "data/a.csv": "a"})
    role = make_role(emulator, "lambda")

    job = run_job(emulator, job_request(bucket, role))

    assert job["ProcessingJobStatus"] == "Failed"
    assert "sagemaker.amazonaws.com may not assume" in job["FailureReason"]


def test_a_role_that_is_not_there_is_refused(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})

    error = refused(emulator, request | {"RoleArn": "arn:aws:iam::123456789012:role/nobody"})

    assert error["Code"] == "ValidationException"
    assert "role/nobody" in error["Message"]


def test_what_is_not_emulated_is_refused_by_name(emulator: Emulator) -> None:
    _, request = prepare_job(emulator, {})
    request["ProcessingInputs"][0]["S3Input"]["S3InputMode"] = "Pipe"

    assert "not emulated: S3InputMode Pipe" in refused(emulator, request)["Message"]


def test_the_next_jobs_fail_with_a_reason_as_often_as_asked(emulator: Emulator) -> None:
    reason = "CapacityError: Unable to provision requested ML compute capacity."
    emulator.fail_next_jobs(reason, 2)

    ends = [run_job(emulator, prepare_job(emulator, {})[1]) for _ in range(3)]

    assert [job.get("FailureReason") for job in ends] == [reason, reason, None]
    assert [job["ProcessingJobStatus"] for job in ends] == ["Failed", "Failed", "Completed"]


def test_the_next_calls_are_refused_with_an_error_as_often_as_asked(emulator: Emulator) -> None:
    emulator.refuse_next_jobs("ResourceLimitExceeded", "The account-level limit is 0", 1)
    _, request = prepare_job(emulator, {})

    assert refused(emulator, request) == {
        "Code": "ResourceLimitExceeded",
        "Message": "The account-level limit is 0",
    }
    assert run_job(emulator, request)["ProcessingJobStatus"] == "Completed"


def test_subnets_and_groups_must_belong_together_where_they_are_known(emulator: Emulator) -> None:
    ec2 = emulator.session().client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    other = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])[
        "SecurityGroups"
    ]
    own = next(group["GroupId"] for group in other if group["VpcId"] == vpc)
    foreign = next(group["GroupId"] for group in other if group["VpcId"] != vpc)
    _, request = prepare_job(emulator, {})

    def with_network(subnet_id: str, group: str) -> dict[str, Any]:
        vpc_config = {"Subnets": [subnet_id], "SecurityGroupIds": [group]}
        return request | {"NetworkConfig": {"VpcConfig": vpc_config}}

    assert "one VPC" in refused(emulator, with_network(subnet, foreign))["Message"]
    unknown = run_job(emulator, with_network("subnet-0", own))
    assert unknown["ProcessingJobStatus"] == "Completed"
    note = "subnet-0 is not in the emulated account; its network is not judged"
    assert note in emulator.notes()
