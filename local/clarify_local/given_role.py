"""The job's role where only the account has it: one with the policy that the stack prints."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError

from clarify_local.aws import EmulatedAws
from clarify_local.deploy import DeployedStack
from clarify_local.deployed import Pipeline

_POLICY = "JobPolicy"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def stand_in_role(aws: EmulatedAws, stack: DeployedStack, pipeline: Pipeline) -> str | None:
    """Make the role of a pipeline's job, if it is given and its policy an output of the stack.

    What the owner is asked to allow is then what the job may do here, and nothing more.

    Returns
    -------
    str or None
        What stands in for what, in words; None where nothing had to be made.
    """
    begins = pipeline.logical_id.rpartition("StateMachine")[0] + _POLICY
    printed = [name for name in stack.outputs if name.startswith(begins)]
    account, _, path = pipeline.role_arn.removeprefix("arn:aws:iam::").partition(":role/")
    if not printed or account != aws.account:
        return None
    folders, _, name = path.rpartition("/")
    iam = aws.client("iam")
    try:
        iam.create_role(
            RoleName=name,
            Path=f"/{folders}/" if folders else "/",
            AssumeRolePolicyDocument=json.dumps(_TRUST),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityAlreadyExists":
            raise
        return None  # another stack of the app made it
    iam.put_role_policy(RoleName=name, PolicyName=_POLICY, PolicyDocument=stack.outputs[printed[0]])
    return f"{pipeline.role_arn}, for which a role stands in with the policy of output {printed[0]}"
