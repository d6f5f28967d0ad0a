"""The child process: it inherits nothing, listens on loopback only, and leaves nothing behind."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import pytest

import support_emulator
from clarify_local import emulator as package
from clarify_local.emulator.client import Emulator, EmulatorFailed
from clarify_local.emulator.patching import replace, replace_imported
from support_emulator.account import (
    alive,
    make_endpoint,
    make_function,
    make_model,
    prepare_job,
    run_job,
    unique,
    wait_until,
)

TOY = Path(support_emulator.__file__).with_name("toy_engine.py")


def descendants(pid: int) -> set[int]:
    """Return the processes below one, from /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def busy_emulator(emulator: Emulator, folder: Path) -> set[int]:
    """Start a job, a function and a model server, and return all processes of the emulator."""
    job, child, function = folder / "job", folder / "child", folder / "function"
    _, request = prepare_job(
        emulator,
        {"started": str(job), "child": str(child), "ignore_sigterm": True, "sleep": 600},
    )
    session = emulator.session()
    session.client("sagemaker").create_processing_job(**request)
    make_endpoint(emulator, make_model(emulator))
    name = make_function(
        emulator,
        "import pathlib, time\n\ndef handler(event, context):\n"
        f"    pathlib.Path({str(function)!r}).write_text('x')\n    time.sleep(600)\n",
        Timeout=900,
    )
    session.client("lambda").invoke(FunctionName=name, InvocationType="Event")
    wait_until(lambda: job.exists() and job.read_text() and function.exists())
    processes = {emulator.process_id, *descendants(emulator.process_id)}
    assert {int(job.read_text()), int(child.read_text())} <= processes
    assert len(processes) >= 5  # itself, the job and its child, the model, the function
    return processes


def engine() -> list[str]:
    return [sys.executable, "-P", str(TOY)]


def test_nothing_is_left_after_it_is_stopped(tmp_path: Path) -> None:
    with Emulator(engine=engine()) as emulator:
        processes = busy_emulator(emulator, tmp_path)
        folder = Path(json.loads(environment_of(emulator.process_id)["HOME_JSON"]))

    wait_until(lambda: not [pid for pid in processes if alive(pid)])
    assert not folder.exists()


def environment_of(pid: int) -> dict[str, str]:
    text = Path(f"/proc/{pid}/environ").read_bytes().decode()
    variables = dict(line.split("=", 1) for line in text.split("\0") if "=" in line)
    return variables | {"HOME_JSON": json.dumps(variables["HOME"])}


def test_it_ends_with_its_parent_even_if_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys, time\n"
        "from clarify_local.emulator.client import Emulator\n"
        "emulator = Emulator(engine=[sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "emulator.start()\n"
        "print(emulator.process_id, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
    assert alive(child)

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    wait_until(lambda: not alive(child))


def test_its_jobs_end_even_if_the_emulator_is_killed(tmp_path: Path) -> None:
    emulator = Emulator(engine=engine())
    emulator.start()
    try:
        processes = busy_emulator(emulator, tmp_path) - {
            int((tmp_path / "child").read_text())  # a grandchild can outlive a killed emulator
        }
        os.kill(emulator.process_id, signal.SIGKILL)
        wait_until(lambda: not [pid for pid in processes if alive(pid)])
    finally:
        emulator.stop()
        if alive(pid := int((tmp_path / "child").read_text())):
            os.kill(pid, signal.SIGKILL)


def test_the_child_inherits_nothing_of_the_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    poison = {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_PROFILE": "production",
        "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com",
        "HTTPS_PROXY": "http://203.0.113.1:3128",
        "HTTP_PROXY": "http://203.0.113.1:3128",
        "PYTHONPATH": "/nonexistent",
    }
    for name, value in poison.items():
        monkeypatch.setenv(name, value)

    with Emulator(engine=engine()) as emulator:
        variables = environment_of(emulator.process_id)
        session = emulator.session()
        s3 = session.client("s3")
        s3.create_bucket(Bucket="of-the-emulator")
        assert s3.meta.endpoint_url == emulator.endpoint
        credentials: Any = session.get_credentials()
        assert credentials.access_key != poison["AWS_ACCESS_KEY_ID"]
        assert emulator.notes() == []

    assert not poison.keys() & variables.keys()
    assert variables["AWS_EC2_METADATA_DISABLED"] == "true"


def test_it_listens_on_loopback_only(emulator: Emulator) -> None:
    port = int(emulator.endpoint.rsplit(":", 1)[1])
    addresses = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            address, _, number = local.partition(":")
            if state == "0A" and int(number, 16) == port:  # 0A: listening
                addresses.add(address)

    assert addresses == {"0100007F"}  # 127.0.0.1


def test_two_emulators_do_not_know_each_other(emulator: Emulator) -> None:
    bucket = unique("only-here")
    emulator.session().client("s3").create_bucket(Bucket=bucket)

    with Emulator(account="210987654321", region="eu-west-1", engine=engine()) as other:
        assert other.endpoint != emulator.endpoint
        identity = other.session().client("sts").get_caller_identity()
        assert identity["Account"] == "210987654321"
        listed = other.session().client("s3").list_buckets()["Buckets"]
        assert bucket not in [item["Name"] for item in listed]
        topic = other.session().client("sns").create_topic(Name="a")["TopicArn"]
        assert topic == "arn:aws:sns:eu-west-1:210987654321:a"
        _, request = prepare_job(other, {})
        job = run_job(other, request)
        assert job["ProcessingJobStatus"] == "Completed"
        assert job["ProcessingJobArn"].startswith("arn:aws:sagemaker:eu-west-1:210987654321:")


def post(url: str, body: Any, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_orders_are_taken_from_the_client_only(emulator: Emulator) -> None:
    emulator.enforce_iam()
    url = f"{emulator.endpoint}/clarify-emulator/enforce-iam"

    assert post(url, False, {}) == 403
    assert post(url, False, {"X-Clarify-Emulator": "guess"}) == 403
    assert post(f"{emulator.endpoint}/moto-api/reset", {}, {}) == 404


def test_what_is_no_order_is_said_to_be_none(emulator: Emulator) -> None:
    with pytest.raises(EmulatorFailed, match="no control call is named 'dance'"):
        emulator._order("dance", None)


def test_an_emulator_that_cannot_start_shows_its_log() -> None:
    broken = Emulator(account="123456789012", engine=engine())
    object.__setattr__(broken, "_options", _Broken())

    with pytest.raises(EmulatorFailed, match="JSONDecodeError"):
        broken.start()


class _Broken:
    def to_json(self) -> str:
        return "no json"


def test_a_failure_inside_is_an_answer_with_a_traceback_in_the_log() -> None:
    with Emulator(engine=engine()) as emulator:
        request = urllib.request.Request(
            emulator.endpoint,
            b"not the body of a request",
            {
                "Authorization": "AWS4-HMAC-SHA256 Credential="
                + emulator.environment()["AWS_ACCESS_KEY_ID"]
                + "/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0",
                "X-Amz-Target": "SageMaker.CreateProcessingJob",
                "Content-Type": "application/x-amz-json-1.1",
            },
        )
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=10)
        with caught.value as answer:
            content = json.load(answer)

        assert content["__type"] == "InternalFailure"
        assert "the emulator failed: JSONDecodeError" in content["message"]
        assert "Traceback" in emulator.log


def test_environment_is_all_that_a_tool_needs(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = unique("by-a-tool")
    emulator.session().client("s3").create_bucket(Bucket=bucket)
    for name, value in emulator.environment().items():
        monkeypatch.setenv(name, value)

    listed = boto3.Session().client("s3").list_buckets()["Buckets"]

    assert bucket in [item["Name"] for item in listed]


def test_the_client_imports_no_moto() -> None:
    code = (
        "import sys, clarify_local.emulator.client;"
        "print([name for name in sys.modules if name.split('.')[0] in ('moto', 'flask')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_part_of_moto_that_moved_is_noticed() -> None:
    class Moved:
        pass

    with pytest.raises(AttributeError, match="Moved has no 'create_thing'"):
        replace(Moved, "create_thing", lambda: None)
    with pytest.raises(AttributeError, match="imports 'thing' any more"):
        replace_imported("clarify_local", "thing", object(), object())


def test_every_file_of_the_emulator_says_what_it_is_for() -> None:
    folder = Path(str(package.__path__[0]))
    assert all(ast.get_docstring(ast.parse(f.read_text())) for f in folder.glob("*.py"))
