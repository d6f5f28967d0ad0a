"""Metrics that are left out, or that say something else than their formula suggests."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, warning


@warning(
    "group-variable-absent",
    "methods.pre_training_bias",
    "methods.post_training_bias",
    "group_variable?",
)
def all_metrics_without_a_group_variable(config: AnalysisKeys) -> Iterator[Problem]:
    """`all` without `group_variable` gives no CDDL and no CDDPL."""
    for stage, code in (("pre_training_bias", "CDDL"), ("post_training_bias", "CDDPL")):
        section = getattr(config.methods, stage)
        if section is not None and section.methods == "all" and config.group_variable is None:
            yield Problem(
                f"$.methods.{stage}.methods",
                '"all" without group_variable',
                f"group_variable, without which {code} is null with an error text",
                f"Add group_variable, or list the metrics without {code}.",
            )


@warning("group-is-facet", "group_variable", "facet")
def groups_are_not_the_facet_itself(config: AnalysisKeys) -> Iterator[Problem]:
    """Any `group_variable` that is a facet leaves nothing to compare within its groups."""
    for index, facet in enumerate(config.facet or ()):
        if config.group_variable is not None and facet.name_or_index == config.group_variable:
            yield Problem(
                "$.group_variable",
                f"the column of facet[{index}]",
                "a column that explains differences, such as a department",
                "Name another column: CDDL and CDDPL compare the facet within each group.",
            )


@warning("ft-sign", "methods.post_training_bias")
def the_flip_test_has_the_codes_sign(config: AnalysisKeys) -> Iterator[Problem]:
    """FT has the opposite sign of its documented formula."""
    section = config.methods.post_training_bias
    if section is not None and (section.methods == "all" or "FT" in section.methods):
        yield Problem(
            "$.methods.post_training_bias.methods",
            "FT",
            "a reading of FT in which negative values are against the sensitive group",
            "Set limits with that sign: where the sensitive group gets no favourable prediction "
            "and all its neighbours in the other group do, FT is -1.0, not the guide's +1.",
        )
