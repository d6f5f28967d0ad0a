"""S3 in memory, as far as the Lambda code uses it, and an analysis that passes its rules."""

from __future__ import annotations

import copy
import io
from typing import Any

from botocore.exceptions import ClientError

from clarify_lambda.prepare.preflight.estimate import Budget

#: What a job may take, where that is beside the point.
DAY = Budget(max_runtime=86_400, instances=1)


class MemoryS3:
    """The three calls of the S3 client that the handlers make.

    Attributes
    ----------
    objects
        Bodies by (bucket, key).
    denied
        Names of the calls that are answered with AccessDenied.
    read, asked
        How many bytes were read in all; how many were asked for by range.
    """

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        self.denied: set[str] = set()
        self.read = self.asked = 0

    def put_object(self, **given: Any) -> dict[str, Any]:
        self._permit("PutObject")
        assert set(given) == {"Bucket", "Key", "Body", "ContentType"}
        assert isinstance(given["Body"], bytes)
        self.objects[given["Bucket"], given["Key"]] = given["Body"]
        return {}

    def get_object(self, **given: Any) -> dict[str, Any]:
        self._permit("GetObject")
        assert set(given) - {"Range"} == {"Bucket", "Key"}
        body = self.objects[given["Bucket"], given["Key"]]
        if "Range" in given:
            first, last = map(int, given["Range"].removeprefix("bytes=").split("-"))
            body = body[first : last + 1]
            self.asked += last + 1 - first
        self.read += len(body)
        return {"Body": io.BytesIO(body)}

    def list_objects_v2(self, **given: Any) -> dict[str, Any]:
        self._permit("ListObjectsV2")
        assert set(given) == {"Bucket", "Prefix", "MaxKeys"}
        keys = sorted(key for bucket, key in self.objects if bucket == given["Bucket"])
        found = [
            {"Key": key, "Size": len(self.objects[given["Bucket"], key])}
            for key in keys
            if key.startswith(given["Prefix"])
        ]
        listed = found[: given["MaxKeys"]]
        # As S3 does, an empty listing has no member `Contents`.
        return {"IsTruncated": len(listed) < len(found)} | ({"Contents": listed} if found else {})

    def _permit(self, call: str) -> None:
        if call in self.denied:
            raise _error("AccessDenied", call)


def _error(code: str, call: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, call)


_METRICS = {"CI": 0.36, "DPL": 0.05, "KL": 0.01}
_GROUPS = {"Sex": ("0",), "Age": ("(35, 52]", "(52, 90]")}

_ANALYSIS: dict[str, Any] = {
    "version": "1.0",
    "pre_training_bias_metrics": {
        "label": "Target",
        "label_value_or_threshold": "1",
        "facets": {
            facet: [
                {
                    "value_or_threshold": text,
                    "metrics": [
                        {"name": code, "description": code, "value": value}
                        for code, value in _METRICS.items()
                    ],
                }
                for text in texts
            ]
            for facet, texts in _GROUPS.items()
        },
    },
    "explanations": {
        "kernel_shap": {
            "label0": {"global_shap_values": {"Age": 0.02, "Sex": 0.01}, "expected_value": 0.5}
        },
        "pdp": [
            {
                "feature_name": "Age",
                "data_type": "numerical",
                "feature_values": [20.0, 40.0],
                "data_distribution": [0.6, 0.4],
                "model_predictions": [[0.6, 0.8]],
                "label_headers": ["label0"],
            }
        ],
        "asymmetric_shapley_value": {
            "explanation_results_path": "s3://bucket/out/",
            "direction": "chronological",
            "granularity": "timewise",
        },
    },
}

_RULES: dict[str, Any] = {
    "complete": [
        {
            "section": "pre_training_bias_metrics",
            "facets": [
                {"name": "Sex", "groups": 1, "reading": "unsaid"},
                {"name": "Age", "groups": None, "reading": None},
            ],
            "metrics": [
                {"name": "CI", "min": -1, "max": 1, "outcomes": False},
                {"name": "DPL", "min": -1, "max": 1, "outcomes": True},
                {"name": "KL", "min": -0.37, "max": None, "outcomes": True},
            ],
            "accepted_errors": [],
            "accepted_zeros": [],
        },
        {"section": "explanations.kernel_shap"},
        {"section": "explanations.pdp"},
        {"section": "explanations.asymmetric_shapley_value"},
    ],
    "limits": [
        {
            "section": "pre_training_bias_metrics",
            "metric": "DPL",
            "facet": None,
            "group": None,
            "min": -0.1,
            "max": 0.1,
            "evidence": "value",
            "source": None,
        },
        {
            "section": "pre_training_bias_metrics",
            "metric": "CI",
            "facet": "Sex",
            "group": None,
            "min": None,
            "max": 0.5,
            "evidence": "value",
            "source": None,
        },
    ],
    "attributions": [],
}


def passing_analysis() -> dict[str, Any]:
    """Return an analysis that `passing_rules` pass: 3 groups in 2 facets, and explanations."""
    return copy.deepcopy(_ANALYSIS)


def passing_rules() -> dict[str, Any]:
    """Return rules over all of `passing_analysis`."""
    return copy.deepcopy(_RULES)
