"""What SageMaker tells a processing container about its own job."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clarify_contract.container import JOB_CONFIG_FILE, RESOURCE_CONFIG_FILE, RESULT_OUTPUT
from clarify_engine.aws import plain_errors
from clarify_engine.errors import AnalysisError

# Keys that AWS reserves: nobody may set them, so they cannot be copied.
_RESERVED = "aws:"


@dataclass(frozen=True, slots=True)
class Job:
    """The facts of a processing job that an analysis uses.

    Attributes
    ----------
    arn
        The job's ARN; `None` where the analysis is not a job.
    hosts
        Number of instances.
    results_uri
        Where SageMaker uploads the results to; `None` where nobody says.
    """

    arn: str | None = None
    hosts: int = 1
    results_uri: str | None = None

    @classmethod
    def read(cls, root: Path) -> Job:
        """Read the files that SageMaker writes; absent ones mean one host and no job.

        Parameters
        ----------
        root
            Stands for `/` in the container's paths.
        """
        request = _read(root, JOB_CONFIG_FILE)
        arn = request.get("ProcessingJobArn")
        hosts = _read(root, RESOURCE_CONFIG_FILE).get("hosts")
        return cls(
            arn=arn if isinstance(arn, str) else None,
            hosts=len(hosts) if isinstance(hosts, list) and hosts else 1,
            results_uri=_results_uri(request),
        )

    def tags(self, sagemaker: Any) -> list[dict[str, str]]:
        """Return the job's tags, but for those that AWS reserves."""
        if self.arn is None:
            return []
        with plain_errors("Could not read the tags of the job"):
            pages = sagemaker.get_paginator("list_tags").paginate(ResourceArn=self.arn)
            tags = [tag for page in pages for tag in page["Tags"]]
        return [tag for tag in tags if not tag["Key"].lower().startswith(_RESERVED)]


def _read(root: Path, path: str) -> dict[str, Any]:
    try:
        document = json.loads(under(root, path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise AnalysisError(f"Unable to read {path}.") from None
    return document if isinstance(document, dict) else {}


def _results_uri(request: dict[str, Any]) -> str | None:
    try:
        outputs = request["ProcessingOutputConfig"]["Outputs"]
        uris = [
            output["S3Output"]["S3Uri"]
            for output in outputs
            if output["OutputName"] == RESULT_OUTPUT
        ]
    except (KeyError, TypeError):
        return None
    return uris[0] if uris and isinstance(uris[0], str) else None


def under(root: Path, path: str) -> Path:
    """Return the container's path with `root` in place of `/`."""
    return root / path.lstrip("/")
