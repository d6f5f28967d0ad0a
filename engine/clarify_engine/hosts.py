"""Where the model is: given, behind an endpoint, or on a shadow endpoint for the time of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from clarify_contract.config.predictor import Predictor as PredictorConfig
from clarify_engine.aws import Aws, Patience
from clarify_engine.job import Job
from clarify_engine.predict import (
    EndpointTransport,
    ShadowEndpoint,
    Tabular,
    Transport,
    check_in_service,
    hosting,
)
from clarify_engine.progress import Progress

_Model = TypeVar("_Model")
_Ready = TypeVar("_Ready")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Host:
    """Whoever serves the model of one analysis.

    Parameters
    ----------
    aws, job, patience
        Where endpoints are, whose tags a shadow endpoint gets, and how long to wait for it.
    progress
        Is told about `endpoint` and `delete`.
    model
        The model itself, if it was given; then no endpoint is asked.
    """

    aws: Aws
    job: Job
    patience: Patience
    progress: Progress
    model: Transport | Tabular | None = None

    def serve(
        self,
        predictor: PredictorConfig,
        *,
        connect: Callable[[Transport | Tabular], _Model],
        prepare: Callable[[], _Ready],
        use: Callable[[_Model, _Ready], _Result],
    ) -> _Result:
        """Return what `use` returns; a shadow endpoint is there for it, and gone afterwards.

        Parameters
        ----------
        predictor
            Which model.
        connect
            Makes what `use` needs of the way to the model; refuses what does not fit before
            anything is created.
        prepare
            All that can be done without the model, such as reading the data: it is done while a
            shadow endpoint is being created, which takes minutes.
        use
            Asks the model.
        """
        if self.model is not None:
            return use(connect(self.model), prepare())
        self.progress("endpoint", 0, None)
        if predictor.endpoint_name is not None:
            model = connect(self._transport(predictor, predictor.endpoint_name))
            check_in_service(self.aws.sagemaker, predictor.endpoint_name)
            return use(model, prepare())
        sagemaker = self.aws.sagemaker
        tags = self.job.tags(sagemaker)
        shadow = ShadowEndpoint(sagemaker, predictor, tags, patience=self.patience)
        model = connect(self._transport(predictor, shadow.name))

        def run() -> _Result:
            shadow.create()
            ready = prepare()
            shadow.wait()
            result = use(model, ready)
            self.progress("delete", 0, None)
            return result

        return hosting(shadow, run)

    def model_name(self, predictor: PredictorConfig) -> str:
        """Return which model is asked: a shadow endpoint's own name would say nothing later."""
        if self.model is not None:
            return self.model.reference
        if predictor.endpoint_name is not None:
            return self._transport(predictor, predictor.endpoint_name).reference
        return f"model {predictor.model_name}"

    def _transport(self, predictor: PredictorConfig, endpoint_name: str) -> EndpointTransport:
        return EndpointTransport(
            self.aws.runtime,
            endpoint_name,
            target_model=predictor.target_model,
            custom_attributes=predictor.custom_attributes,
        )
