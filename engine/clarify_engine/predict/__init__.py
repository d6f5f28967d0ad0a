"""Predictions of a model: behind a SageMaker endpoint, a URL, or in a process on this machine."""

from clarify_engine.predict.answer import Answer
from clarify_engine.predict.column import PredictionColumn, PredictionReader
from clarify_engine.predict.concurrent import in_order
from clarify_engine.predict.endpoint import ENDPOINT_WORKERS, EndpointModel
from clarify_engine.predict.labels import DEFAULT_THRESHOLD, LabelModel, LabelRule, PredictedBatch
from clarify_engine.predict.predictor import Predictor, open_predictor
from clarify_engine.predict.request import RequestFormat
from clarify_engine.predict.response import ResponseFormat
from clarify_engine.predict.scores import Matrix, Scores, score_matrix, scoring
from clarify_engine.predict.shadow import (
    ShadowEndpoint,
    check_in_service,
    endpoint_names,
    hosting,
)
from clarify_engine.predict.tabular import Tabular
from clarify_engine.predict.transport import (
    BUSY_PATIENCE,
    EndpointTransport,
    ModelFailure,
    TooLarge,
    Transport,
)

__all__ = [
    "BUSY_PATIENCE",
    "DEFAULT_THRESHOLD",
    "ENDPOINT_WORKERS",
    "Answer",
    "EndpointModel",
    "EndpointTransport",
    "LabelModel",
    "LabelRule",
    "Matrix",
    "ModelFailure",
    "PredictedBatch",
    "PredictionColumn",
    "PredictionReader",
    "Predictor",
    "RequestFormat",
    "ResponseFormat",
    "Scores",
    "ShadowEndpoint",
    "Tabular",
    "TooLarge",
    "Transport",
    "check_in_service",
    "endpoint_names",
    "hosting",
    "in_order",
    "open_predictor",
    "score_matrix",
    "scoring",
]
