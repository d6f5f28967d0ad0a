"""Functions: the deployed zip really runs, with its role, and fails as it would in AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import allow, make_bucket, make_function, make_role, wait_until


def invoke(emulator: Emulator, name: str, event: Any = None, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (
        emulator.session()
        .client("lambda")
        .invoke(FunctionName=name, Payload=json.dumps(event).encode(), **more)
    )
    return answer


def result(answer: dict[str, Any]) -> Any:
    return json.loads(answer["Payload"].read())


def test_the_handler_gets_event_context_and_variables(emulator: Emulator) -> None:
    name = make_function(
        emulator,
        """
import os

def handler(event, context):
    return {
        "event": event,
        "function": context.function_name,
        "left": 0 < context.get_remaining_time_in_millis() <= 20000,
        "mine": os.environ["MINE"],
        "region": os.environ["AWS_REGION"],
        "home": "SECRET_OF_THE_PERSON" in os.environ,
    }
""",
        Environment={"Variables": {"MINE": "yes", "AWS_ENDPOINT_URL_S3": "https://example.com"}},
    )

    answer = invoke(emulator, name, {"n": 1.0})

    assert "FunctionError" not in answer
    assert result(answer) == {
        "event": {"n": 1.0},
        "function": name,
        "left": True,
        "mine": "yes",
        "region": "us-east-1",
        "home": False,
    }


def test_the_handler_acts_as_its_role(emulator: Emulator) -> None:
    bucket = make_bucket(emulator, {"in": "hello", "secret": "no"})
    role = make_role(emulator, "lambda", [allow("s3:GetObject", f"arn:aws:s3:::{bucket}/in")])
    name = make_function(
        emulator,
        """
import boto3

def handler(event, context):
    return boto3.client("s3").get_object(**event)["Body"].read().decode()
""",
        role,
    )
    emulator.enforce_iam()

    allowed = invoke(emulator, name, {"Bucket": bucket, "Key": "in"})
    denied = invoke(emulator, name, {"Bucket": bucket, "Key": "secret"})

    assert result(allowed) == "hello"
    assert denied["FunctionError"] == "Unhandled"
    error = result(denied)
    assert "AccessDenied" in error["errorMessage"]


def test_an_exception_is_an_unhandled_error_with_type_and_message(emulator: Emulator) -> None:
    name = make_function(
        emulator,
        """
class RunRefused(Exception):
    pass

def handler(event, context):
    raise RunRefused("[X3] $.label: no")
""",
    )

    answer = invoke(emulator, name)

    assert answer["FunctionError"] == "Unhandled"
    error = result(answer)
    assert (error["errorType"], error["errorMessage"]) == ("RunRefused", "[X3] $.label: no")


def test_a_function_over_its_time_is_ended(emulator: Emulator) -> None:
    name = make_function(
        emulator, "import time\n\ndef handler(event, context):\n    time.sleep(60)\n", Timeout=1
    )

    answer = invoke(emulator, name)

    assert answer["FunctionError"] == "Unhandled"
    error = result(answer)
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")


def test_a_function_that_ends_its_process_is_an_exit_error(emulator: Emulator) -> None:
    name = make_function(emulator, "import os\n\ndef handler(event, context):\n    os._exit(7)\n")

    error = result(invoke(emulator, name))

    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith("Runtime exited with error: exit status 7")


def test_what_aws_does_not_bring_cannot_be_imported(emulator: Emulator) -> None:
    # pydantic is in this environment; in Lambda it is not.
    name = make_function(emulator, "import pydantic\n\ndef handler(event, context):\n    pass\n")

    error = result(invoke(emulator, name))

    assert error["errorType"] == "Runtime.ImportModuleError"
    assert "No module named 'pydantic'" in error["errorMessage"]


def test_a_function_that_does_not_exist_is_an_error(emulator: Emulator) -> None:
    with pytest.raises(ClientError) as caught:
        invoke(emulator, "nothing")

    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_another_language_is_refused_by_name(emulator: Emulator) -> None:
    name = make_function(emulator, "", Runtime="nodejs22.x")

    with pytest.raises(ClientError, match=r"not emulated: runtime nodejs22\.x"):
        invoke(emulator, name)


def test_a_role_that_lambda_may_not_take_on_is_refused(emulator: Emulator) -> None:
    role = make_role(emulator, "sagemaker")
    name = make_function(emulator, "def handler(event, context):\n    pass\n", role)

    with pytest.raises(ClientError, match=r"lambda\.amazonaws\.com may not assume"):
        invoke(emulator, name)


def test_what_a_function_prints_is_in_its_log_group(emulator: Emulator) -> None:
    name = make_function(
        emulator, "def handler(event, context):\n    print('counted', 3, 'rows')\n"
    )
    invoke(emulator, name)

    logs, group = emulator.session().client("logs"), f"/aws/lambda/{name}"
    stream = logs.describe_log_streams(logGroupName=group)["logStreams"][0]["logStreamName"]
    events = logs.get_log_events(logGroupName=group, logStreamName=stream)["events"]
    assert "counted 3 rows" in [event["message"] for event in events]
    assert events[0]["message"].startswith("START RequestId:")


def test_without_the_right_to_log_a_function_runs_and_logs_nothing(emulator: Emulator) -> None:
    code = "def handler(event, context):\n    print('x')\n    return 1\n"
    quiet = make_function(emulator, code)
    loud = make_function(emulator, code, make_role(emulator, "lambda", [allow("logs:*")]))
    emulator.enforce_iam()

    assert result(invoke(emulator, quiet)) == result(invoke(emulator, loud)) == 1

    logs = emulator.session().client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    assert f"/aws/lambda/{loud}" in groups
    assert f"/aws/lambda/{quiet}" not in groups


def test_an_event_call_answers_at_once_and_runs(emulator: Emulator) -> None:
    name = make_function(emulator, "def handler(event, context):\n    print('later')\n")

    answer = invoke(emulator, name, InvocationType="Event")

    assert answer["StatusCode"] == 202
    logs, group = emulator.session().client("logs"), f"/aws/lambda/{name}"
    wait_until(lambda: logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"])
