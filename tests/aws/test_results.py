"""What a job writes, under keys of the account's own; two jobs, of about five minutes each."""

from __future__ import annotations

import pytest

from clarify_contract.result import AnalysisResult
from support_aws.account import Account
from support_aws.jobs import LABELS_ALONE, Jobs, Run

COST = "0.02 USD and 10 minutes, with the other of its file: one job, two keys for an hour"
# 40 men less 60 women of 100; three quarters of the men less a quarter of the women.
EXPECTED = {"CI": pytest.approx(-0.2), "DPL": pytest.approx(0.5)}


def completed(jobs: Jobs, data: str) -> Run:
    run = jobs.start(LABELS_ALONE, data=data)
    ended = run.ended()
    assert ended.status == "SUCCEEDED", ended
    return run


@pytest.fixture(scope="module")
def run(jobs: Jobs) -> Run:
    return completed(jobs, "plain")


def values(run: Run) -> dict[str, float | None]:
    """Return the metrics of the one group, as the product reads them."""
    result = AnalysisResult.load(run.result("analysis.json"))
    assert result.unread == ()
    assert result.pre_training is not None
    (group,) = result.pre_training.facets["sex"]
    return {name: metric.value for name, metric in group.metrics.items()}


@pytest.mark.proves("key-rights", cost=COST)
def test_a_job_under_two_keys_completes_with_the_roles_rights(account: Account, run: Run) -> None:
    job = run.job()
    assert job["ProcessingJobStatus"] == "Completed"
    head = account.client("s3").head_object(
        Bucket=run.jobs.stack["Results"], Key=f"clarify/{run.job_name}/output/analysis.json"
    )
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"] == job["ProcessingOutputConfig"]["KmsKeyId"]
    assert "VolumeKmsKeyId" in job["ProcessingResources"]["ClusterConfig"]


@pytest.mark.proves("results-read", cost=COST)
def test_the_results_are_where_and_what_they_are_read_as(run: Run) -> None:
    assert values(run) == EXPECTED


@pytest.mark.proves("header-row", cost="0.02 USD, 10 minutes, one job")
def test_a_row_of_names_beside_headers_is_no_row_of_data(jobs: Jobs) -> None:
    assert values(completed(jobs, "named")) == EXPECTED
