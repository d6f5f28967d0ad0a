"""The code of the Lambda functions: the package ``clarify_lambda``, wherever it is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from aws_cdk import IgnoreMode
from aws_cdk import aws_lambda as lambda_

PACKAGE = "clarify_lambda"


def lambda_code() -> lambda_.AssetCode:
    """Return the asset that holds the package's ``.py`` files, and nothing that lies beside them.

    The asset's root is the folder that holds the package, so that a handler's name is its import
    path. In a checkout that folder is ``lambda/``; in an installed wheel it is ``site-packages``.

    Raises
    ------
    ModuleNotFoundError
        If ``clarify_lambda`` is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed: install clarify-cdk again")
    return lambda_.Code.from_asset(
        str(Path(spec.origin).parents[1]),
        # As in a .gitignore: the last line that matches decides, and a folder that is left out is
        # not even listed.
        exclude=["/*", f"!/{PACKAGE}", "__pycache__", f"/{PACKAGE}/**/*.*", f"!/{PACKAGE}/**/*.py"],
        ignore_mode=IgnoreMode.GIT,
    )
