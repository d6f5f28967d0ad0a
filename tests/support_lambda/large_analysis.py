"""The check function in a process of its own, with an analysis of 5 MB.

``python -m support_lambda.large_analysis`` prints the largest memory that the process had, in MB.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

SIZE = 5_000_000
_METRICS = 10


def analysis_and_rules() -> tuple[bytes, dict[str, Any]]:
    """Return an analysis of one facet with very many groups, and rules that all of it meets."""
    section = "pre_training_bias_metrics"
    names = [f"M{number}" for number in range(_METRICS)]
    group = {
        "value_or_threshold": "some value of the facet",
        "metrics": [
            {
                "name": name,
                "description": f"Difference in Some Proportions in Labels ({name})",
                "value": 0.125,
            }
            for name in names
        ],
    }
    groups = [group] * (SIZE // len(json.dumps(group)) + 1)
    document = {
        "version": "1.0",
        section: {
            "label": "label",
            "label_value_or_threshold": "1",
            "facets": {"facet": groups},
        },
    }
    rule = {
        "section": section,
        "facets": [{"name": "facet", "groups": None, "reading": "category"}],
        "metrics": [{"name": name, "min": -1, "max": 1, "outcomes": False} for name in names],
        "accepted_errors": [],
        "accepted_zeros": [],
    }
    body = json.dumps(document).encode()
    assert len(body) >= SIZE
    return body, {"complete": [rule], "limits": [], "attributions": []}


class _S3:
    """Holds one object in a file, as a bucket does: outside of this process' memory."""

    def __init__(self, analysis: Path) -> None:
        self._analysis = analysis
        self.verdict = b""

    def list_objects_v2(self, **arguments: Any) -> dict[str, Any]:
        return {"Contents": [{"Key": arguments["Prefix"]}]}

    def get_object(self, **_: object) -> dict[str, Any]:
        return {"Body": io.BytesIO(self._analysis.read_bytes())}

    def put_object(self, **arguments: Any) -> None:
        self.verdict = arguments["Body"]


def judge_in_this_process(analysis: Path, rules: dict[str, Any]) -> None:
    """Judge as AWS Lambda does: its runtime client is loaded, and a client of S3 is made."""
    import awslambdaric.bootstrap  # noqa: F401 - its memory counts

    from clarify_lambda.check import handler

    os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
    handler._s3()
    s3 = _S3(analysis)
    handler._s3 = lambda: s3  # type: ignore[assignment]
    run = {"run_uri": "s3://results/run", "output_uri": "s3://results/run/output"}
    judged = handler.handler({"run": run, "rules": rules}, None)
    assert judged["verdict"] == "passed", judged
    assert b'"verdict": "passed"' in s3.verdict


if __name__ == "__main__":
    import sys

    sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
    from timing import print_peak_megabytes

    judge_in_this_process(Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()))
    print_peak_megabytes()
