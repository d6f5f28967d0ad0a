"""What the model's side of a config must hold together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, rule
from clarify_contract.config.wording import describe
from clarify_contract.container import (
    CUSTOM_ATTRIBUTES_MAX,
    ENDPOINT_NAME_MAX,
    ENDPOINT_NAME_PATTERN,
    ENDPOINT_PREFIX_MAX,
)
from clarify_contract.tokens import is_token

_VISIBLE_ASCII = re.compile(r"[\x20-\x7e]*")
# The container's schema wants at least two characters.
_PREFIX = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])+")


@rule(
    "X3",
    "predictor.model_name?",
    "predictor.initial_instance_count",
    "predictor.instance_type",
)
def a_model_has_instances(config: AnalysisKeys) -> Iterator[Problem]:
    """`model_name` needs `initial_instance_count` of at least 1 and `instance_type`."""
    predictor = config.predictor
    if predictor is None or predictor.model_name is None:
        return
    count = predictor.initial_instance_count
    if count is None or count < 1:
        yield Problem(
            "$.predictor.initial_instance_count",
            "nothing" if count is None else str(count),
            "at least 1, with model_name",
            "Write how many instances the shadow endpoint gets, for example 1.",
        )
    if not predictor.instance_type:
        yield Problem(
            "$.predictor.instance_type",
            "nothing",
            "an instance type, with model_name",
            'Write the shadow endpoint\'s instance type, for example "ml.m5.large".',
        )


@rule("X4", "predictor.model_name?", "predictor.endpoint_name?", "predictor.endpoint_name_prefix?")
def a_predictor_is_one_model_or_one_endpoint(config: AnalysisKeys) -> Iterator[Problem]:
    """Each `predictor` has either `model_name` or `endpoint_name`; a prefix only with a model."""
    predictor = config.predictor
    if predictor is None:
        return
    model, endpoint = predictor.model_name is not None, predictor.endpoint_name is not None
    if model == endpoint:
        yield Problem(
            "$.predictor",
            "both model_name and endpoint_name" if model else "neither of the two",
            "exactly one of model_name and endpoint_name",
            "Remove one: the endpoint would win and the model be ignored."
            if model
            else "Name a model, for a shadow endpoint, or an endpoint that exists.",
        )
    if predictor.endpoint_name_prefix is not None and not model:
        yield Problem(
            "$.predictor.endpoint_name_prefix",
            "a prefix without model_name",
            "a prefix for the shadow endpoint of a model",
            "Remove it: an existing endpoint has its name already.",
        )


@rule("X18", "predictor.endpoint_name_prefix")
def the_endpoint_prefix_is_short_and_valid(config: AnalysisKeys) -> Iterator[Problem]:
    """`endpoint_name_prefix` has 2 to 23 letters, digits and inner hyphens."""
    prefix = config.predictor.endpoint_name_prefix if config.predictor is not None else None
    if prefix is None or is_token(prefix):
        return
    if len(prefix) > ENDPOINT_PREFIX_MAX or not _PREFIX.fullmatch(prefix):
        yield Problem(
            "$.predictor.endpoint_name_prefix",
            f"{describe(prefix)} ({len(prefix)} characters)",
            f"2 to {ENDPOINT_PREFIX_MAX} letters, digits and hyphens, no hyphen at the ends",
            "Shorten or rename it; the endpoint's name goes on with model name and time.",
        )


@rule("resource-name", "predictor.model_name", "predictor.endpoint_name")
def names_are_valid_in_sagemaker(config: AnalysisKeys) -> Iterator[Problem]:
    """`model_name` and `endpoint_name` are names that SageMaker can have."""
    for key in ("model_name", "endpoint_name"):
        name = getattr(config.predictor, key, None)
        if name is None or is_token(name):
            continue
        # The pattern alone lets repeated hyphens through beyond the length.
        if len(name) > ENDPOINT_NAME_MAX or not re.fullmatch(ENDPOINT_NAME_PATTERN, name):
            yield Problem(
                f"$.predictor.{key}",
                describe(name),
                f"1 to {ENDPOINT_NAME_MAX} letters, digits and hyphens, no hyphen at the ends",
                "Write the name alone, no ARN.",
            )


@rule("custom-attributes", "predictor.custom_attributes")
def custom_attributes_are_visible_ascii(config: AnalysisKeys) -> Iterator[Problem]:
    """`custom_attributes` has at most 1024 visible ASCII characters."""
    text = config.predictor.custom_attributes if config.predictor is not None else None
    if text is None:
        return
    if len(text) > CUSTOM_ATTRIBUTES_MAX or not _VISIBLE_ASCII.fullmatch(text):
        yield Problem(
            "$.predictor.custom_attributes",
            f"{len(text)} characters"
            + ("" if _VISIBLE_ASCII.fullmatch(text) else ", some of them not visible ASCII"),
            f"at most {CUSTOM_ATTRIBUTES_MAX} visible ASCII characters",
            "Shorten it, or encode it in ASCII.",
        )
