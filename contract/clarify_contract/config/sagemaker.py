"""Objects of the SageMaker SDK, read as the analysis config that the SDK makes of them.

The SDK is not imported: an object counts by the method with which it gives its part of the config
to the SDK itself. These methods are the same in v2 (``sagemaker.clarify``) and in v3
(``sagemaker.core.clarify``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from clarify_contract.config.paths import Place, json_path
from clarify_contract.config.rules.analyses import EXPLANATIONS
from clarify_contract.config.wording import describe_type
from clarify_contract.findings import Finding, Refused

#: The SDK asks for this report in every config; none of its classes has a parameter for it.
REPORT: Final = {"name": "report", "title": "Analysis Report"}

#: Which metrics of a bias stage; None or an empty list: not this stage.
BiasMethods = str | Sequence[str] | None


class SdkConfig(Protocol):
    """A ``DataConfig`` or a ``BiasConfig``."""

    def get_config(self) -> Any:
        """Return its top-level keys of the analysis config."""


class SdkPredictor(Protocol):
    """A ``ModelConfig`` or a ``ModelPredictedLabelConfig``."""

    def get_predictor_config(self) -> Any:
        """Return its keys of ``predictor``; the labels' behind the probability threshold."""


class SdkExplanation(Protocol):
    """A ``SHAPConfig``, a ``PDPConfig`` or an ``AsymmetricShapleyValueConfig``."""

    def get_explainability_config(self) -> Any:
        """Return its one key of ``methods``."""


def config_of(
    data_config: SdkConfig,
    bias_config: SdkConfig | None,
    model_config: SdkPredictor | None,
    model_predicted_label_config: SdkPredictor | str | int | None,
    explainability_config: SdkExplanation | Sequence[SdkExplanation] | None,
    pre_training_methods: BiasMethods,
    post_training_methods: BiasMethods,
) -> dict[str, Any]:
    """Return the analysis config of these objects; whether it is a valid one is not checked here.

    Raises
    ------
    Refused
        Objects in each other's place, a method given twice, and pipeline variables; all of them.
    """
    found: list[Finding] = []
    made: dict[str, Any] = {**_part("data_config", data_config, _DATA, found)}
    methods: dict[str, Any] = {"report": dict(REPORT)}
    if bias_config is not None:
        made |= _part("bias_config", bias_config, _BIAS, found)
        if pre_training_methods:
            methods["pre_training_bias"] = {"methods": pre_training_methods}
        if post_training_methods:
            methods["post_training_bias"] = {"methods": post_training_methods}
    methods |= _explanations(explainability_config, found)
    threshold, outputs = _outputs(model_predicted_label_config, found)
    if threshold is not None:
        made["probability_threshold"] = threshold
    made["methods"] = methods
    if model_config is not None:
        made["predictor"] = {**_part("model_config", model_config, _MODEL, found), **outputs}
    found += _pipeline_variables(made, ())
    if found:
        raise Refused(found)
    return made


class _Kind(NamedTuple):
    """What an object is called, its method that counts, and whether a result of that fits."""

    name: str
    method: str
    fits: Callable[[Any], bool]


def _has(key: str) -> Callable[[Any], bool]:
    return lambda part: isinstance(part, Mapping) and key in part


_DATA = _Kind("a DataConfig", "get_config", _has("dataset_type"))
_BIAS = _Kind("a BiasConfig", "get_config", _has("facet"))
_MODEL = _Kind("a ModelConfig", "get_predictor_config", lambda part: isinstance(part, Mapping))
_LABELS = _Kind(
    "a ModelPredictedLabelConfig, or a label's name or index",
    "get_predictor_config",
    lambda part: isinstance(part, tuple) and len(part) == 2,
)
_EXPLANATION = _Kind(
    "a SHAPConfig, PDPConfig or AsymmetricShapleyValueConfig",
    "get_explainability_config",
    lambda part: isinstance(part, Mapping) and len(part) == 1 and {*part} <= {*EXPLANATIONS},
)


def _part(place: str, given: object, kind: _Kind, found: list[Finding]) -> Any:
    """Return an object's part of the config; an empty one, and a finding, if it is another's."""
    method = None if isinstance(given, type) else getattr(given, kind.method, None)
    part = method() if callable(method) else None
    if kind.fits(part):
        return part
    what = f"the class {given.__name__}" if isinstance(given, type) else describe_type(given)
    found.append(
        Finding(
            id="sagemaker-object",
            path=place,
            given=what,
            allowed=f"{kind.name} of the SageMaker SDK",
            fix=f"Give the object that you give SageMakerClarifyProcessor as {place}.",
        )
    )
    return {}


def _outputs(given: object, found: list[Finding]) -> tuple[Any, Mapping[str, Any]]:
    """Return the probability threshold, and where the model's answers hold what."""
    if given is None:
        return None, {}
    if type(given) in (str, int):
        return None, {"label": given}
    return _part("model_predicted_label_config", given, _LABELS, found) or (None, {})


def _explanations(given: object, found: list[Finding]) -> dict[str, Any]:
    if given is None:
        return {}
    place = "explainability_config"
    if not isinstance(given, list | tuple):
        return {**_part(place, given, _EXPLANATION, found)}
    made: dict[str, Any] = {}
    for index, one in enumerate(given):
        part = _part(f"{place}[{index}]", one, _EXPLANATION, found)
        found += [
            Finding(
                id="sagemaker-method-twice",
                path=f"{place}[{index}]",
                given=f"{name} for the second time",
                allowed="each method once",
                fix="Remove one of the two, or run two analyses.",
            )
            for name in made.keys() & part.keys()
        ]
        made |= part
    return made


def _pipeline_variables(value: object, place: Place) -> Iterator[Finding]:
    if any(base.__name__ == "PipelineVariable" for base in type(value).__mro__):
        yield Finding(
            id="sagemaker-pipeline-variable",
            path=json_path(place),
            given=f"a Python {type(value).__name__}",
            allowed="a value, or a CDK token for a name or an S3 URI",
            fix="Write the value itself: only a SageMaker pipeline gives this variable one.",
        )
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _pipeline_variables(item, (*place, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _pipeline_variables(item, (*place, index))
