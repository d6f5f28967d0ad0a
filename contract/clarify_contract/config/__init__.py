"""The analysis config: its keys, the rules between them, and what misleads."""

from clarify_contract.config.analysis import AnalysisConfig

__all__ = ["AnalysisConfig"]
