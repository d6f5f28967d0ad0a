"""What a rehearsal brings home of the emulated CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from clarify_local.aws import EmulatedAws
from clarify_local.results import download_logs

NOW = datetime.now(UTC)


@pytest.fixture
def aws() -> Iterator[EmulatedAws]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    session = boto3.Session(
        aws_access_key_id="AKIA", aws_secret_access_key="secret", region_name="us-east-1"
    )
    yield EmulatedAws(f"http://127.0.0.1:{server.get_host_and_port()[1]}", session)
    server.stop()


def write(aws: EmulatedAws, group: str, stream: str, *lines: str, at: datetime = NOW) -> None:
    logs = aws.client("logs")
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    events = [{"timestamp": int(at.timestamp() * 1000), "message": line} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


def test_every_stream_is_a_file_however_many_groups_there_are(
    aws: EmulatedAws, tmp_path: Path
) -> None:
    names = [f"/aws/lambda/function-{number:03}" for number in range(60)]  # a page has 50
    for name in names:
        aws.client("logs").create_log_group(logGroupName=name)
    for number in range(60):
        write(aws, names[-1], f"2026/11/22/[$LATEST]{number:03}", f"line {number}", "end")
    download_logs(aws, NOW, tmp_path)
    assert [path.read_text() for path in sorted(tmp_path.rglob("*.log"))] == [
        f"line {number}\nend\n" for number in range(60)
    ]
    assert (tmp_path / "aws/lambda/function-059/2026_11_22_[$LATEST]007.log").is_file()


def test_what_was_said_before_the_run_stays_out(aws: EmulatedAws, tmp_path: Path) -> None:
    aws.client("logs").create_log_group(logGroupName="jobs")
    write(aws, "jobs", "before", "another run", at=NOW - timedelta(minutes=1))
    write(aws, "jobs", "now", "this run")
    download_logs(aws, NOW, tmp_path)
    assert [path.name for path in (tmp_path / "jobs").iterdir()] == ["now.log"]
