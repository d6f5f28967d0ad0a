"""Callers with some rights and no others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from clarify_local.emulator.client import Emulator
from support_emulator.account import (
    allow,
    set_policy,
    unique,
)

ACCOUNT = "123456789012"


class As:
    """Clients of a role's session, as a program with these keys would make them."""

    def __init__(self, emulator: Emulator, statements: Iterable[Mapping[str, Any]]) -> None:
        iam, sts = emulator.session().client("iam"), emulator.session().client("sts")
        name = unique("person")
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"][
            "Arn"
        ]
        set_policy(emulator, arn, list(statements) or [allow("none:None")])
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        self.arn = arn
        self._emulator = emulator
        self._keys = {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }

    def client(self, service: str) -> Any:
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self._emulator.endpoint,
            region_name="us-east-1",
            **self._keys,
        )


def denied(call: Any, **parameters: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response: Any = caught.value.response
    return dict(response)
