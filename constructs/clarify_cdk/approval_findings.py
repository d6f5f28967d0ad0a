"""Whether a pipeline takes temporary models, and SageMaker what is said of a package. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from clarify_contract import Finding
from clarify_contract.container import JOB_NAME_MAX, JOB_NAME_PATTERN
from clarify_contract.tokens import is_token
from clarify_lambda.check.verdict import VERDICT_FILE

if TYPE_CHECKING:
    from clarify_cdk.analysis import Analysis

_MODEL_NAME_MAX = 63
#: A hyphen and the 32 digits that tell a package.
_PREFIX_MAX = _MODEL_NAME_MAX - 33
_METADATA_MAX = 256
_BUCKET_MAX = 63
_RUN_MAX = len("s3://") + _BUCKET_MAX + len("//") + JOB_NAME_MAX
_GROUP = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"


def findings(analysis: Analysis, group: str, prefix: str) -> Iterator[Finding]:
    """Yield everything that would keep each decision from being made or written down."""
    if len(prefix) > _PREFIX_MAX or not re.fullmatch(JOB_NAME_PATTERN, prefix):
        yield Finding(
            "model-name-prefix",
            "model_name_prefix",
            repr(prefix),
            f"letters, digits and inner hyphens, at most {_PREFIX_MAX}, known at synthesis",
            "Choose a name such as 'clarify-candidate'.",
        )
    elif not any(_covers(name, f"{prefix}-") for name in analysis.allowed_models):
        yield Finding(
            "model-not-allowed",
            "pipeline",
            f"an Analysis whose allowed_models are {list(analysis.allowed_models)}",
            "one that allows temporary models",
            f"Add '{prefix}-*' to the Analysis' allowed_models; its config has to name a model.",
        )
    if not is_token(group) and not re.fullmatch(_GROUP, group):
        yield Finding(
            "model-package-group",
            "model_package_group_name",
            repr(group),
            "the name of a model package group: letters, digits and inner hyphens, at most 63",
            "Give its name, not its ARN.",
        )
    results, report = analysis.results_prefix, analysis.config.methods.report
    page = f"/output/{report.page}" if report is not None else ""
    longest = _METADATA_MAX - _RUN_MAX - max(len(page), len(f"/{VERDICT_FILE}"))
    if not is_token(results) and not (
        len(results) <= longest and all(map(_in_metadata, results + page))
    ):
        yield Finding(
            "results-prefix-in-metadata",
            "results_prefix",
            repr(results),
            f"at most {longest} letters, digits, spaces and signs of '_.:/=+-@':"
            " SageMaker takes no others in the metadata of a package",
            "Choose another results_prefix.",
        )


def _covers(allowed: str, prefix: str) -> bool:
    return allowed.endswith("*") and prefix.startswith(allowed[:-1])


def _in_metadata(sign: str) -> bool:
    return sign in "_.:/=+-@" or unicodedata.category(sign)[0] in "LNZ"
