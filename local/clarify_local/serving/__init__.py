"""Serves a model of this machine in processes of its own: an artifact, or a Python callable."""

from clarify_local.serving.artifact import ArtifactError, unpack
from clarify_local.serving.process import ModelError, ModelProcess, ModelUnavailable
from clarify_local.serving.server import ModelServer, serve_model, start_artifact

__all__ = [
    "ArtifactError",
    "ModelError",
    "ModelProcess",
    "ModelServer",
    "ModelUnavailable",
    "serve_model",
    "start_artifact",
    "unpack",
]
