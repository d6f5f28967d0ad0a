"""The stacks that security tools look at: every construct, in the places it can stand in.

What surrounds the constructs is imported, so that whatever a tool finds is theirs.
"""

from __future__ import annotations

import atexit
import json
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns

from clarify_cdk import (
    Analysis,
    ClarifyImage,
    ClarifyMonitoring,
    ClarifyNetwork,
    ClarifyPipeline,
    ClarifyStack,
    Existing,
    ModelPackageApproval,
)
from clarify_cdk.__main__ import add_stack
from clarify_cdk.deployments import CONTEXT_KEY, read_deployments
from clarify_contract import Limit
from support_constructs.configs import ROOT, pre_training, with_endpoint, with_model
from support_constructs.given import ROUTE_TABLES, given_vpc
from support_constructs.stacks import FRANKFURT
from support_constructs.templates import FLAGS, Assembly

#: Name of each stack -> what is particular about it.
STACKS = {
    "Default": "`ClarifyStack` as it comes: a model, in an isolated VPC of its own",
    "Hardened": "`ClarifyStack` with every setting that answers a finding",
    "ModelPackages": "a pipeline with `ModelPackageApproval`, a schedule, new objects, SNS,"
    " EventBridge and `ClarifyMonitoring`",
    "LiveEndpoint": "a pipeline in a given VPC, with endpoints made there, and an image in ECR",
    "ClarifyExample": "`cdk.json` of this repository",
    "LoansTest": "`examples/stages`: no VPC",
    "LoansStaging": "`examples/stages`: a VPC of its own, and the open engine's image",
    "LoansLive": "`examples/stages`: VPC, keys and role of the account",
}
#: Those of them that are somebody's own stacks, with our constructs in them.
OF_OTHERS = ("ModelPackages", "LiveEndpoint")
#: What cdk-nag calls each pack in its report -> what people call it.
PACKS = {
    "AwsSolutions": "AWS Solutions",
    "NIST.800.53.R5": "NIST 800-53 r5",
    "HIPAA.Security": "HIPAA",
    "PCI.DSS.321": "PCI DSS",
}
_KEY = "arn:aws:kms:eu-central-1:444455556666:key/1a2b3c4d-0000-0000-0000-00000000000"


@cache
def reviewed() -> Assembly:
    """Return the app of all these stacks, synthesised once, with what cdk-nag finds beside it."""
    folder = Path(mkdtemp(prefix="clarify-reviewed-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    app = reviewed_app(folder)
    # Its packs are loaded where they are used: that takes seconds.
    import cdk_nag

    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(app),
        cdk_nag.NIST80053R5Checks(app),
        cdk_nag.HIPAASecurityChecks(app),
        cdk_nag.PCIDSS321Checks(app),
    )
    try:
        app.synth()
    except RuntimeError as error:
        # What was found is in the report that is written first; all else is an error of ours.
        if "ValidationFailed" not in str(error):
            raise
    return Assembly(folder)


def reviewed_app(folder: Path) -> cdk.App:
    """Return the app of these stacks, not synthesised yet."""
    stages = ROOT / "examples" / "stages"
    looked_up = _json(stages / "cdk.context.json")
    app = cdk.App(
        outdir=str(folder),
        context={**FLAGS["recommended-flags"], **looked_up},
        analytics_reporting=False,
    )
    limits = {"DPL": Limit(minimum=-0.1, maximum=0.1)}
    ClarifyStack(app, "Default", config=with_model(), limits=limits)
    _hardened(app)
    _model_packages(cdk.Stack(app, "ModelPackages"))
    _live_endpoint(cdk.Stack(app, "LiveEndpoint", env=FRANKFURT))
    for root in (ROOT, stages):
        context = _json(root / "cdk.json")["context"][CONTEXT_KEY]
        for deployment in read_deployments(context, root):
            add_stack(app, deployment)
    return app


def _hardened(app: cdk.App) -> None:
    """Add the stack in which each setting is used that the acknowledgements name."""
    stack = ClarifyStack(
        app,
        "Hardened",
        config=pre_training(),
        functions_in_vpc=True,
        existing=Existing(
            access_log_bucket="audit-444455556666",
            bucket_key=f"{_KEY}1",
            log_key=f"{_KEY}2",
        ),
        # Of which the example's context knows the zones and the prefix list.
        env=cdk.Environment(account="444455556666", region="eu-central-1"),
    )
    network = stack.pipeline.network
    assert network is not None
    logs = s3.Bucket.from_bucket_name(stack, "Audit", "audit-444455556666")
    network.vpc.add_flow_log("Flows", destination=ec2.FlowLogDestination.to_s3(logs))


def _model_packages(stack: cdk.Stack) -> None:
    data = s3.Bucket.from_bucket_name(stack, "Data", "loans-data")
    topic = sns.Topic.from_topic_arn(
        stack, "People", "arn:aws:sns:eu-central-1:111122223333:fairness"
    )
    pipeline = ClarifyPipeline(
        stack,
        "Bias",
        analysis=Analysis(
            config=with_model(),
            results_bucket=s3.Bucket.from_bucket_name(stack, "Results", "loans-results"),
            dataset_bucket=data,
            allowed_models=["clarify-candidate-*"],
        ),
        notify_topic=topic,
        notify_bus=events.EventBus.from_event_bus_name(stack, "Bus", "fairness"),
        publish_metrics=True,
    )
    pipeline.run_on_schedule(
        "Weekly", schedule=scheduler.ScheduleExpression.rate(cdk.Duration.days(7))
    )
    pipeline.run_on_new_objects("Arrived", bucket=data, prefix="dataset/new/")
    ClarifyMonitoring(stack, "Monitoring", pipeline=pipeline, alarm_topic=topic)
    ModelPackageApproval(
        stack,
        "Approval",
        pipeline=pipeline,
        model_package_group_name="loans",
        model_role=iam.Role.from_role_arn(
            stack, "ModelRole", "arn:aws:iam::111122223333:role/models"
        ),
    )


def _live_endpoint(stack: cdk.Stack) -> None:
    config = with_endpoint()
    vpc = given_vpc(stack, "Vpc", private_subnet_route_table_ids=ROUTE_TABLES)
    arns = [f"{_KEY}{number}".replace("444455556666", "111122223333") for number in range(3)]
    keys = [kms.Key.from_key_arn(stack, f"Key{number}", arn) for number, arn in enumerate(arns)]
    ClarifyPipeline(
        stack,
        "Loans",
        analysis=Analysis(
            config=config,
            results_bucket=s3.Bucket.from_bucket_attributes(
                stack, "Results", bucket_name="loans-results", encryption_key=keys[0]
            ),
            results_prefix="bias/loans",
            job_name_prefix="loans",
            encryption_keys=[keys[1]],
        ),
        network=ClarifyNetwork(
            stack,
            "Network",
            config=config,
            vpc=vpc,
            s3_endpoint=True,
            api_endpoint=True,
            runtime_endpoint=True,
            endpoint_policies=True,
            endpoint_clients=[],
            s3_prefix_list="pl-6ea54007",
        ),
        image=ClarifyImage.from_ecr(
            ecr.Repository.from_repository_name(stack, "Images", "clarify-engine"), "1.2"
        ),
        instance_count=1,
        encrypt_traffic=True,
        volume_key=keys[2],
    )


def _json(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document
