"""Values that are read as a threshold, and thresholds that nothing can pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, warning


@warning("label-float-threshold", "label_values_or_threshold")
def one_round_float_label_is_a_threshold(config: AnalysisKeys) -> Iterator[Problem]:
    """One label value such as `1.0` is an exclusive lower bound in a float column."""
    yield from _round_float("$.label_values_or_threshold", config.label_values_or_threshold)


@warning("facet-float-threshold", "facet")
def one_round_float_facet_is_a_threshold(config: AnalysisKeys) -> Iterator[Problem]:
    """One facet value such as `1.0` is an exclusive lower bound in a float column."""
    for index, facet in enumerate(config.facet or ()):
        yield from _round_float(f"$.facet[{index}].value_or_threshold", facet.value_or_threshold)


def _round_float(path: str, values: Sequence[int | float | str] | None) -> Iterator[Problem]:
    """Yield the problem of one value such as 1.0, which is written as if it were a category."""
    if values is None or len(values) != 1:
        return
    (value,) = values
    # A whole number does not show that its column is a float; only the data does.
    if isinstance(value, float) and value.is_integer():
        yield Problem(
            path,
            f"the single value {value}",
            f"a lower bound, if the column holds floats: {value} itself is not above it",
            f"Write [{value - 0.5}] to mean {value} and above, or [{int(value)}] with a column of "
            "integers. If no row is above it, every metric is 0.0 and the job succeeds.",
        )


@warning("probability-threshold-range", "probability_threshold")
def probabilities_are_between_0_and_1(config: AnalysisKeys) -> Iterator[Problem]:
    """Any `probability_threshold` outside 0 to 1 puts every probability on one side."""
    threshold = config.probability_threshold
    if threshold is not None and not 0.0 <= threshold < 1.0:
        yield Problem(
            "$.probability_threshold",
            str(threshold),
            "at least 0.0 and below 1.0, for probabilities",
            "Change it, unless the model gives scores beyond that: without any positive "
            "prediction the whole post-training part fails.",
        )


@warning("several-positives", "label_values_or_threshold", "methods.pre_training_bias")
def several_positive_labels_count_as_one(config: AnalysisKeys) -> Iterator[Problem]:
    """With several favourable labels, the distance metrics still compare two outcomes."""
    values, section = config.label_values_or_threshold, config.methods.pre_training_bias
    if values is None or len(values) < 2 or section is None:
        return
    distances = ("KL", "JS", "LP", "TVD", "KS")
    asked = [code for code in distances if section.methods == "all" or code in section.methods]
    if asked:
        yield Problem(
            "$.label_values_or_threshold",
            f"{len(values)} favourable values with {', '.join(asked)}",
            "a reading of these metrics as favourable against all other outcomes",
            "Do not read them as distances between distributions over all classes.",
        )
