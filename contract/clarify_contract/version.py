"""The version of the project, for the engine's image too, which has no package metadata."""

__version__ = "0.1.0"
