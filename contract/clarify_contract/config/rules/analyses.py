"""What each analysis needs before it can be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, rule

#: For `rule`: which analyses are asked for, whatever is wrong inside them.
ANALYSES_ASKED = (
    "methods.pre_training_bias?",
    "methods.post_training_bias?",
    "methods.shap?",
    "methods.pdp?",
    "methods.asymmetric_shapley_value?",
)
EXPLANATIONS = ("shap", "pdp", "asymmetric_shapley_value")
BIAS = ("pre_training_bias", "post_training_bias")


def asked(config: AnalysisKeys, names: tuple[str, ...] = (*BIAS, *EXPLANATIONS)) -> tuple[str, ...]:
    """Return those of the named analyses that the config asks for."""
    return tuple(name for name in names if getattr(config.methods, name) is not None)


@rule("no-analysis", *ANALYSES_ASKED)
def methods_ask_for_an_analysis(config: AnalysisKeys) -> Iterator[Problem]:
    """`methods` asks for at least one analysis besides the report."""
    if not asked(config):
        yield Problem(
            "$.methods",
            "no analysis",
            f"one of {', '.join((*BIAS, *EXPLANATIONS))}",
            'Add one, for example {"pre_training_bias": {"methods": "all"}}.',
        )


@rule("X1", *ANALYSES_ASKED, "predictor?")
def explanations_have_a_predictor(config: AnalysisKeys) -> Iterator[Problem]:
    """`shap`, `pdp` and `asymmetric_shapley_value` need a `predictor`."""
    explanations = asked(config, EXPLANATIONS)
    if explanations and config.predictor is None:
        yield Problem(
            "$.predictor",
            f"no predictor, with {', '.join(explanations)}",
            "a model or an endpoint to explain",
            "Add predictor with model_name or endpoint_name.",
        )


@rule("X2", *ANALYSES_ASKED, "predictor?", "predicted_label?", "predicted_label_dataset_uri?")
def post_training_bias_has_predictions(config: AnalysisKeys) -> Iterator[Problem]:
    """`post_training_bias` needs a `predictor`, or predicted labels in a dataset."""
    sources = (config.predictor, config.predicted_label, config.predicted_label_dataset_uri)
    if asked(config, ("post_training_bias",)) and all(source is None for source in sources):
        yield Problem(
            "$.methods.post_training_bias",
            "no source of predictions",
            "predictor, predicted_label or predicted_label_dataset_uri",
            "Add a predictor, name the column of predicted labels in predicted_label, or ask for "
            "no post-training bias.",
        )


@rule("X7", *ANALYSES_ASKED, "label?")
def bias_has_a_label(config: AnalysisKeys) -> Iterator[Problem]:
    """Bias analyses need `label`."""
    yield from _needed_for_bias(config, "label", '"label": "approved"')


@rule("X7", *ANALYSES_ASKED, "label_values_or_threshold")
def bias_has_a_favourable_outcome(config: AnalysisKeys) -> Iterator[Problem]:
    """Bias analyses need `label_values_or_threshold`, which is not empty."""
    key = "label_values_or_threshold"
    yield from _needed_for_bias(config, key, f'"{key}": [1]')


@rule("X7", *ANALYSES_ASKED, "facet")
def bias_has_a_facet(config: AnalysisKeys) -> Iterator[Problem]:
    """Bias analyses need `facet`, which is not empty."""
    example = '"facet": [{"name_or_index": "sex", "value_or_threshold": [0]}]'
    yield from _needed_for_bias(config, "facet", example)


def _needed_for_bias(config: AnalysisKeys, key: str, example: str) -> Iterator[Problem]:
    bias, value = asked(config, BIAS), getattr(config, key)
    if bias and (value is None or value == []):
        yield Problem(
            f"$.{key}",
            "nothing" if value is None else "an empty list",
            f"{key}, which {' and '.join(bias)} needs",
            f"Add it, for example {example}.",
        )


@rule("X8", "methods.pre_training_bias", "methods.post_training_bias", "group_variable?")
def conditional_metrics_have_a_group_variable(config: AnalysisKeys) -> Iterator[Problem]:
    """CDDL and CDDPL, when listed, need `group_variable`."""
    for stage, code in (("pre_training_bias", "CDDL"), ("post_training_bias", "CDDPL")):
        section = getattr(config.methods, stage)
        listed = section is not None and section.methods != "all" and code in section.methods
        if listed and config.group_variable is None:
            yield Problem(
                f"$.methods.{stage}.methods",
                f"{code} without group_variable",
                f"group_variable, within whose groups {code} compares",
                f"Add group_variable, or take {code} out of the list.",
            )


@rule("X10", "methods.shap?", "methods.pdp?", "methods.pdp.features")
def pdp_alone_names_its_features(config: AnalysisKeys) -> Iterator[Problem]:
    """`pdp` without `shap` needs `features`."""
    pdp = config.methods.pdp
    if pdp is not None and config.methods.shap is None and not pdp.features:
        yield Problem(
            "$.methods.pdp.features",
            "no features, and no shap that ranks them",
            "a list of columns",
            "Name the columns to plot, or ask for shap too.",
        )
