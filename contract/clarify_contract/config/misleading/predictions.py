"""Where predictions come from: settings that are ignored, risky or retired."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.config.derive import needs_predictions
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, warning
from clarify_contract.config.wording import describe
from clarify_contract.tokens import is_token


@warning(
    "predictions-twice",
    "methods.post_training_bias?",
    "predictor?",
    "predicted_label?",
    "predicted_label_dataset_uri?",
)
def predictions_come_from_one_source(config: AnalysisKeys) -> Iterator[Problem]:
    """Predicted labels beside a `predictor` leave open which of them is judged."""
    if config.predictor is None or config.methods.post_training_bias is None:
        return
    for key in ("predicted_label", "predicted_label_dataset_uri"):
        if getattr(config, key) is not None:
            yield Problem(
                f"$.{key}",
                "predicted labels beside a predictor",
                "one source of predictions for post_training_bias",
                "Remove one of them, so that the report says whose predictions it judges.",
            )


@warning("production-endpoint", "predictor.endpoint_name?")
def an_endpoint_gets_synthetic_load(config: AnalysisKeys) -> Iterator[Problem]:
    """Existing endpoints get the analysis's requests beside their own traffic."""
    if config.predictor is not None and config.predictor.endpoint_name is not None:
        yield Problem(
            "$.predictor.endpoint_name",
            "an existing endpoint",
            "an endpoint without production traffic",
            "Use model_name, for a shadow endpoint, if this one serves production: the requests "
            "load it and end up in its data capture.",
        )


@warning("endpoint-prefix-case", "predictor.endpoint_name_prefix")
def the_endpoint_prefix_is_lower_case(config: AnalysisKeys) -> Iterator[Problem]:
    """Every `endpoint_name_prefix` with capitals may miss the role's permissions."""
    prefix = config.predictor.endpoint_name_prefix if config.predictor is not None else None
    if prefix is not None and not is_token(prefix) and prefix != prefix.lower():
        yield Problem(
            "$.predictor.endpoint_name_prefix",
            describe(prefix),
            "lower case",
            f"Write {describe(prefix.lower())}: SageMaker lower-cases names in many ARNs, and "
            "the permissions on this prefix compare letter by letter.",
        )


@warning("accelerator-retired", "predictor.accelerator_type?")
def accelerators_are_retired(config: AnalysisKeys) -> Iterator[Problem]:
    """Elastic Inference is retired."""
    if config.predictor is not None and config.predictor.accelerator_type is not None:
        yield Problem(
            "$.predictor.accelerator_type",
            "an Elastic Inference accelerator",
            "no such key: AWS has retired them",
            "Remove it, and choose an instance type that is fast enough.",
        )


@warning(
    "ignored-with-endpoint",
    "predictor.endpoint_name?",
    "predictor.initial_instance_count?",
    "predictor.instance_type?",
)
def an_endpoint_has_its_instances(config: AnalysisKeys) -> Iterator[Problem]:
    """Instance settings have no effect on an existing endpoint."""
    if config.predictor is None or config.predictor.endpoint_name is None:
        return
    for key in ("initial_instance_count", "instance_type"):
        if getattr(config.predictor, key) is not None:
            yield Problem(
                f"$.predictor.{key}",
                "a value, with endpoint_name",
                "no such key: the endpoint has its instances",
                "Remove it.",
            )


@warning(
    "predictor-unused",
    "predictor?",
    "methods.post_training_bias?",
    "methods.shap?",
    "methods.pdp?",
    "methods.asymmetric_shapley_value?",
)
def a_predictor_is_asked(config: AnalysisKeys) -> Iterator[Problem]:
    """No `predictor` has an effect when no analysis needs predictions."""
    if config.predictor is not None and not needs_predictions(config):
        yield Problem(
            "$.predictor",
            "a predictor, with pre_training_bias alone",
            "post_training_bias or an explanation, which ask it",
            "Remove it, or add the analysis that is meant to use it.",
        )
