"""Every rule between keys, with a config that keeps it beside one that breaks it.

The rules are X1 to X20 of the spec (2.7) and those that its tables state beside them.
"""

from support_config.rule_cases import (
    analyses,
    columns,
    endpoint,
    explanations,
    formats,
    series,
    templates,
)
from support_config.rule_cases.case import Case

CASES: list[Case] = [
    *analyses.CASES,
    *endpoint.CASES,
    *templates.CASES,
    *formats.CASES,
    *series.CASES,
    *columns.CASES,
    *explanations.CASES,
]

__all__ = ["CASES", "Case"]
