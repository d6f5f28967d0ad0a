"""Who may do what, in every configuration, with and without the recommended feature flags."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clarify_cdk.wildcards import FORCED_WILDCARDS
from support_constructs.stacks import STACKS
from support_constructs.templates import Template, actions, assembly, resources_of

SAGEMAKER = "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}"


@pytest.fixture(params=STACKS)
def template(request: pytest.FixtureRequest, flags: str) -> Template:
    return assembly(flags).template(request.param)


def wildcards(template: Template) -> Iterator[str]:
    """Actions whose resource is everything, apart from key policies, where `*` is that key."""
    for kind, statement in template.all_statements():
        if "*" in statement.get("Resource", ()) and kind != "AWS::KMS::Key":
            yield from statement["Action"]


@pytest.mark.proves("stars")
def test_a_star_stands_only_where_aws_forces_it(template: Template) -> None:
    assert set(wildcards(template)) <= set(FORCED_WILDCARDS)


def test_every_forced_star_of_the_table_is_used_and_has_a_reason(flags: str) -> None:
    used = {action for stack in STACKS for action in wildcards(assembly(flags).template(stack))}
    assert used == set(FORCED_WILDCARDS)
    assert all(FORCED_WILDCARDS.values())


def test_no_statement_allows_a_whole_service_or_family_of_actions(template: Template) -> None:
    allowed = [
        action
        for kind, statement in template.all_statements()
        if statement["Effect"] == "Allow" and kind != "AWS::KMS::Key"
        for action in statement["Action"]
    ]
    assert allowed
    assert not [action for action in allowed if "*" in action]


def test_no_role_has_a_managed_policy(template: Template) -> None:
    roles = template.of_type("IAM::Role")
    assert len(roles) == (6 if template.of_type("Events::Rule") else 4)
    assert not [name for name, role in roles.items() if "ManagedPolicyArns" in role["Properties"]]


def test_no_function_but_the_two_and_no_custom_resource(template: Template) -> None:
    handlers = {
        function["Properties"]["Handler"]
        for function in template.of_type("Lambda::Function").values()
    }
    assert handlers == {
        "clarify_lambda.prepare.handler.handler",
        "clarify_lambda.check.handler.handler",
    }
    assert not [
        resource["Type"]
        for resource in template.document["Resources"].values()
        if resource["Type"].startswith(("Custom::", "AWS::CloudFormation::"))
    ]


def test_actions_on_storage_and_keys_are_sorted(template: Template) -> None:
    for _, statement in template.all_statements():
        if statement["Action"][0].startswith(("s3:", "kms:", "sagemaker:", "ec2:", "ecr:")):
            assert statement["Action"] == sorted(statement["Action"])


# --- the job's role -------------------------------------------------------------------------------


def test_pre_training_bias_alone_grants_no_sagemaker_action(pre_training: Template) -> None:
    granted = actions(pre_training.statements("PipelineJobRole"))
    assert granted
    assert not [action for action in granted if action.startswith("sagemaker:")]


def test_outside_a_vpc_the_job_gets_no_network_action(pre_training: Template) -> None:
    assert not [
        action
        for action in actions(pre_training.statements("PipelineJobRole"))
        if action.startswith("ec2:")
    ]


def test_the_job_reads_its_config_and_its_data_and_writes_its_output(model: Template) -> None:
    granted = model.statements("PipelineJobRole")
    assert resources_of(granted, "s3:GetObject") == {
        "arn:${AWS::Partition}:s3:::${Results25575328}/clarify/clarify-*/config/*",
        "arn:${AWS::Partition}:s3:::${Data666C94C7}/dataset/*",
        "arn:${AWS::Partition}:s3:::archive/diabetes/*",
    }
    assert resources_of(granted, "s3:PutObject") == {
        "arn:${AWS::Partition}:s3:::${Results25575328}/clarify/clarify-*/output/*"
    }
    listed = {
        statement["Resource"][0]: statement["Condition"]
        for statement in granted
        if statement["Action"] == ["s3:ListBucket"]
    }
    assert listed == {
        "arn:${AWS::Partition}:s3:::${Results25575328}": {
            "StringLike": {"s3:prefix": "clarify/clarify-*/config/*"}
        },
        "arn:${AWS::Partition}:s3:::${Data666C94C7}": {"StringLike": {"s3:prefix": "dataset/*"}},
        "arn:${AWS::Partition}:s3:::archive": {"StringLike": {"s3:prefix": "diabetes/*"}},
    }


def test_the_job_reads_what_the_container_fetches_itself(endpoint: Template) -> None:
    read = resources_of(endpoint.statements("LoansJobRole"), "s3:GetObject")
    assert {name.partition(":s3:::")[2] for name in read} == {
        "${Results25575328}/bias/loans/loans-*/config/*",
        "lake/loans/2026.csv*",
        "people/facets.csv*",
        "lake/baselines/loans.csv*",
    }


def test_a_model_gives_the_life_of_its_shadow_endpoint(model: Template) -> None:
    granted = model.statements("PipelineJobRole")
    endpoint = f"{SAGEMAKER}:endpoint/sm-clarify-*"
    config = f"{SAGEMAKER}:endpoint-config/sm-clarify-*"
    models = {f"{SAGEMAKER}:model/{name}" for name in ("diabetes-progression", "diabetes-next")}
    expected = {
        "sagemaker:AddTags": {endpoint, config},
        "sagemaker:CreateEndpoint": {endpoint, config},
        "sagemaker:CreateEndpointConfig": {config},
        "sagemaker:DeleteEndpoint": {endpoint},
        "sagemaker:DeleteEndpointConfig": {config},
        "sagemaker:DescribeEndpoint": {endpoint},
        "sagemaker:DescribeEndpointConfig": {config},
        "sagemaker:DescribeModel": models,
        "sagemaker:InvokeEndpoint": {endpoint},
        "sagemaker:ListTags": {f"{SAGEMAKER}:processing-job/clarify-*"},
    }
    found = {action for action in actions(granted) if action.startswith("sagemaker:")}
    assert {action: resources_of(granted, action) for action in found} == expected


def test_the_shadow_endpoint_hosts_only_the_named_models(model: Template) -> None:
    (statement,) = [
        statement
        for statement in model.statements("PipelineJobRole")
        if "sagemaker:CreateEndpointConfig" in statement["Action"]
    ]
    assert statement["Action"] == ["sagemaker:CreateEndpointConfig"]
    assert sorted(statement["Condition"]["ArnEquals"]["sagemaker:ModelArn"]) == [
        f"{SAGEMAKER}:model/diabetes-next",
        f"{SAGEMAKER}:model/diabetes-progression",
    ]


def test_an_endpoint_gives_its_calls_and_nothing_else(endpoint: Template) -> None:
    granted = endpoint.statements("LoansJobRole")
    found = {action for action in actions(granted) if action.startswith("sagemaker:")}
    assert found == {"sagemaker:DescribeEndpoint", "sagemaker:InvokeEndpoint"}
    for action in found:
        names = {arn.rpartition("/")[2] for arn in resources_of(granted, action)}
        assert names == {"loans-live", "loans-canary"}


def test_the_image_comes_from_one_repository(model: Template, endpoint: Template) -> None:
    managed = resources_of(model.statements("PipelineJobRole"), "ecr:BatchGetImage")
    assert managed == {
        "arn:${AWS::Partition}:ecr:${AWS::Region}:${ClarifyImages[${AWS::Region}].account}"
        ":repository/sagemaker-clarify-processing"
    }
    own = resources_of(endpoint.statements("LoansJobRole"), "ecr:GetDownloadUrlForLayer")
    assert [arn.partition(":ecr:")[2] for arn in own] == [
        "eu-central-1:111122223333:repository/clarify-engine"
    ]


def test_logs_and_metrics_are_those_of_processing_jobs(pre_training: Template) -> None:
    granted = pre_training.statements("PipelineJobRole")
    assert resources_of(granted, "logs:PutLogEvents") == {
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}"
        ":log-group:/aws/sagemaker/ProcessingJobs*"
    }
    (metrics,) = [
        statement for statement in granted if "cloudwatch:PutMetricData" in statement["Action"]
    ]
    assert metrics["Condition"] == {
        "StringEquals": {"cloudwatch:namespace": "/aws/sagemaker/ProcessingJobs"}
    }


def test_keys_are_granted_by_what_they_protect(endpoint: Template) -> None:
    granted = endpoint.statements("LoansJobRole")
    keys = endpoint.of_type("KMS::Key")
    bucket, output, lake, volume = (
        next(f"${{{key}.Arn}}" for key in keys if key.startswith(name))
        for name in ("ResultsKey", "OutputKey", "LakeKey", "VolumeKey")
    )
    assert resources_of(granted, "kms:Decrypt") == {bucket, output, lake}
    # It is told to write with the output's key, and so has no use for the bucket's.
    assert resources_of(granted, "kms:Encrypt") == {output}
    assert resources_of(granted, "kms:GenerateDataKey") == {output}
    assert resources_of(granted, "kms:CreateGrant") == {volume}
    check = endpoint.statements("CheckRole")
    assert resources_of(check, "kms:Decrypt") == {bucket, output}
    assert resources_of(check, "kms:GenerateDataKey") == {bucket}
    preparation = endpoint.statements("LoansPreparationRole")
    assert resources_of(preparation, "kms:GenerateDataKey") == {bucket}
    assert resources_of(preparation, "kms:Decrypt") == {lake}


def test_without_a_key_there_is_no_kms_action(model: Template) -> None:
    found = {action for _, statement in model.all_statements() for action in statement["Action"]}
    assert not [action for action in found if action.startswith("kms:")]
