"""Each permission of a deployed pipeline, taken away in turn: the run fails at its own step.

What is only needed to look at things beforehand stops nothing: the run says what it did not
check. The three tables together are all permissions that the template grants; a test keeps them so.
What a rehearsal does not exercise is listed, for a proof in a real account.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from clarify_local.deploy import DeployedStack
from clarify_local.deployed import Pipeline
from support_local.grants import Grant, Roles
from support_local.stage import WAITING_FACTOR, Stage
from support_proof.asked import asked_and_listed
from support_proof.services import JOB_INTERFACES, LOG_DELIVERY, TRACE_SAMPLING, TRACE_SEGMENTS

ENDPOINT, ENDPOINT_CONFIG = "endpoint/sm-clarify-*", "endpoint-config/sm-clarify-*"
JOB = "processing-job/clarify-*"
JOB_LOGS = "log-group:/aws/sagemaker/ProcessingJobs*"
MANAGED_RULE = "rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule"
REPOSITORY = "repository/sagemaker-clarify-processing"
RUNS = "Results/clarify/clarify-*"

EXERCISED = {
    "Prepare": [
        Grant("PreparationRole", "s3:PutObject", f"{RUNS}/config/analysis_config.json"),
        Grant("PreparationRole", "s3:PutObject", f"{RUNS}/preflight.json"),
        Grant("StateMachineRole", "lambda:InvokeFunction", "function:PreparationFunction"),
    ],
    "RunClarifyJob": [
        *(Grant("JobRole", f"ec2:{action}", "*") for action in JOB_INTERFACES),
        Grant("JobRole", "ecr:BatchCheckLayerAvailability", REPOSITORY),
        Grant("JobRole", "ecr:BatchGetImage", REPOSITORY),
        Grant("JobRole", "ecr:GetAuthorizationToken", "*"),
        Grant("JobRole", "ecr:GetDownloadUrlForLayer", REPOSITORY),
        Grant("JobRole", "s3:GetObject", "Data/dataset/*"),
        Grant("JobRole", "s3:GetObject", f"{RUNS}/config/*"),
        Grant("JobRole", "s3:ListBucket", "Data"),
        Grant("JobRole", "s3:ListBucket", "Results"),
        Grant("JobRole", "s3:PutObject", f"{RUNS}/output/*"),
        Grant("JobRole", "sagemaker:AddTags", ENDPOINT),
        Grant("JobRole", "sagemaker:AddTags", ENDPOINT_CONFIG),
        Grant("JobRole", "sagemaker:CreateEndpoint", ENDPOINT),
        Grant("JobRole", "sagemaker:CreateEndpoint", ENDPOINT_CONFIG),
        Grant("JobRole", "sagemaker:CreateEndpointConfig", ENDPOINT_CONFIG),
        Grant("JobRole", "sagemaker:DeleteEndpoint", ENDPOINT),
        Grant("JobRole", "sagemaker:DeleteEndpointConfig", ENDPOINT_CONFIG),
        Grant("JobRole", "sagemaker:DescribeEndpoint", ENDPOINT),
        Grant("JobRole", "sagemaker:DescribeModel", "model/diabetes-progression"),
        Grant("JobRole", "sagemaker:InvokeEndpoint", ENDPOINT),
        Grant("JobRole", "sagemaker:ListTags", JOB),
        Grant("StateMachineRole", "sagemaker:AddTags", JOB),
        Grant("StateMachineRole", "sagemaker:CreateProcessingJob", JOB),
        Grant("StateMachineRole", "sagemaker:DescribeProcessingJob", JOB),
        Grant("StateMachineRole", "iam:PassRole", "role/JobRole"),
        Grant("StateMachineRole", "events:DescribeRule", MANAGED_RULE),
        Grant("StateMachineRole", "events:PutRule", MANAGED_RULE),
        Grant("StateMachineRole", "events:PutTargets", MANAGED_RULE),
    ],
    "CheckResults": [
        Grant("CheckRole", "s3:GetObject", f"{RUNS}/output/analysis.json"),
        Grant("CheckRole", "s3:GetObject", f"{RUNS}/preflight.json"),
        Grant("CheckRole", "s3:ListBucket", "Results"),
        Grant("CheckRole", "s3:PutObject", f"{RUNS}/verdict.json"),
        Grant("StateMachineRole", "lambda:InvokeFunction", "function:CheckFunction"),
    ],
}
LOOKS = {
    Grant("PreparationRole", "s3:GetObject", "Data/dataset/*"): (
        "dataset-not-checked",
        "AccessDenied for GetObject",
    ),
    Grant("PreparationRole", "s3:ListBucket", "Data"): (
        "dataset-not-checked",
        "AccessDenied for ListObjectsV2",
    ),
    Grant("PreparationRole", "sagemaker:DescribeModel", "model/diabetes-progression"): (
        "predictor-not-checked",
        "AccessDeniedException for DescribeModel",
    ),
}
NOT_EXERCISED = {
    *(
        Grant(f"{function}Role", action, resource)
        for function in ("Check", "Preparation")
        for action, resource in (
            ("logs:CreateLogStream", f"log-group:{function}LogGroup:*"),
            ("logs:PutLogEvents", f"log-group:{function}LogGroup:*"),
            *((f"xray:{action}", "*") for action in TRACE_SEGMENTS),
        )
    ),
    # Of a model in a VPC, and of a run that is refused; see the rehearsals of preflight.
    Grant("PreparationRole", "ec2:DescribeSubnets", "*"),
    Grant("PreparationRole", "s3:PutObject", f"{RUNS}/verdict.json"),
    Grant("JobRole", "cloudwatch:PutMetricData", "*"),
    *(
        Grant("JobRole", f"logs:{action}", JOB_LOGS)
        for action in ("CreateLogGroup", "CreateLogStream", "DescribeLogStreams", "PutLogEvents")
    ),
    # Looked at only where an endpoint config cannot be told from another run's.
    Grant("JobRole", "sagemaker:DescribeEndpointConfig", ENDPOINT_CONFIG),
    # Versions of the functions: the state machine calls them without one.
    Grant("StateMachineRole", "lambda:InvokeFunction", "function:CheckFunction:*"),
    Grant("StateMachineRole", "lambda:InvokeFunction", "function:PreparationFunction:*"),
    *(
        Grant(f"{machine}StateMachineRole", f"logs:{action}", "*")
        for machine in ("", "CleanUp")
        for action in LOG_DELIVERY
    ),
    Grant("StateMachineRole", "sagemaker:ListTags", JOB),
    # Needed when an execution is aborted; see the emulator's own tests.
    Grant("StateMachineRole", "sagemaker:StopProcessingJob", JOB),
    *(
        Grant(f"{machine}StateMachineRole", f"xray:{action}", "*")
        for machine in ("", "CleanUp")
        for action in (*TRACE_SAMPLING, *TRACE_SEGMENTS)
    ),
}
# Of the clean-up, which a run starts only when it ended early: one of its ways in, or both, and
# then a call of its own. What the job leaves is what this one could not delete itself.
CLEANS_UP = [
    (
        {
            Grant("CleanUpRuleRole", "states:StartExecution", "stateMachine:CleanUpStateMachine"),
            Grant("StateMachineRole", "states:StartExecution", "stateMachine:CleanUpStateMachine"),
        },
        "DeleteEndpoint",
    ),
    ({Grant("CleanUpStateMachineRole", "sagemaker:DescribeProcessingJob", JOB)}, "DeleteEndpoint"),
    ({Grant("CleanUpStateMachineRole", "sagemaker:ListEndpoints", "*")}, "DeleteEndpoint"),
    (
        {Grant("CleanUpStateMachineRole", "sagemaker:ListEndpointConfigs", "*")},
        "DeleteEndpointConfig",
    ),
    ({Grant("CleanUpStateMachineRole", "sagemaker:DeleteEndpoint", ENDPOINT)}, "DeleteEndpoint"),
    (
        {Grant("CleanUpStateMachineRole", "sagemaker:DeleteEndpointConfig", ENDPOINT_CONFIG)},
        "DeleteEndpointConfig",
    ),
]


class Deployed(NamedTuple):
    stack: DeployedStack
    pipeline: Pipeline
    roles: Roles


@pytest.fixture(scope="module")
def deployed(stage: Stage) -> Deployed:
    pipeline, stack = stage.deploy_stack("Passes")
    give_up_soon(stage, stack)
    stage.seed(pipeline)
    return Deployed(stack, pipeline, Roles(stage.aws, stack))


def give_up_soon(stage: Stage, stack: DeployedStack) -> None:
    """Let the clean-up look three times: what it may not do it cannot do two hours later."""
    states = stage.aws.client("stepfunctions")
    (machine,) = (
        resource.physical_id
        for resource in stack.of_type("AWS::StepFunctions::StateMachine")
        if "CleanUp" in resource.logical_id
    )
    described = states.describe_state_machine(stateMachineArn=machine)
    definition = json.loads(described["definition"])
    definition["States"]["AnotherRound"]["Choices"][0]["NumericLessThan"] = 3
    states.update_state_machine(stateMachineArn=machine, definition=json.dumps(definition))


@pytest.fixture(autouse=True)
def _cleared(stage: Stage) -> Iterator[None]:
    yield
    stage.delete_endpoints()


@pytest.mark.proves("rights-complete-and-needed")
def test_the_tables_name_every_permission_of_the_template(deployed: Deployed) -> None:
    exercised = {grant for grants in EXERCISED.values() for grant in grants}
    exercised |= {grant for grants, _ in CLEANS_UP for grant in grants}
    assert deployed.roles.grants() == exercised | set(LOOKS) | NOT_EXERCISED
    assert not exercised & NOT_EXERCISED
    assert not (exercised | NOT_EXERCISED) & set(LOOKS)


@pytest.mark.parametrize(
    ("step", "grant"),
    [pytest.param(step, g, id=str(g)) for step, grants in EXERCISED.items() for g in grants],
)
@pytest.mark.proves("rights-complete-and-needed")
def test_without_it_the_run_fails_at_its_own_step(
    stage: Stage, deployed: Deployed, step: str, grant: Grant
) -> None:
    with deployed.roles.without(grant):
        outcome = stage.run(deployed.pipeline)

    assert outcome.verdict == "failed"
    failed = [s.name for s in outcome.execution.steps if s.status == "caught"]
    assert failed[0] == step
    assert stage.endpoints() == []
    assert "left behind" not in outcome.endpoints


@pytest.mark.parametrize(
    ("grants", "left"),
    [pytest.param(grants, left, id=str(min(grants))) for grants, left in CLEANS_UP],
)
def test_without_it_what_a_job_could_not_delete_stays(
    stage: Stage, deployed: Deployed, grants: set[Grant], left: str
) -> None:
    resource = {"DeleteEndpoint": ENDPOINT, "DeleteEndpointConfig": ENDPOINT_CONFIG}[left]
    stage.emulator.waiting_factor(0)
    try:
        with deployed.roles.without(Grant("JobRole", f"sagemaker:{left}", resource), *grants):
            outcome = stage.run(deployed.pipeline)
            # Before the rights are back: on a slow machine a clean-up may still be trying.
            assert stage.endpoints() != []
    finally:
        stage.emulator.waiting_factor(WAITING_FACTOR)
    assert "left behind" in outcome.endpoints


@pytest.mark.parametrize(("grant", "unseen"), LOOKS.items(), ids=map(str, LOOKS))
@pytest.mark.proves("rights-complete-and-needed")
def test_without_a_look_beforehand_the_run_says_so_and_passes(
    stage: Stage, deployed: Deployed, grant: Grant, unseen: tuple[str, str]
) -> None:
    with deployed.roles.without(grant):
        outcome = stage.run(deployed.pipeline)
    assert outcome.verdict == "passed"
    (finding,) = outcome.execution.run["preflight"]
    assert (finding["id"], finding["given"]) == unseen


def test_without_all_others_a_run_still_comes_to_its_verdict(
    stage: Stage, deployed: Deployed
) -> None:
    with deployed.roles.without(*NOT_EXERCISED):
        assert stage.run(deployed.pipeline).verdict == "passed"


def test_what_a_run_is_asked_for_stands_in_the_matrix_of_rights(
    stage: Stage, deployed: Deployed
) -> None:
    assert stage.run(deployed.pipeline).verdict == "passed"
    asked, listed = asked_and_listed(stage.aws, stage.emulator, deployed.stack)
    assert len(asked) > 50
    assert asked <= listed
