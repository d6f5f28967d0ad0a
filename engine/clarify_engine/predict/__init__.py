"""Predictions of a model behind a SageMaker endpoint."""

from clarify_engine.predict.column import PredictionColumn, PredictionReader
from clarify_engine.predict.endpoint import EndpointModel, PredictedBatch, Predictor
from clarify_engine.predict.labels import DEFAULT_THRESHOLD, LabelRule
from clarify_engine.predict.request import RequestFormat
from clarify_engine.predict.response import Answer, ResponseFormat
from clarify_engine.predict.shadow import (
    ShadowEndpoint,
    check_in_service,
    endpoint_names,
    hosting,
)

__all__ = [
    "DEFAULT_THRESHOLD",
    "Answer",
    "EndpointModel",
    "LabelRule",
    "PredictedBatch",
    "PredictionColumn",
    "PredictionReader",
    "Predictor",
    "RequestFormat",
    "ResponseFormat",
    "ShadowEndpoint",
    "check_in_service",
    "endpoint_names",
    "hosting",
]
