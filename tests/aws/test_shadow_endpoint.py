"""What a job's shadow endpoint is like, and what becomes of it when the run is aborted.

The model's image serves nothing on AWS: the endpoint stays ``Creating``, which is all that is asked
of it here.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from support_aws.account import Account
from support_aws.endpoints import endpoint_configs, endpoints
from support_aws.jobs import TAG, Jobs, Run, config_of

COST = "0.10 USD and an hour, with the others of its file: one job, one endpoint"


@pytest.fixture(scope="module")
def run(jobs: Jobs) -> Run:
    jobs.make_model()
    return jobs.start(json.dumps(config_of(jobs.model, "ENDPOINT-PREFIX")))


@pytest.fixture(scope="module")
def seen(account: Account, run: Run) -> dict[str, Any]:
    """Return the endpoint as it is when the job has just made it, with its tags and config."""
    prefix = run.given["endpoint_prefix"]

    def made() -> Any:
        return endpoints(account, prefix) or not run.goes_on()

    found = account.wait_for(made, 20)
    assert isinstance(found, list), run.ended()
    sagemaker = account.client("sagemaker")
    (endpoint,) = found
    (config,) = endpoint_configs(account, prefix)
    arns = {"endpoint": endpoint["EndpointArn"], "config": config["EndpointConfigArn"]}
    tags = {kind: sagemaker.list_tags(ResourceArn=arn)["Tags"] for kind, arn in arns.items()}
    return {"endpoint": endpoint, "config": config, "tags": tags}


@pytest.mark.proves("shadow-endpoint-names", cost=COST)
def test_endpoint_and_config_begin_with_the_configs_prefix(seen: dict[str, Any], run: Run) -> None:
    prefix = run.given["endpoint_prefix"]
    assert seen["endpoint"]["EndpointName"].startswith(f"{prefix}-")
    assert seen["config"]["EndpointConfigName"].startswith(f"{prefix}-config-")


@pytest.mark.proves("shadow-tags", cost=COST)
def test_endpoint_and_config_have_the_jobs_tags(seen: dict[str, Any]) -> None:
    assert TAG in seen["tags"]["endpoint"]
    assert TAG in seen["tags"]["config"]


@pytest.mark.proves("shadow-endpoint-rights", cost=COST)
def test_the_job_made_them_with_the_roles_rights_and_passed_no_role(
    account: Account, seen: dict[str, Any], run: Run
) -> None:
    assert seen["endpoint"]["EndpointStatus"] in ("Creating", "InService")
    iam = account.client("iam")
    name = run.jobs.stack["RoleArn"].rsplit("/", 1)[-1]
    policies = [
        iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    assert "sagemaker:CreateEndpointConfig" in json.dumps(policies)
    assert "iam:PassRole" not in json.dumps(policies)


@pytest.mark.proves("clean-up-on-aws", cost=COST)
def test_of_an_aborted_run_nothing_is_left(
    account: Account, seen: dict[str, Any], run: Run
) -> None:
    prefix = run.given["endpoint_prefix"]
    run.abort()

    def stopped() -> bool:
        return run.job()["ProcessingJobStatus"] not in ("InProgress", "Stopping")

    def gone() -> bool:
        return not endpoints(account, prefix) and not endpoint_configs(account, prefix)

    account.wait_for(stopped, 15)
    assert run.job()["ProcessingJobStatus"] in ("Stopped", "Failed")
    account.wait_for(gone, 60)
