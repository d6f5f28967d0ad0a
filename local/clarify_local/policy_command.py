"""`clarify policy`: what a job's role needs, for accounts whose roles are made without CDK."""

from __future__ import annotations

import json
import os
import re
from typing import Annotated

import typer

from clarify_contract import AnalysisConfig, Refused
from clarify_local.arguments import ConfigFile
from clarify_local.node import bundled_node
from clarify_local.terminal import refuse, usage

_ARN = r"arn:aws[a-z-]*:{service}:[a-z0-9-]*:(\d{{12}})?:.+"


def policy(
    config: ConfigFile,
    account: Annotated[str, typer.Option(help="The account that the job runs in.")],
    region: Annotated[str, typer.Option(help="Its Region; the partition follows from it.")],
    results: Annotated[
        str,
        typer.Option(help="Where runs write, each in a folder below.", metavar="S3_URI"),
    ],
    data: Annotated[
        str | None,
        typer.Option(
            help="The dataset, or the folder of it, unless the config has a dataset_uri.",
            metavar="S3_URI",
            show_default=False,
        ),
    ] = None,
    job_name_prefix: Annotated[
        str, typer.Option(help="What the names of all jobs begin with.")
    ] = "clarify",
    allow_data: Annotated[
        list[str] | None,
        typer.Option(
            help="Other data that a run may name; can be repeated.",
            metavar="S3_URI",
            show_default=False,
        ),
    ] = None,
    allow_model: Annotated[
        list[str] | None,
        typer.Option(
            help="A model besides the config's that a run may name; can be repeated.",
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
    allow_endpoint: Annotated[
        list[str] | None,
        typer.Option(
            help="An endpoint besides the config's that a run may name; can be repeated.",
            metavar="NAME",
            show_default=False,
        ),
    ] = None,
    image: Annotated[
        str | None,
        typer.Option(
            help="The image's address in ECR. By default the Region's managed Clarify image.",
            metavar="URI",
            show_default=False,
        ),
    ] = None,
    vpc: Annotated[bool, typer.Option("--vpc", help="The job runs in a VPC.")] = False,
    data_key: Annotated[
        list[str] | None,
        typer.Option(
            help="KMS key of the data; can be repeated.", metavar="ARN", show_default=False
        ),
    ] = None,
    results_key: Annotated[
        str | None,
        typer.Option(help="KMS key of the results.", metavar="ARN", show_default=False),
    ] = None,
    volume_key: Annotated[
        str | None,
        typer.Option(help="KMS key of the job's volume.", metavar="ARN", show_default=False),
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Print the role's trust policy instead.")
    ] = False,
    owner_of: Annotated[
        str | None,
        typer.Option(
            help="Print instead what the policy of this bucket or key, which another account"
            " owns, must allow the role. Needs --role.",
            metavar="ARN",
            show_default=False,
        ),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(help="The role, for --owner-of.", metavar="ARN", show_default=False),
    ] = None,
) -> None:
    """Print the policy of the role that a job of this config runs under; nothing is deployed.

    It is the policy that ClarifyRole has when CDK deploys it. It covers the job alone: not those
    who start it, and not the functions of a pipeline.

    For example:

    - `clarify policy analysis_config.json --account 111122223333 --region eu-central-1
      --results s3://results/clarify --data s3://data/loans/ > policy.json`
    - `clarify policy … --trust > trust.json`
    - `clarify policy … --owner-of arn:aws:s3:::data --role arn:aws:iam::111122223333:role/clarify`
    """
    if not re.fullmatch(r"\d{12}", account):
        usage(f"an account has twelve digits: got {account!r}")
    for given in [*(data_key or ()), *filter(None, (results_key, volume_key))]:
        _arn(given, "kms", "a KMS key")
    if trust and owner_of is not None:
        usage("--trust and --owner-of print different things: choose one")
    if (owner_of is None) != (role is None):
        usage("--owner-of and --role go together")
    if owner_of is not None and role is not None:
        _arn(owner_of, "(s3|kms)", "a bucket or a KMS key")
        _arn(role, "iam", "a role")

    # Before jsii is loaded, as the constructs do.
    if (node := bundled_node()) is not None:
        os.environ.setdefault("JSII_NODE", str(node))
    from clarify_cdk.image import ClarifyImage
    from clarify_cdk.printed_policy import job_policies

    try:
        found = job_policies(
            AnalysisConfig.load(config),
            account=account,
            region=region,
            results_uri=results,
            dataset_uri=data,
            job_name_prefix=job_name_prefix,
            allowed_models=allow_model or (),
            allowed_endpoints=allow_endpoint or (),
            allowed_datasets=allow_data or (),
            image=ClarifyImage.from_uri(image) if image is not None else None,
            in_vpc=vpc,
            data_keys=data_key or (),
            results_key=results_key,
            volume_key=volume_key,
            role_arn=role,
            owned=owner_of,
        )
    except Refused as refused:
        refuse(refused)
    printed = found.trust if trust else found.role
    if owner_of is not None:
        if found.owner is None:
            usage(f"the job does nothing with {owner_of}")
        printed = found.owner
    typer.echo(json.dumps(printed, indent=2))


def _arn(given: str, service: str, what: str) -> None:
    if not re.fullmatch(_ARN.format(service=service), given):
        usage(f"no ARN of {what}: {given!r}")
