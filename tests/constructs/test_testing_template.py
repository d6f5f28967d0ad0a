"""A template as a text: readable, and the same after an update of what is not the user's."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from clarify_cdk.testing import template, template_text
from clarify_cdk.testing.readable import readable


def stack_with(code: Path, *, timeout: int = 3) -> cdk.Stack:
    """Return a stack with much that CDK adds: assets, versions, deployments, own functions."""
    stack = cdk.Stack(cdk.App(), "Loans")
    function = lambda_.Function(
        stack,
        "Function",
        code=lambda_.Code.from_asset(str(code)),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
        timeout=cdk.Duration.seconds(timeout),
        log_group=logs.LogGroup(stack, "Log"),
    )
    lambda_.Alias(stack, "Live", alias_name="live", version=function.current_version)
    apigateway.LambdaRestApi(stack, "Api", handler=function)
    s3.Bucket(stack, "Scratch", auto_delete_objects=True, removal_policy=cdk.RemovalPolicy.DESTROY)
    return stack


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    (folder / "index.py").write_text("def handler(event, context): return 1\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(code: Path) -> dict[str, Any]:
    made: dict[str, Any] = Template.from_stack(stack_with(code)).to_json()
    return made


@pytest.fixture(scope="module")
def text(whole: dict[str, Any]) -> str:
    return template_text(whole)


def test_new_code_of_a_function_changes_nothing(
    whole: dict[str, Any], text: str, tmp_path: Path
) -> None:
    (tmp_path / "index.py").write_text("def handler(event, context): return 2\n", encoding="utf-8")
    other = stack_with(tmp_path)
    assert Template.from_stack(other).to_json()["Resources"].keys() != whole["Resources"].keys()
    assert template_text(other) == text


def test_what_is_deployed_otherwise_is_written_otherwise(text: str, code: Path) -> None:
    assert template_text(stack_with(code, timeout=4)) == text.replace("Timeout: 3", "Timeout: 4")


def test_hashes_of_assets_versions_and_deployments_are_masked(text: str) -> None:
    assert '"S3Key": "<asset>.zip"' in text
    names = [line.partition(" ")[0] for line in text.splitlines() if not line.startswith(" ")]
    masked = [name for name in names if name.endswith("<version>")]
    assert [name.removesuffix("<version>")[:-8] for name in masked] == [
        "ApiDeployment",
        "FunctionCurrentVersion",
    ]
    assert f'FunctionVersion: "${{{masked[1]}.Version}}"' in text


def test_the_runtime_of_a_function_of_cdk_is_masked_and_ones_own_is_not(text: str) -> None:
    runtimes = [line.strip() for line in text.splitlines() if "Runtime:" in line]
    assert sorted(runtimes) == ['Runtime: "<of CDK>"', 'Runtime: "python3.13"']


def test_what_cdk_adds_to_every_stack_is_left_out(whole: dict[str, Any], text: str) -> None:
    assert "BootstrapVersion" in whole["Parameters"]
    assert "Bootstrap" not in text
    metadata = {"Type": "AWS::CDK::Metadata", "Condition": "CDKMetadataAvailable"}
    deployed = {
        **whole,
        "Resources": {
            name: {**resource, "Metadata": {"aws:cdk:path": f"Loans/{name}"}}
            for name, resource in (whole["Resources"] | {"CDKMetadata": metadata}).items()
        },
        "Conditions": {"CDKMetadataAvailable": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}},
    }
    assert template_text(deployed) == text


def test_parameters_mappings_conditions_and_outputs_follow_the_resources() -> None:
    assert (
        template_text(
            {
                "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Data", "Arn"]}}},
                "Parameters": {"Stage": {"Type": "String"}},
                "Mappings": {"Sizes": {"live": {"of": "4"}}, "LatestNodeRuntimeMap": {}},
                "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
                "Resources": {"Data": {"Type": "AWS::S3::Bucket", "Condition": "Live"}},
            }
        )
        == 'Data AWS::S3::Bucket: {"Condition": "Live"}\n'
        'Stage parameter: {"Type": "String"}\n'
        'Sizes mapping: {"live": {"of": "4"}}\n'
        'Live condition: {"Fn::Equals": ["${Stage}", "live"]}\n'
        'Name output: {"Value": "${Data.Arn}"}\n'
    )


def test_a_nested_stack_is_a_stack() -> None:
    nested = cdk.NestedStack(cdk.Stack(cdk.App(), "Outer"), "Inner")
    s3.CfnBucket(nested, "Data", bucket_name="loans")
    expected = 'Data AWS::S3::Bucket: {"Properties": {"BucketName": "loans"}}\n'
    assert template_text(nested) == expected


@pytest.mark.parametrize(
    ("intrinsic", "expected"),
    [
        ({"Ref": "Data"}, "${Data}"),
        ({"Fn::Join": ["/", ["s3:/", {"Ref": "Data"}]]}, "s3://${Data}"),
        ({"Fn::Join": [",", {"Ref": "List"}]}, {"Fn::Join": [",", "${List}"]}),
        ({"Fn::Sub": "a-${AWS::Region}"}, "a-${AWS::Region}"),
        ({"Fn::Sub": ["${x}", {"x": {"Ref": "Y"}}]}, {"Fn::Sub": ["${x}", {"x": "${Y}"}]}),
        ({"Fn::If": ["Live", {"Ref": "A"}, "b"]}, {"Fn::If": ["Live", "${A}", "b"]}),
        ({"Fn::ImportValue": {"Fn::Sub": "${S}-vpc"}}, "${import ${S}-vpc}"),
    ],
)
def test_a_reference_is_a_short_text_and_other_functions_stay(
    intrinsic: dict[str, Any], expected: Any
) -> None:
    assert readable(intrinsic) == expected
    assert readable(expected) == expected


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ('{"TimeoutSeconds":${Limit}}', {"TimeoutSeconds": "${Limit}"}),
        (
            '{"a":"x:${Y},","b":"${M[${AWS::Region}].c}"}',
            {"a": "x:${Y},", "b": "${M[${AWS::Region}].c}"},
        ),
        ("no JSON", "no JSON"),
    ],
)
def test_a_definition_is_unfolded_where_it_is_json(definition: str, expected: Any) -> None:
    assert readable({"DefinitionString": definition}) == {"DefinitionString": expected}


def test_the_example_of_the_docstring_holds() -> None:
    result = doctest.testmod(template, raise_on_error=True)
    assert result.attempted == 3
