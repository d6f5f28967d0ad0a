"""How Step Functions and SageMaker tell of a job that failed; one job, of a minute or two."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_contract.container import LOG_GROUP
from clarify_lambda.check.explain import explain
from support_aws.account import Account
from support_aws.jobs import Ended, Jobs, Run
from support_aws.stacks import heard

COST = "0.01 USD and 10 minutes, with the others of its file: one job"
CONFIG_THAT_IS_NONE = "{"


@pytest.fixture(scope="module")
def run(jobs: Jobs) -> Run:
    """Return the run of a config that no image can read: its job fails by itself."""
    return jobs.start(CONFIG_THAT_IS_NONE)


@pytest.fixture(scope="module")
def failed(run: Run) -> Ended:
    return run.ended()


@pytest.mark.proves("sync-cause", cost=COST)
def test_the_cause_of_a_failed_job_is_its_description_as_json(run: Run, failed: Ended) -> None:
    assert failed.error == "States.TaskFailed"
    cause = json.loads(failed.cause)
    assert cause["ProcessingJobName"] == run.job_name
    assert cause["ProcessingJobStatus"] == "Failed"
    told = explain({"job_failure": {"Error": failed.error, "Cause": failed.cause}}, 1)
    assert cause["FailureReason"].splitlines()[0].strip() in told.reason


@pytest.mark.proves("job-role-trust", cost=COST)
@pytest.mark.usefixtures("failed")
def test_the_job_ran_with_a_role_that_trusts_jobs_of_its_prefix_only(run: Run) -> None:
    job = run.job()
    assert job["RoleArn"] == run.jobs.stack["RoleArn"]
    assert "assume" not in job["FailureReason"]
    assert "ProcessingStartTime" in job


@pytest.mark.proves("used-name", cost=COST)
@pytest.mark.usefixtures("failed")
def test_the_name_of_a_failed_job_stays_used_and_the_error_is_named_so(
    jobs: Jobs, run: Run
) -> None:
    again = jobs.run(run.given).ended()
    assert again.error == "SageMaker.ResourceInUseException"


@pytest.mark.proves("job-log", cost=COST)
@pytest.mark.usefixtures("failed")
def test_the_job_writes_its_log_below_its_name(account: Account, run: Run) -> None:
    logs = account.client("logs")

    def streams() -> Any:
        groups = logs.describe_log_groups(logGroupNamePrefix=LOG_GROUP)["logGroups"]
        if LOG_GROUP not in [group["logGroupName"] for group in groups]:
            return []
        listed = logs.describe_log_streams(
            logGroupName=LOG_GROUP, logStreamNamePrefix=f"{run.job_name}/"
        )
        return listed["logStreams"]

    assert account.wait_for(streams, 5)


@pytest.mark.proves("end-of-job-event", cost=COST)
@pytest.mark.usefixtures("failed")
def test_the_end_of_the_job_started_the_clean_up_by_its_rule(account: Account, run: Run) -> None:
    def started() -> bool:
        return {"job_name": run.job_name} in heard(account, run.jobs.stack["CleanUpArn"])

    account.wait_for(started, 5)


@pytest.mark.proves("job-role-other-jobs", cost="nothing, a minute")
def test_a_job_with_another_name_cannot_be_given_the_role(account: Account, jobs: Jobs) -> None:
    name = f"other-{account.prefix}"
    sagemaker = account.client("sagemaker")

    def reason() -> Any:
        job = sagemaker.describe_processing_job(ProcessingJobName=name)
        return job.get("FailureReason") or job["ProcessingJobStatus"] == "Completed"

    # AWS may refuse the request, or have the job fail before its container starts.
    refusal = jobs.refusal(name)
    said = refusal if refusal is not None else account.wait_for(reason, 15)

    assert "assume" in str(said)
