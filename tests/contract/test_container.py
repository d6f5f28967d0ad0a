"""The container's facts are the specification's, and agree with the installed service model."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from clarify_contract import container


@pytest.fixture(scope="module")
def shapes() -> Any:
    model = botocore.session.get_session().get_service_model("sagemaker")
    return model.shape_for


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONFIG_DIR", "/opt/ml/processing/input/config"),
        ("DATA_DIR", "/opt/ml/processing/input/data"),
        ("OUTPUT_DIR", "/opt/ml/processing/output"),
        ("CONFIG_NAME", "analysis_config.json"),
        ("ANALYSIS_FILE", "analysis.json"),
        ("CONFIG_INPUT", "analysis_config"),
        ("DATASET_INPUT", "dataset"),
        ("RESULT_OUTPUT", "analysis_result"),
        ("LOG_GROUP", "/aws/sagemaker/ProcessingJobs"),
        ("DEFAULT_ENDPOINT_PREFIX", "sm-clarify"),
        ("ENDPOINT_PREFIX_MAX", 23),
        ("MAX_RUNTIME_SECONDS", 604800),
        ("DEFAULT_RUNTIME_SECONDS", 86400),
        ("VOLUME_GB_DEFAULT", 30),
        ("CUSTOM_ATTRIBUTES_MAX", 1024),
    ],
)
def test_fact_is_the_specified_one(name: str, value: str | int) -> None:
    assert getattr(container, name) == value


@pytest.mark.parametrize(
    ("shape", "limit"),
    [
        ("ProcessingJobName", container.JOB_NAME_MAX),
        ("EndpointName", container.ENDPOINT_NAME_MAX),
        ("ExitMessage", container.EXIT_MESSAGE_MAX),
        ("ImageUri", container.IMAGE_URI_MAX),
        ("ProcessingInputs", container.INPUTS_MAX),
        ("S3Uri", container.S3_URI_MAX),
        ("ProcessingLocalPath", container.LOCAL_PATH_MAX),
        ("ProcessingEnvironmentMap", container.ENVIRONMENT_MAX),
        ("ProcessingEnvironmentKey", container.ENVIRONMENT_KEY_MAX),
        ("ProcessingEnvironmentValue", container.ENVIRONMENT_VALUE_MAX),
        ("TagList", container.TAGS_MAX),
        ("TagKey", container.TAG_KEY_MAX),
        ("TagValue", container.TAG_VALUE_MAX),
        ("KmsKeyId", container.KMS_KEY_ID_MAX),
        ("VpcSecurityGroupIds", container.SECURITY_GROUPS_MAX),
        ("Subnets", container.SUBNETS_MAX),
        ("ProcessingInstanceCount", container.INSTANCE_COUNT_MAX),
        ("ProcessingVolumeSizeInGB", container.VOLUME_GB_MAX),
    ],
)
def test_limit_is_that_of_the_service_model(shapes: Any, shape: str, limit: int) -> None:
    assert shapes(shape).metadata["max"] == limit


@pytest.mark.parametrize(
    ("shape", "pattern"),
    [
        ("ProcessingJobName", container.JOB_NAME_PATTERN),
        ("EndpointName", container.ENDPOINT_NAME_PATTERN),
        ("ProcessingEnvironmentKey", container.ENVIRONMENT_KEY_PATTERN),
    ],
)
def test_pattern_is_that_of_the_service_model(shapes: Any, shape: str, pattern: str) -> None:
    assert shapes(shape).metadata["pattern"] == pattern


def test_own_ceiling_of_the_runtime_is_below_the_one_that_the_api_takes(shapes: Any) -> None:
    assert shapes("ProcessingMaxRuntimeInSeconds").metadata["max"] > container.MAX_RUNTIME_SECONDS
