"""The Linear Learner model behind a real service run: its weights, and its answers in JSON."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np


class LinearLearner:
    """Fourteen float32 weights and a bias, read from the artifact by where they stand in it."""

    def __init__(self, artifact: Path) -> None:
        with tarfile.open(artifact) as tar:
            member = tar.extractfile("model_algo-1")
            assert member is not None
            archive = zipfile.ZipFile(io.BytesIO(member.read()))
        parameters = archive.read("mx-mod-0000.params")
        numbers = np.frombuffer(parameters[64 : 64 + 14 * 4], "<f4")
        bias = np.frombuffer(parameters[160 : 160 + 4], "<f4")
        self.weights, self.bias = numbers.astype(float), float(bias[0])
        self.threshold = json.loads(archive.read("additional-params.json"))["threshold"]

    def answer(self, request: dict[str, Any]) -> tuple[str, str]:
        """Answer a JSON request as the algorithm does."""
        instances = json.loads(request["Body"])["instances"]
        rows = np.array([instance["features"] for instance in instances], float)
        scores = 1 / (1 + np.exp(-(rows @ self.weights + self.bias)))
        predictions = [
            {"score": score, "predicted_label": int(score > self.threshold)}
            for score in scores.tolist()
        ]
        return json.dumps({"predictions": predictions}), "application/json"
