"""Stand-ins for objects of the SDK: they give what an object of the SDK was recorded to give."""

from __future__ import annotations

from copy import deepcopy
from typing import Any


class Config:
    """In place of a `DataConfig` or a `BiasConfig`."""

    def __init__(self, **analysis_config: Any) -> None:
        self.analysis_config = analysis_config

    def get_config(self) -> dict[str, Any]:
        return deepcopy(self.analysis_config)


class Model:
    """In place of a `ModelConfig`."""

    def __init__(self, **predictor_config: Any) -> None:
        self.predictor_config = predictor_config

    def get_predictor_config(self) -> dict[str, Any]:
        return deepcopy(self.predictor_config)


class PredictedLabel:
    """In place of a `ModelPredictedLabelConfig`."""

    def __init__(self, probability_threshold: float | None = None, **predictor_config: Any) -> None:
        self.probability_threshold = probability_threshold
        self.predictor_config = predictor_config

    def get_predictor_config(self) -> tuple[float | None, dict[str, Any]]:
        return self.probability_threshold, deepcopy(self.predictor_config)


class Explanation:
    """In place of a `SHAPConfig`, a `PDPConfig` or an `AsymmetricShapleyValueConfig`."""

    def __init__(self, name: str, **method: Any) -> None:
        self.method = {name: method}

    def get_explainability_config(self) -> dict[str, Any]:
        return deepcopy(self.method)


def standing_in(given: Any) -> Any:
    """Return stand-ins for arguments as `recorded.json` has them, and other values unchanged."""
    match given:
        case list():
            return [standing_in(item) for item in given]
        case {"get_config": part}:
            return Config(**part)
        case {"get_predictor_config": [threshold, part]}:
            return PredictedLabel(threshold, **part)
        case {"get_predictor_config": part}:
            return Model(**part)
        case {"get_explainability_config": part}:
            ((name, method),) = part.items()
            return Explanation(name, **method)
        case _:
            return given
