"""Serves a model artifact (`model.tar.gz` with `code/inference.py`) in a process of its own."""

from clarify_local.serving.artifact import ArtifactError
from clarify_local.serving.server import ModelError, ModelServer, ModelUnavailable, serve_model

__all__ = ["ArtifactError", "ModelError", "ModelServer", "ModelUnavailable", "serve_model"]
