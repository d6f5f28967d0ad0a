"""Preflight asks SageMaker once about the model or endpoint of a run, if it asks one at all."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from clarify_contract import AnalysisConfig
from clarify_lambda.prepare.preflight import reading
from clarify_lambda.prepare.preflight.predictor import Kind, Predictor, asked, predictor_findings

LINEAR: dict[str, Any] = {"dataset_type": "text/csv", "predicted_label": "says"}
MODEL = {"model_name": "loan", "initial_instance_count": 1, "instance_type": "ml.m5.large"}
ENDPOINT = {"endpoint_name": "live"}
BIAS = {
    "label": "approved",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
}
SHAP = {"shap": {"num_samples": 10}}


class SageMaker:
    """Answers both calls with one answer, or raises it."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def describe_model(self, *, ModelName: str) -> Any:  # noqa: N803 - boto3's name
        return self._said(ModelName)

    def describe_endpoint(self, *, EndpointName: str) -> Any:  # noqa: N803 - boto3's name
        return self._said(EndpointName)

    def _said(self, name: str) -> Any:
        assert name == "loan"
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Ec2:
    """Tells the zones of subnets by the letters that their ids end in; `c` may not be seen."""

    def describe_subnets(self, *, SubnetIds: list[str]) -> Any:  # noqa: N803 - boto3's name
        if any(subnet.endswith("c") for subnet in SubnetIds):
            denied = {"Error": {"Code": "UnauthorizedOperation", "Message": "…"}}
            raise ClientError(denied, "DescribeSubnets")
        return {"Subnets": [{"AvailabilityZoneId": f"use1-az{id_[-1]}"} for id_ in SubnetIds]}


def described(monkeypatch: pytest.MonkeyPatch, kind: Kind, answer: Any) -> Predictor:
    monkeypatch.setattr(reading, "_sagemaker", lambda: SageMaker(answer))
    monkeypatch.setattr(reading, "_ec2", Ec2)
    return reading.describe(kind, "loan")


def ids(seen: Predictor) -> list[tuple[str, str, str]]:
    return [(f.id, f.path, f.severity) for f in predictor_findings(seen)]


def error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeModel")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"methods": SHAP, "predictor": MODEL}, ("model", "loan")),
        ({"methods": SHAP, "predictor": ENDPOINT}, ("endpoint", "live")),
        (BIAS | {"methods": {"pre_training_bias": {"methods": "all"}}, "predictor": MODEL}, None),
        (
            BIAS | {"methods": {"post_training_bias": {"methods": "all"}}, "predictor": MODEL},
            ("model", "loan"),
        ),
        (BIAS | LINEAR | {"methods": {"post_training_bias": {"methods": "all"}}}, None),
    ],
)
def test_what_is_asked_is_what_the_job_may_ask(changes: dict[str, Any], expected: Any) -> None:
    """The contract decides by the same rule which rights the job and this function have."""
    config = AnalysisConfig.load({"dataset_type": "text/csv"} | changes)
    assert asked(config.to_dict()) == expected
    assert config.needs_predictions == (expected is not None)


@pytest.mark.parametrize("kind", ["model", "endpoint"])
def test_a_name_that_nothing_has_stops_the_run(monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
    gone = error("ValidationException", 'Could not find model "arn:aws:sagemaker:…:model/loan".')
    path = f"$.predictor.{kind}_name"
    assert ids(described(monkeypatch, kind, gone)) == [("predictor-missing", path, "error")]


@pytest.mark.parametrize(
    ("raised", "given"),
    [
        (error("AccessDeniedException", "…"), "AccessDeniedException for DescribeModel"),
        (error("ValidationException", "1 error detected"), "ValidationException for DescribeModel"),
        (
            ConnectTimeoutError(endpoint_url="https://…"),
            "no answer in time (ConnectTimeoutError)",
        ),
    ],
)
def test_what_cannot_be_described_is_unchecked(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, given: str
) -> None:
    seen = described(monkeypatch, "model", raised)
    (finding,) = predictor_findings(seen)
    assert (finding.id, finding.severity, finding.given) == (
        "predictor-not-checked",
        "warning",
        given,
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({}, []),
        ({"VpcConfig": {"Subnets": ["a"]}}, [("model-one-zone", "error")]),
        ({"VpcConfig": {"Subnets": ["a", "b"]}}, []),
        ({"VpcConfig": {"Subnets": ["1-a", "2-a"]}}, [("model-one-zone", "error")]),
        ({"VpcConfig": {"Subnets": ["a", "c"]}}, [("model-zones-not-checked", "warning")]),
    ],
)
def test_a_model_in_a_vpc_needs_two_zones(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = ids(described(monkeypatch, "model", answer))
    assert [(id_, severity) for id_, _, severity in found] == expected


@pytest.mark.parametrize(
    ("status", "stops"),
    [
        ("InService", False),
        ("Updating", False),
        ("SystemUpdating", False),
        ("RollingBack", False),
        ("Creating", True),
        ("Failed", True),
        ("Deleting", True),
        ("OutOfService", True),
        ("UpdateRollbackFailed", True),
    ],
)
def test_an_endpoint_has_to_answer(
    monkeypatch: pytest.MonkeyPatch, status: str, stops: bool
) -> None:
    found = ids(described(monkeypatch, "endpoint", {"EndpointStatus": status}))
    stopped = [("endpoint-not-in-service", "$.predictor.endpoint_name", "error")]
    assert found == (stopped if stops else [])
