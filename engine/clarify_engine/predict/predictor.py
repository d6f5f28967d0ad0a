"""A model as everything in the engine sees it: rows of features in, what it said about them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from clarify_contract.config.predictor import Predictor as PredictorConfig
from clarify_engine.predict.answer import Answer
from clarify_engine.predict.endpoint import EndpointModel
from clarify_engine.predict.request import CSV, RequestFormat
from clarify_engine.predict.response import ResponseFormat
from clarify_engine.predict.tabular import Tabular, TabularModel
from clarify_engine.predict.transport import Transport


class Predictor(Protocol):
    """Anything that predicts for rows of features."""

    @property
    def reference(self) -> str:
        """Which model this is: `endpoint NAME`, `module:callable`, a URL, and so on."""
        ...

    def answer(self, features: pa.RecordBatch) -> Answer:
        """Return what the model says about each row of a batch of any length, in its order.

        Raises
        ------
        AnalysisError
            If the model refuses, stays busy, fails on a single record, or answers with something
            else than one prediction a record.
        """
        ...


def open_predictor(
    model: Transport | Tabular,
    config: PredictorConfig,
    *,
    dataset_type: str,
    features: Sequence[str],
    workers: int,
) -> Predictor:
    """Return the model as the config asks it.

    A `Tabular` is called with rows; where the config's answer is CSV, its column indices count the
    columns of what the model returns. Other addresses speak of a body that a `Tabular` does not
    have, and its whole answer is what they would find. Something that is both is called with rows
    where the config's requests and answers are plain CSV, and else with bodies.

    Parameters
    ----------
    model
        Whom to ask.
    config
        How requests look, and where labels and scores stand in an answer.
    dataset_type
        Type of the dataset, the content type's default.
    features
        Names of the columns that are sent, in the order of the dataset.
    workers
        How many requests are under way at once, at least 1.

    Raises
    ------
    AnalysisError
        If the templates or the addresses of the config are not usable.
    """
    request = RequestFormat.from_config(config, dataset_type, features)
    response = ResponseFormat.from_config(config, request.content_type)
    plain = request.content_type == response.accept == CSV
    if isinstance(model, Tabular) and (plain or not isinstance(model, Transport)):
        return _tabular(model, config, workers)
    assert isinstance(model, Transport)  # noqa: S101 - one of the two it is
    return EndpointModel(model, request, response, workers)


def _tabular(model: Tabular, config: PredictorConfig, workers: int) -> TabularModel:
    return TabularModel(
        model,
        label=config.label if isinstance(config.label, int) else None,
        probability=config.probability if isinstance(config.probability, int) else None,
        says_labels=isinstance(config.label, str) and config.probability is None,
        workers=workers,
    )
