"""Models of one's own, given on the command line: an artifact, a Python callable, or a URL."""

from clarify_local.models.opening import default_workers, open_model

__all__ = ["default_workers", "open_model"]
