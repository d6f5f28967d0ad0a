"""What Prepare is given: a deployed config, what the stack fixed, and an execution's input."""

from __future__ import annotations

import json
from typing import Any

MODEL = {
    "model_name": "loan",
    "initial_instance_count": 1,
    "instance_type": "ml.m5.large",
    "accelerator_type": "ml.eia1.medium",
    "endpoint_name_prefix": "loan-check",
    "probability": 1,
}
CONFIG = {"dataset_type": "text/csv", "methods": {}, "predictor": MODEL}


def event(
    config: dict[str, Any] | str = CONFIG,
    overrides: Any = None,
    state: Any = None,
    **pipeline: Any,
) -> dict[str, Any]:
    overrides = {} if overrides is None else overrides
    return {
        "config": config if isinstance(config, str) else json.dumps(config),
        "pipeline": {
            "results_uri": "s3://results/clarify",
            "dataset_uri": "s3://bucket/data/train.csv",
            "dataset_manifest": False,
            "max_runtime": 86_400,
            "instance_count": 1,
            "job_name_prefix": "clarify",
            "allowed_models": ["loan-2"],
            "allowed_endpoints": ["live"],
            "allowed_datasets": ["s3://bucket/data", "s3://more/days/"],
            **pipeline,
        },
        "execution_id": "arn:aws:states:us-east-1:111122223333:execution:clarify:run-1",
        "execution_started": "2026-11-21T18:54:00.000Z",
        "overrides": overrides,
        "state": overrides if state is None else state,
    }
