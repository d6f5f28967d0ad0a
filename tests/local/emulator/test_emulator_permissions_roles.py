"""IAM enforcement for what runs with a role: jobs and functions."""

from __future__ import annotations

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    finished_job,
    job_request,
    job_statements,
    make_function,
    make_role,
    prepare_job,
    run_job,
    set_policy,
)
from support_emulator.people import ACCOUNT, As, denied


def test_a_job_needs_each_right_of_its_role(emulator: Emulator) -> None:
    bucket, request = prepare_job(emulator, {"write": {"analysis.json": "{}"}})
    emulator.enforce_iam()
    assert run_job(emulator, request)["ProcessingJobStatus"] == "Completed"

    seen = []
    for index, removed in enumerate(job_statements(bucket)):
        statements = job_statements(bucket)
        del statements[index]
        emulator.enforce_iam(False)
        role = make_role(emulator, "sagemaker", statements)
        emulator.enforce_iam()
        job = run_job(emulator, job_request(bucket, role))
        assert job["ProcessingJobStatus"] == "Failed", removed
        seen.append((removed["Action"], job["FailureReason"]))

    reasons = [reason for _, reason in seen]
    assert "Failed to download data. ListObjectsV2" in reasons[0]
    assert "Failed to download data." in reasons[1]
    assert "Failed to upload data. PutObject" in reasons[2]
    assert "permission to perform ecr:GetAuthorizationToken on *" in reasons[3]
    assert "permission to perform ecr:BatchCheckLayerAvailability on" in reasons[4]


def test_a_job_in_a_vpc_needs_the_rights_for_its_interfaces(emulator: Emulator) -> None:
    ec2 = emulator.session().client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.7.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"][0]["GroupId"]
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-east-1.s3",
        RouteTableIds=[ec2.describe_route_tables(Filters=of_vpc)["RouteTables"][0]["RouteTableId"]],
    )
    network = {"VpcConfig": {"Subnets": [subnet], "SecurityGroupIds": [group]}}
    bucket, request = prepare_job(emulator, {}, NetworkConfig=network)
    emulator.enforce_iam()
    sagemaker = emulator.session().client("sagemaker")

    response = denied(sagemaker.create_processing_job, **request)

    assert response["Error"]["Code"] == "ValidationException"
    assert "ec2:CreateNetworkInterface" in response["Error"]["Message"]
    set_policy(emulator, request["RoleArn"], [*job_statements(bucket), allow("ec2:*")])
    sagemaker.create_processing_job(**request)
    job = finished_job(emulator, request["ProcessingJobName"])
    assert job["ProcessingJobStatus"] == "Completed"


def test_a_function_is_invoked_by_those_who_may(emulator: Emulator) -> None:
    name = make_function(emulator, "def handler(event, context):\n    return 1\n")
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}"
    allowed, other = (
        As(emulator, [allow("lambda:InvokeFunction", arn)]),
        As(emulator, [allow("lambda:InvokeFunction", f"{arn}-other")]),
    )
    emulator.enforce_iam()

    for named in (name, arn):
        answer = allowed.client("lambda").invoke(FunctionName=named)
        assert answer["Payload"].read() == b"1"
        assert denied(other.client("lambda").invoke, FunctionName=named)
