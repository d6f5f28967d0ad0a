"""Every configuration, synthesised and taken apart; once for all tests of a process."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import aws_cdk as cdk

from support_proof.account import Account
from support_proof.callers import Caller, Deployment
from support_proof.configurations import ACCOUNT, CONFIGURATIONS, OWNER, Configuration, add_all
from support_proof.intrinsics import Place


@cache
def deployments() -> dict[str, Deployment]:
    """Return the configurations by name."""
    with TemporaryDirectory(prefix="clarify-proof-") as folder:
        app = cdk.App(outdir=folder, analytics_reporting=False)
        add_all(app)
        app.synth()
        return {one.name: _deployment(one, Path(folder)) for one in CONFIGURATIONS}


@cache
def callers(name: str) -> tuple[Caller, ...]:
    """Return the roles of a configuration, with their calls."""
    return tuple(deployments()[name].callers())


def _deployment(one: Configuration, folder: Path) -> Deployment:
    template = json.loads((folder / f"{one.name}.template.json").read_text("utf-8"))
    place = Place.of(one.region, ACCOUNT)
    account = Account(place, template, OWNER)
    keys = {key.name: key.arn for key in account.of_type("KMS::Key")}
    foreign = f"arn:{place.partition}:kms:{place.region}:{OWNER}:key/"
    return Deployment(
        account,
        {bucket: keys.get(key, f"{foreign}{key}") for bucket, key in one.data_keys.items()},
    )
