"""How sure the metrics are: 95 % intervals from the same contingency tables."""

from clarify_engine.bias.intervals.document import intervals_document

__all__ = ["intervals_document"]
