"""What is analysed, from where, to where: what fits together and what does not."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from clarify_cdk import Analysis, ClarifyPipeline, ClarifyRole
from clarify_cdk.s3_scope import S3Scope
from clarify_contract import AnalysisConfig, Refused
from support_constructs.configs import BIAS, pre_training, with_endpoint, with_model
from support_constructs.templates import actions, resources_of, template_of


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Own")


def findings(**arguments: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        Analysis(**arguments)
    return [finding.id for finding in refused.value.findings]


def bucket(stack: cdk.Stack, name: str) -> s3.IBucket:
    return s3.Bucket.from_bucket_name(stack, name, name.lower())


def test_a_config_without_a_dataset_needs_a_bucket(stack: cdk.Stack) -> None:
    found = findings(config=pre_training(), results_bucket=bucket(stack, "Results"))
    assert found == ["dataset-missing"]


def test_two_datasets_are_one_too_many(stack: cdk.Stack) -> None:
    assert findings(
        config=with_endpoint(),
        results_bucket=bucket(stack, "Results"),
        dataset_bucket=bucket(stack, "Data"),
    ) == ["dataset-twice"]


@pytest.mark.parametrize("prefix", ["", "-loans", "loans-", "lo_ans", "${Token[TOKEN.1]}"])
def test_a_job_name_prefix_must_be_a_name_that_is_known(stack: cdk.Stack, prefix: str) -> None:
    assert findings(
        config=with_endpoint(), results_bucket=bucket(stack, "Results"), job_name_prefix=prefix
    ) == ["job-name-prefix"]


@pytest.mark.parametrize("prefix", ["", "/clarify", "clarify/", "cl*rify", "${aws:username}"])
def test_a_results_prefix_is_a_folder_without_slashes_at_its_ends(
    stack: cdk.Stack, prefix: str
) -> None:
    assert "results-prefix" in findings(
        config=with_endpoint(), results_bucket=bucket(stack, "Results"), results_prefix=prefix
    )


@pytest.mark.parametrize(
    ("results", "data"),
    [("out", "out/"), ("out", "out/data/"), ("data/out", "data/"), ("out", "o"), ("out", "")],
)
def test_data_and_results_must_not_hold_each_other(
    stack: cdk.Stack, results: str, data: str
) -> None:
    same = s3.Bucket(stack, "Same")
    assert findings(
        config=pre_training(),
        results_bucket=same,
        results_prefix=results,
        dataset_bucket=same,
        dataset_key=data,
    ) == ["data-meets-results"]


def test_neighbours_in_one_bucket_are_fine(stack: cdk.Stack) -> None:
    same = s3.Bucket(stack, "Same")
    Analysis(
        config=pre_training(),
        results_bucket=same,
        results_prefix="out",
        dataset_bucket=same,
        dataset_key="out-data/",
    )


def test_what_an_execution_may_name_is_kept_apart_from_results_too(stack: cdk.Stack) -> None:
    assert findings(
        config=with_endpoint(),
        results_bucket=bucket(stack, "Results"),
        allowed_datasets=["s3://results/clarify/old/", "https://elsewhere"],
    ) == ["data-meets-results", "data-uri"]


def test_names_that_no_execution_could_use_are_refused(stack: cdk.Stack) -> None:
    both = {"allowed_models": ["next"], "allowed_endpoints": ["live"]}
    buckets = {"results_bucket": bucket(stack, "Results")}
    assert findings(config=with_endpoint(), **buckets, allowed_models=["next"]) == [
        "allowed-for-nothing"
    ]
    data = bucket(stack, "Data")
    found = findings(config=pre_training(), **buckets, dataset_bucket=data, **both)
    assert found == ["allowed-for-nothing", "allowed-for-nothing"]


@pytest.mark.parametrize("name", ["loans-*", "*", "a_b", "", "a" * 64, "model/loans"])
def test_an_allowed_name_is_one_full_name(stack: cdk.Stack, name: str) -> None:
    assert findings(
        config=with_endpoint(), results_bucket=bucket(stack, "Results"), allowed_endpoints=[name]
    ) == ["allowed-name"]


@pytest.mark.parametrize(
    ("name", "fits"),
    [("loans-*", True), ("loans*", True), ("*", False), ("lo*ns", False), ("-*", False)],
)
def test_models_may_be_allowed_by_what_their_names_begin_with(
    stack: cdk.Stack, name: str, fits: bool
) -> None:
    arguments: dict[str, Any] = {
        "config": with_model(),
        "results_bucket": bucket(stack, "Results"),
        "dataset_bucket": bucket(stack, "Data"),
        "allowed_models": [name],
    }
    if fits:
        assert Analysis(**arguments).models[-1] == name
    else:
        assert findings(**arguments) == ["allowed-name"]


@pytest.mark.parametrize("uri", ["s3://lake/*/loans/", "s3://lake/loan?/", "s3://lake/${x}/"])
def test_data_is_named_without_what_a_policy_expands(stack: cdk.Stack, uri: str) -> None:
    assert findings(
        config=with_endpoint(), results_bucket=bucket(stack, "Results"), allowed_datasets=[uri]
    ) == ["data-uri-wildcard"]


def test_an_endpoint_prefix_must_be_known(stack: cdk.Stack) -> None:
    given = with_model().to_dict()
    given["predictor"]["endpoint_name_prefix"] = cdk.Fn.import_value("prefix")
    assert findings(
        config=AnalysisConfig.load(given),
        results_bucket=bucket(stack, "Results"),
        dataset_bucket=bucket(stack, "Data"),
    ) == ["endpoint-prefix-unknown"]


def test_a_model_that_is_known_at_deployment_only_is_scoped_as_it_is(stack: cdk.Stack) -> None:
    given = with_model().to_dict()
    given["predictor"]["model_name"] = cdk.Fn.import_value("Model")
    ClarifyRole(
        stack,
        "Role",
        analysis=Analysis(
            config=AnalysisConfig.load(given),
            results_bucket=bucket(stack, "Results"),
            dataset_bucket=bucket(stack, "Data"),
        ),
    )
    granted = resources_of(template_of(stack).statements("Role"), "sagemaker:DescribeModel")
    assert {arn.rpartition("/")[2] for arn in granted} == {"${import Model}"}


def test_a_model_that_no_method_asks_gives_no_right(stack: cdk.Stack) -> None:
    given = with_model().to_dict()
    given["methods"] = {"pre_training_bias": {"methods": "all"}}
    config = AnalysisConfig.load(given)
    assert config.predictor is not None
    ClarifyRole(
        stack,
        "Role",
        analysis=Analysis(
            config=config,
            results_bucket=bucket(stack, "Results"),
            dataset_bucket=bucket(stack, "Data"),
        ),
    )
    granted = actions(template_of(stack).statements("Role"))
    assert granted
    assert not [action for action in granted if action.startswith("sagemaker:")]


def test_every_finding_is_reported_at_once(stack: cdk.Stack) -> None:
    assert findings(
        config=pre_training(),
        results_bucket=bucket(stack, "Results"),
        results_prefix="",
        job_name_prefix="-",
    ) == ["dataset-missing", "job-name-prefix", "results-prefix"]


def test_a_uri_that_is_one_token_is_scoped_by_cloudformation(stack: cdk.Stack) -> None:
    parameter = cdk.CfnParameter(stack, "Where")
    config = AnalysisConfig(
        **BIAS,
        dataset_uri=parameter.value_as_string,
        methods={"pre_training_bias": {"methods": ["CI"]}},
    )
    ClarifyRole(
        stack,
        "Role",
        analysis=Analysis(config=config, results_bucket=bucket(stack, "Results")),
    )
    granted = template_of(stack).statements("Role")
    path, name = "${split('s3://', ${Where})[1]}", "${split('/', ${Where})[2]}"
    assert f"arn:${{AWS::Partition}}:s3:::{path}*" in resources_of(granted, "s3:GetObject")
    (listing,) = [
        entry for entry in granted if entry["Resource"] == [f"arn:${{AWS::Partition}}:s3:::{name}"]
    ]
    assert "Condition" not in listing


@pytest.mark.parametrize(
    ("uri", "objects", "listed"),
    [
        ("s3://b/data/", "arn:aws:s3:::b/data/*", "data/*"),
        ("s3://b/data.csv", "arn:aws:s3:::b/data.csv*", "data.csv*"),
        ("s3://b/", "arn:aws:s3:::b/*", None),
        ("s3://b", "arn:aws:s3:::b/*", None),
    ],
)
def test_a_prefix_is_scoped_as_s3_reads_it(uri: str, objects: str, listed: str | None) -> None:
    scope = S3Scope.of(uri)
    assert scope.bucket_arn("aws") == "arn:aws:s3:::b"
    assert scope.objects_arn("aws") == objects
    expected = None if listed is None else {"StringLike": {"s3:prefix": listed}}
    assert scope.list_condition() == expected


def test_what_is_no_s3_uri_has_no_scope() -> None:
    with pytest.raises(ValueError, match="s3://"):
        S3Scope.of("/data/loans.csv")


def test_a_name_with_capitals_is_granted_in_both_spellings(stack: cdk.Stack) -> None:
    given = Analysis(
        config=with_endpoint(),
        results_bucket=bucket(stack, "Results"),
        allowed_endpoints=["Loans-Canary"],
    )
    ClarifyRole(stack, "Role", analysis=given)
    granted = resources_of(template_of(stack).statements("Role"), "sagemaker:InvokeEndpoint")
    assert {arn.rpartition("/")[2] for arn in granted} == {
        "Loans-Canary",
        "loans-canary",
        "loans-live",
    }


def test_an_execution_may_turn_a_model_into_an_allowed_endpoint(stack: cdk.Stack) -> None:
    given = Analysis(
        config=with_model(),
        results_bucket=bucket(stack, "Results"),
        dataset_bucket=bucket(stack, "Data"),
        allowed_endpoints=["live"],
    )
    ClarifyRole(stack, "Role", analysis=given)
    granted = resources_of(template_of(stack).statements("Role"), "sagemaker:InvokeEndpoint")
    assert {arn.rpartition("/")[2] for arn in granted} == {"live", "sm-clarify-*"}


def test_the_keys_of_both_buckets_are_granted_to_everybody_who_needs_them(
    stack: cdk.Stack,
) -> None:
    key = kms.Key(stack, "Key")
    given = Analysis(
        config=pre_training(),
        results_bucket=s3.Bucket(stack, "Results", encryption_key=key),
        dataset_bucket=s3.Bucket(stack, "Data", encryption_key=key),
    )
    ClarifyPipeline(stack, "Pipeline", analysis=given)
    template = template_of(stack)
    granted = {
        role: {
            action
            for statement in template.statements(f"Pipeline{role}")
            for action in statement["Action"]
            if action.startswith("kms:")
        }
        for role in ("JobRole", "PreparationRole", "CheckRole", "StateMachineRole")
    }
    assert granted == {
        "JobRole": {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"},
        "PreparationRole": {"kms:Decrypt", "kms:GenerateDataKey"},
        "CheckRole": {"kms:Decrypt", "kms:GenerateDataKey"},
        "StateMachineRole": set(),
    }
