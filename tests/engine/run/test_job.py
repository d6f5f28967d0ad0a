"""What the container learns about its own job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_contract.container import JOB_CONFIG_FILE, RESOURCE_CONFIG_FILE
from clarify_engine.errors import AnalysisError
from clarify_engine.job import Job
from support_run.fakes import FakeSageMaker

ARN = "arn:aws:sagemaker:us-east-1:111122223333:processing-job/j"


def write(root: Path, inside: str, content: Any) -> None:
    file = root / inside.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))


def test_arn_and_hosts_are_read(tmp_path: Path) -> None:
    write(tmp_path, JOB_CONFIG_FILE, {"ProcessingJobArn": ARN, "ProcessingJobName": "j"})
    write(tmp_path, RESOURCE_CONFIG_FILE, {"current_host": "algo-1", "hosts": ["algo-1", "algo-2"]})
    assert Job.read(tmp_path) == Job(arn=ARN, hosts=2)


def test_without_the_files_it_is_no_job_on_one_host(tmp_path: Path) -> None:
    assert Job.read(tmp_path) == Job(arn=None, hosts=1)


@pytest.mark.parametrize("inside", [JOB_CONFIG_FILE, RESOURCE_CONFIG_FILE])
def test_a_damaged_file_is_named(tmp_path: Path, inside: str) -> None:
    write(tmp_path, inside, "{")
    with pytest.raises(AnalysisError, match=f"Unable to read {inside}"):
        Job.read(tmp_path)


def test_without_an_arn_no_tags_are_asked_for() -> None:
    sagemaker = FakeSageMaker()
    assert Job().tags(sagemaker) == []
    assert sagemaker.calls == []


def test_tags_of_aws_are_left_out_whatever_their_case() -> None:
    sagemaker = FakeSageMaker()
    sagemaker.job_tags = [
        {"Key": "aws:x", "Value": "1"},
        {"Key": "AWS:x", "Value": "2"},
        {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"},
    ]
    assert Job(arn=ARN).tags(sagemaker) == [
        {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}
    ]
