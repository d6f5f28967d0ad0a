"""Models of one's own, given on the command line: an artifact, a Python callable, or a URL."""

from clarify_local.models.opening import open_model

__all__ = ["open_model"]
