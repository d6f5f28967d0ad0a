"""A boto3 session that reaches one emulator and nothing else."""

from __future__ import annotations

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES

from clarify_local.emulator.options import Options

_FIXED = {
    "config_file": os.devnull,
    "credentials_file": os.devnull,
    "ignore_configured_endpoint_urls": True,
}


class BoundSession(boto3.Session):
    """A session whose clients all have one endpoint, whatever the environment says.

    Parameters
    ----------
    options
        The emulator's keys and region.
    endpoint
        The emulator's address.
    """

    def __init__(self, options: Options, endpoint: str) -> None:
        # The same settings as ever, but none is read from a variable or a file.
        unread = {
            name: (setting, None, _FIXED.get(name, default), convert)
            for name, (setting, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
        }
        core = botocore.session.Session(session_vars=unread)
        super().__init__(
            aws_access_key_id=options.access_key,
            aws_secret_access_key=options.secret_key,
            region_name=options.region,
            botocore_session=core,
        )
        self._emulator_endpoint = endpoint

    def client(self, *args: Any, **kwargs: Any) -> Any:
        """Return a client of the emulator."""
        return super().client(*args, **self._bound(kwargs))

    def resource(self, *args: Any, **kwargs: Any) -> Any:
        """Return a resource of the emulator."""
        return super().resource(*args, **self._bound(kwargs))

    def _bound(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        ours = Config(proxies={}, s3={"addressing_style": "path"})
        given = kwargs.get("config")
        return {
            **kwargs,
            "endpoint_url": self._emulator_endpoint,
            "config": given.merge(ours) if given is not None else ours,
        }
