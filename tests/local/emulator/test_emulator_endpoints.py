"""Models and endpoints: their life-cycle, and what serves them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    IMAGE,
    allow,
    endpoint_status,
    make_bucket,
    make_endpoint,
    make_model,
    make_role,
    model_archive,
    unique,
    wait_until,
)


def invoke(emulator: Emulator, endpoint: str, body: bytes, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (
        emulator.session()
        .client("sagemaker-runtime")
        .invoke_endpoint(
            EndpointName=endpoint,
            Body=body,
            **{"ContentType": "text/csv", "Accept": "text/csv", **more},
        )
    )
    return answer


def test_the_models_own_code_answers(emulator: Emulator) -> None:
    endpoint = make_endpoint(emulator, make_model(emulator))

    answer = invoke(emulator, endpoint, b"1,9\n2.5,9\n")

    assert [float(line) for line in answer["Body"].read().split()] == [2.0, 5.0]
    assert answer["ContentType"].startswith("text/csv")
    assert answer["InvokedProductionVariant"] == "AllTraffic"


def test_an_endpoint_is_creating_for_a_while_and_refuses_deletion_and_calls(
    emulator: Emulator,
) -> None:
    emulator.creating_seconds(2)
    endpoint = make_endpoint(emulator, make_model(emulator), wait=False)
    sagemaker = emulator.session().client("sagemaker")
    assert endpoint_status(emulator, endpoint) == "Creating"

    with pytest.raises(ClientError) as deletion:
        sagemaker.delete_endpoint(EndpointName=endpoint)
    with pytest.raises(ClientError) as call:
        invoke(emulator, endpoint, b"1")

    arn = sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointArn"]
    assert deletion.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": f'Cannot update in-progress endpoint "{arn}".',
    }
    assert call.value.response["Error"]["Code"] == "ValidationError"
    wait_until(lambda: endpoint_status(emulator, endpoint) == "InService")
    sagemaker.delete_endpoint(EndpointName=endpoint)
    with pytest.raises(ClientError, match="Could not find endpoint"):
        sagemaker.describe_endpoint(EndpointName=endpoint)


def test_an_absent_endpoint_is_an_error_to_the_client(emulator: Emulator) -> None:
    with pytest.raises(ClientError) as caught:
        invoke(emulator, "nowhere", b"1")

    assert caught.value.response["Error"] == {
        "Code": "ValidationError",
        "Message": f"Endpoint nowhere of account {emulator.account} not found.",
    }
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_deleted_endpoint_answers_no_more(emulator: Emulator) -> None:
    endpoint = make_endpoint(emulator, make_model(emulator))
    emulator.session().client("sagemaker").delete_endpoint(EndpointName=endpoint)

    with pytest.raises(ClientError, match="not found"):
        invoke(emulator, endpoint, b"1")


def test_a_model_that_raises_is_a_model_error(emulator: Emulator) -> None:
    endpoint = make_endpoint(emulator, make_model(emulator))

    with pytest.raises(ClientError) as caught:
        invoke(emulator, endpoint, b"666,1\n")

    answer: Any = caught.value.response
    assert answer["Error"]["Code"] == "ModelError"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert answer["OriginalStatusCode"] == 500
    assert invoke(emulator, endpoint, b"3,1\n")["Body"].read().strip() == b"6.0"


def test_too_large_a_request_is_refused(emulator: Emulator) -> None:
    endpoint = make_endpoint(emulator, make_model(emulator))

    with pytest.raises(ClientError) as caught:
        invoke(emulator, endpoint, b"1" * (6 * 1024 * 1024 + 1))

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert "6291456 bytes" in caught.value.response["Error"]["Message"]


def test_an_endpoint_whose_model_does_not_load_fails_with_the_reason(emulator: Emulator) -> None:
    endpoint = make_endpoint(
        emulator, make_model(emulator, "def model_fn(folder):\n    raise OSError('no weights')\n")
    )
    sagemaker = emulator.session().client("sagemaker")

    described = sagemaker.describe_endpoint(EndpointName=endpoint)

    assert described["EndpointStatus"] == "Failed"
    assert "AllTraffic did not pass the ping health check" in described["FailureReason"]
    sagemaker.delete_endpoint(EndpointName=endpoint)


@pytest.mark.parametrize("missing", ["object", "permission", "trust"])
def test_a_model_needs_an_artifact_that_its_role_can_read(emulator: Emulator, missing: str) -> None:
    objects = {} if missing == "object" else {"model.tar.gz": model_archive()}
    bucket = make_bucket(emulator, objects)
    service = "lambda" if missing == "trust" else "sagemaker"
    rights = [] if missing == "permission" else [allow("s3:*")]
    role = make_role(emulator, service, rights)
    emulator.enforce_iam()

    with pytest.raises(ClientError, match="Could not access model data at s3://") as caught:
        emulator.session().client("sagemaker").create_model(
            ModelName=unique("model"),
            ExecutionRoleArn=role,
            PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://{bucket}/model.tar.gz"},
        )

    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_names_are_used_once(emulator: Emulator) -> None:
    model = make_model(emulator)
    endpoint = make_endpoint(emulator, model)
    sagemaker = emulator.session().client("sagemaker")
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": model,
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.xlarge",
    }

    with pytest.raises(ClientError, match="already existing endpoint "):
        sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=endpoint)
    with pytest.raises(ClientError, match="already existing endpoint configuration"):
        sagemaker.create_endpoint_config(EndpointConfigName=endpoint, ProductionVariants=[variant])


def test_instance_types_are_those_of_the_service_today(emulator: Emulator) -> None:
    sagemaker, model = emulator.session().client("sagemaker"), make_model(emulator)

    def configure(instance_type: str) -> None:
        sagemaker.create_endpoint_config(
            EndpointConfigName=unique("config"),
            ProductionVariants=[
                {
                    "VariantName": "AllTraffic",
                    "ModelName": model,
                    "InitialInstanceCount": 1,
                    "InstanceType": instance_type,
                }
            ],
        )

    configure("ml.m7i.large")
    with pytest.raises(ClientError, match="enum value set"):
        configure("ml.nothing.large")


def test_tags_of_endpoints_and_their_configurations_are_listed(emulator: Emulator) -> None:
    sagemaker, model, name = (
        emulator.session().client("sagemaker"),
        make_model(emulator),
        unique("e"),
    )
    tags = [{"Key": "team", "Value": "risk"}]
    config = sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        Tags=tags,
        ProductionVariants=[
            {
                "VariantName": "AllTraffic",
                "ModelName": model,
                "InitialInstanceCount": 1,
                "InstanceType": "ml.m5.xlarge",
            }
        ],
    )
    endpoint = sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name, Tags=tags)

    for arn in (config["EndpointConfigArn"], endpoint["EndpointArn"]):
        assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == tags


def test_a_model_is_described_as_it_was_made(emulator: Emulator) -> None:
    name = make_model(emulator)

    described = emulator.session().client("sagemaker").describe_model(ModelName=name)

    assert described["ModelName"] == name
    assert described["PrimaryContainer"]["Image"] == IMAGE
    assert json.dumps(described["PrimaryContainer"]).count("model.tar.gz") == 1
