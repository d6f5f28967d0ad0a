"""What a pipeline hands to its functions, takes as parts and gives to others."""

from __future__ import annotations

import doctest
import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from clarify_cdk import (
    Analysis,
    AnalysisPreparation,
    ClarifyNetwork,
    ClarifyPipeline,
    ClarifyRole,
    ClarifyStack,
    ResultsCheck,
)
from clarify_contract import AnalysisConfig, Limit, Refused, Rules
from support_constructs.configs import BIAS, ROOT, pre_training, with_endpoint, with_model
from support_constructs.templates import Template, actions, assembly, resources_of, template_of


@pytest.fixture
def stack() -> cdk.Stack:
    return cdk.Stack(cdk.App(analytics_reporting=False), "Own")


@pytest.fixture(scope="module")
def template() -> Template:
    return assembly("recommended-flags").template("ModelInOwnVpc")


def analysis(stack: cdk.Stack, config: AnalysisConfig | None = None, **more: Any) -> Analysis:
    return Analysis(
        config=config or pre_training(),
        results_bucket=s3.Bucket(stack, "Results"),
        dataset_bucket=s3.Bucket(stack, "Data"),
        **more,
    )


# --- what travels in the payloads -----------------------------------------------------------------


def test_the_config_travels_as_the_very_text_of_its_file(template: Template) -> None:
    text = template.state("Prepare")["Parameters"]["Payload"]["config"]
    assert text == with_model().to_json()
    path = ROOT / "examples" / "diabetes" / "analysis_config.json"
    assert json.loads(text) == json.loads(path.read_text("utf-8"))


def test_floats_templates_and_tokens_survive_the_payload(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Facets")
    config = AnalysisConfig(
        **{**BIAS, "dataset_type": "application/json"},
        headers=["sex", "age", "income", "approved"],
        features="[].features",
        probability_threshold=1.0,
        dataset_uri=f"s3://{bucket.bucket_name}/loans/",
        methods={"post_training_bias": {"methods": ["DPPL"]}},
        predictor={
            "endpoint_name": "loans",
            "content_type": "application/json",
            "content_template": "$record",
            "record_template": '{"age": "${age}", "income": "${income}"}',
            "probability": "score",
        },
    )
    ClarifyPipeline(
        stack,
        "Pipeline",
        analysis=Analysis(config=config, results_bucket=s3.Bucket(stack, "Results")),
    )
    text = template_of(stack).state("Prepare")["Parameters"]["Payload"]["config"]
    assert '"probability_threshold": 1.0' in text
    parsed = json.loads(text)
    assert parsed["predictor"]["record_template"] == '{"age": "${age}", "income": "${income}"}'
    assert parsed["dataset_uri"].startswith("s3://${Facets")


def test_prepare_is_told_what_the_stack_fixed(template: Template) -> None:
    payload = template.state("Prepare")["Parameters"]["Payload"]
    assert {key: value for key, value in payload.items() if key != "config"} == {
        "pipeline": {
            "results_uri": "s3://${Results25575328}/clarify",
            "dataset_uri": "s3://${Data666C94C7}/dataset/",
            "dataset_manifest": False,
            "max_runtime": 86400,
            "instance_count": 1,
            "job_name_prefix": "clarify",
            "allowed_models": ["diabetes-next"],
            "allowed_endpoints": [],
            "allowed_datasets": ["s3://archive/diabetes/"],
        },
        "execution_id.$": "$$.Execution.Id",
        "execution_started.$": "$$.Execution.StartTime",
        "overrides.$": "$$.Execution.Input",
        "state.$": "$",
    }


def test_prepare_is_told_what_the_job_may_take(stack: cdk.Stack) -> None:
    ClarifyPipeline(
        stack,
        "Pipeline",
        analysis=analysis(stack, pre_training()),
        max_runtime=cdk.Duration.minutes(90),
    )
    told = template_of(stack).state("Prepare")["Parameters"]["Payload"]["pipeline"]
    assert told["max_runtime"] == 5400


def test_a_null_arrives_as_null() -> None:
    template = assembly("no-flags").template("EndpointInGivenVpc")
    pipeline = template.state("Prepare")["Parameters"]["Payload"]["pipeline"]
    assert pipeline["dataset_uri"] is None
    (limit,) = template.state("CheckResults")["Parameters"]["Payload"]["rules"]["limits"]
    assert limit == {
        "section": "pre_training_bias_metrics",
        "metric": "DPL",
        "facet": None,
        "group": None,
        "min": None,
        "max": 0.2,
        "evidence": "value",
        "source": None,
    }


def test_a_config_too_large_for_a_payload_is_refused_with_the_way_out(stack: cdk.Stack) -> None:
    def config(rows: int) -> AnalysisConfig:
        return AnalysisConfig(
            dataset_type="text/csv",
            methods={"shap": {"baseline": [[0.123456789] * 100] * rows, "num_samples": 10}},
            predictor={"endpoint_name": "loans", "content_type": "text/csv"},
        )

    fits = analysis(stack, config(150))
    AnalysisPreparation(stack, "Fits", analysis=fits)
    with pytest.raises(Refused) as refused:
        AnalysisPreparation(
            stack,
            "TooLarge",
            analysis=Analysis(
                config=config(200),
                results_bucket=fits.results_bucket,
                dataset_bucket=fits.dataset_bucket,
            ),
        )
    (finding,) = refused.value.findings
    assert finding.id == "config-too-large"
    assert "URI" in finding.fix


# --- parts and what they give ---------------------------------------------------------------------


def test_ids_of_children_are_stable(stack: cdk.Stack) -> None:
    pipeline = ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack))
    children = {child.node.id for child in pipeline.node.children}
    states = {
        *("Prepare", "RunClarifyJob", "CheckResults", "Verdict", "Passed", "Rejected"),
        *("ExplainFailure", "Failure", "PreparationFailed", "JobFailed", "CheckFailed"),
        "FailureUnexplained",
    }
    assert children - states == {
        "Check",
        "JobRole",
        "LogGroup",
        "Preparation",
        "StateMachine",
    }
    assert states <= children


def test_ids_of_a_pipelines_clean_up_are_stable(stack: cdk.Stack) -> None:
    pipeline = ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack, with_model()))
    assert pipeline.cleanup is not None
    children = {child.node.id for child in pipeline.cleanup.node.children}
    assert pipeline.cleanup.node.id == "CleanUp"
    assert {"LogGroup", "Rule", "RuleRole", "StateMachine"} <= children


def test_ids_of_a_stacks_children_are_stable() -> None:
    stack = ClarifyStack(cdk.App(analytics_reporting=False), "Loans", config=pre_training())
    outputs = {
        *("StateMachineArn", "DataBucketName", "ResultsBucketName", "DatasetUri", "ResultsUri"),
    }
    children = {child.node.id for child in stack.node.children}
    ours = {"Check", "Data", "Network", "Pipeline", "Results"}
    assert ours | outputs <= children
    # The rest is what CDK puts beside: the bootstrap's rule and parameter, the table of images.
    assert children - ours - outputs <= {
        "BootstrapVersion",
        "CheckBootstrapVersion",
        "ClarifyImages",
    }


def test_a_stack_whose_config_has_its_data_makes_no_bucket_for_it() -> None:
    stack = ClarifyStack(cdk.App(analytics_reporting=False), "Loans", config=with_endpoint())
    template = template_of(stack)
    assert len(template.of_type("S3::Bucket")) == 1
    assert set(template.document["Outputs"]) == {
        "StateMachineArn",
        "ResultsBucketName",
        "ResultsUri",
    }


def test_a_stack_encrypts_with_a_given_key() -> None:
    app = cdk.App(analytics_reporting=False)
    keys = cdk.Stack(app, "Keys")
    stack = ClarifyStack(
        app, "Loans", config=pre_training(), encryption_key=kms.Key(keys, "Key"), vpc=False
    )
    buckets = template_of(stack).of_type("S3::Bucket").values()
    assert len(buckets) == 2
    for bucket in buckets:
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["BucketKeyEnabled"] is True
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_a_negative_number_of_retries_is_refused(stack: cdk.Stack) -> None:
    with pytest.raises(Refused, match="max-capacity-retries"):
        ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack), max_capacity_retries=-1)


def test_without_retries_the_first_lack_of_capacity_is_the_last(stack: cdk.Stack) -> None:
    ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack), max_capacity_retries=0)
    explain = template_of(stack).state("ExplainFailure")
    assert explain["Parameters"]["Payload"]["explain"] == {"max_attempts": 1}


def test_two_pipelines_live_in_one_stack(stack: cdk.Stack) -> None:
    first = analysis(stack)
    second = Analysis(
        config=with_model(),
        results_bucket=first.results_bucket,
        dataset_bucket=first.dataset_bucket,
        job_name_prefix="second",
    )
    network = ClarifyNetwork(stack, "Network", config=second.config)
    ClarifyPipeline(stack, "First", analysis=first, network=network)
    ClarifyPipeline(stack, "Second", analysis=second, network=network)
    template = template_of(stack)
    assert len(template.of_type("StepFunctions::StateMachine")) == 3  # one has a clean-up
    jobs = {
        role: resources_of(template.statements(f"{role}StateMachine"), "sagemaker:AddTags")
        for role in ("First", "Second")
    }
    endings = {role: [arn.rpartition("/")[2] for arn in arns] for role, arns in jobs.items()}
    assert endings == {"First": ["clarify-*"], "Second": ["second-*"]}


def test_rules_travel_with_the_limits_and_bring_the_right_to_read_intervals(
    stack: cdk.Stack,
) -> None:
    rules = Rules(limits={"DPL": Limit(maximum=0.1, evidence="interval")}, accepted_zeros=["sex"])
    given = analysis(stack, with_model())
    check = ResultsCheck(
        stack, "Judge", analysis=given, limits={"DPL": Limit(minimum=-0.1)}, rules=rules
    )
    ClarifyPipeline(stack, "Pipeline", analysis=given, check=check)
    template = template_of(stack)
    sent = template.state("CheckResults")["Parameters"]["Payload"]["rules"]
    assert [(limit["min"], limit["max"], limit["evidence"]) for limit in sent["limits"]] == [
        (-0.1, None, "value"),
        (None, 0.1, "interval"),
    ]
    assert [rule["accepted_zeros"] for rule in sent["complete"][:1]] == [["sex"]]
    read = resources_of(template.statements("JudgeRole"), "s3:GetObject")
    assert sorted(arn.rpartition("/")[2] for arn in read) == [
        "analysis.json",
        "intervals.json",
        "preflight.json",
    ]


def test_given_parts_are_used_and_not_made_again(stack: cdk.Stack) -> None:
    given = analysis(stack, with_model())
    network = ClarifyNetwork(stack, "Network", config=given.config)
    role = ClarifyRole(stack, "GivenRole", analysis=given, in_vpc=True)
    preparation = AnalysisPreparation(stack, "GivenPreparation", analysis=given)
    check = ResultsCheck(stack, "GivenCheck", analysis=given, limits={"DPL": Limit(maximum=0.1)})
    pipeline = ClarifyPipeline(
        stack,
        "Pipeline",
        analysis=given,
        network=network,
        role=role,
        preparation=preparation,
        check=check,
    )
    template = template_of(stack)
    made = {name for name in template.of_type("IAM::Role") if name.startswith("Pipeline")}
    assert len(made) == 3  # of the state machine, of the clean-up and of its rule
    assert len(template.of_type("Lambda::Function")) == 2
    assert template.state("RunClarifyJob")["Parameters"]["RoleArn"].startswith("${GivenRole")
    assert pipeline.connections.security_groups == network.connections.security_groups
    # The role had its rights already: the pipeline repeats none of them.
    statements = [json.dumps(entry, sort_keys=True) for entry in template.statements("GivenRole")]
    assert len(statements) == len(set(statements))


def test_a_given_plain_role_gets_what_it_lacks(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Plain", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack), role=role)
    granted = template_of(stack).statements("Plain")
    assert {"s3:GetObject", "s3:PutObject", "ecr:BatchGetImage"} <= actions(granted)


def test_starting_runs_can_be_granted(stack: cdk.Stack) -> None:
    pipeline = ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack))
    person = iam.Role(stack, "Person", assumed_by=iam.AccountRootPrincipal())
    pipeline.grant_start_execution(person)
    template = template_of(stack)
    granted = template.statements("Person")
    (machine,) = template.of_type("StepFunctions::StateMachine")
    assert actions(granted) == {"states:StartExecution"}
    assert resources_of(granted, "states:StartExecution") == {f"${{{machine}}}"}


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("metric_passed", "ExecutionsSucceeded"),
        ("metric_not_passed", "ExecutionsFailed"),
        ("metric_jobs_failed", "ServiceIntegrationsFailed"),
    ],
)
def test_metrics_tell_how_runs_ended(stack: cdk.Stack, metric: str, name: str) -> None:
    pipeline = ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack))
    found = getattr(pipeline, metric)()
    assert (found.namespace, found.metric_name, found.statistic) == ("AWS/States", name, "Sum")


def test_a_pipeline_tells_its_places(stack: cdk.Stack) -> None:
    pipeline = ClarifyPipeline(
        stack, "Pipeline", analysis=analysis(stack, results_prefix="a/b", dataset_key="d/x.csv")
    )
    assert stack.resolve(pipeline.results_uri)["Fn::Join"][1][2] == "/a/b"
    dataset = pipeline.dataset_uri
    assert dataset is not None
    assert dataset.endswith("/d/x.csv")


def test_outside_a_vpc_there_are_no_connections(stack: cdk.Stack) -> None:
    pipeline = ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack))
    with pytest.raises(Refused, match="ClarifyNetwork"):
        _ = pipeline.connections


def test_inside_a_vpc_the_pipeline_is_connectable(stack: cdk.Stack) -> None:
    network = ClarifyNetwork(stack, "Network", config=pre_training())
    pipeline = ClarifyPipeline(stack, "Pipeline", analysis=analysis(stack), network=network)
    store = ec2.SecurityGroup(stack, "Store", vpc=network.vpc, allow_all_outbound=False)
    store.connections.allow_from(pipeline, ec2.Port.tcp(443))
    assert len(template_of(stack).of_type("EC2::SecurityGroupIngress")) == 2


def test_the_example_of_the_docstring_runs() -> None:
    from clarify_cdk import pipeline

    result = doctest.testmod(pipeline, raise_on_error=True)
    assert result.attempted > 5
