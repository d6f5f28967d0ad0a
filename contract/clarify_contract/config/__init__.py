"""The analysis config: its keys, the rules between them, and what misleads."""

from clarify_contract.config.analysis import AnalysisConfig
from clarify_contract.config.facts import (
    check_column_types,
    check_columns,
    check_dataset_input,
    check_instance_count,
)

__all__ = [
    "AnalysisConfig",
    "check_column_types",
    "check_columns",
    "check_dataset_input",
    "check_instance_count",
]
