"""The middle of an analysis of time series: read, and explain forecasts while a model is hosted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Finding
from clarify_engine.errors import AnalysisError
from clarify_engine.forecast import ForecastExplanations, open_forecasts
from clarify_engine.hosts import Host
from clarify_engine.predict import Tabular, Transport
from clarify_engine.progress import Progress
from clarify_engine.steps.results import Results


def forecast_results(
    config: AnalysisConfig,
    data: Path,
    *,
    host: Host,
    fetch: Callable[[str], Path],
    progress: Progress,
    seed: int,
    workers: int,
    folder: Path,
) -> Results:
    """Return the explanations of all forecasts.

    Parameters
    ----------
    config
        A config with `asymmetric_shapley_value` and a predictor.
    data
        The dataset: a JSON file, or a folder of them.
    host
        Who serves the model.
    fetch
        Gives a local path for an S3 URI.
    progress
        Is told about each phase, in items.
    seed
        For the orders that are sampled.
    workers
        Requests to the model that are under way at once.
    folder
        Folder of the results.
    """
    predictor = config.predictor
    if predictor is None:  # the contract has refused that
        raise ValueError("config: expected one with a predictor")
    progress("load", 0, None)
    # All is read and checked before an endpoint is created: time series are small.
    forecasts = open_forecasts(config, data, fetch=fetch, seed=seed)

    def tell(done: int, total: int, predictions: int) -> None:
        progress("forecast", done, total, predictions)

    def use(transport: Transport, _: None) -> ForecastExplanations:
        return forecasts.explain(
            transport,
            output=folder,
            results_uri=host.job.results_uri,
            workers=workers,
            tell=tell,
        )

    found = host.serve(predictor, connect=_speaks, prepare=lambda: None, use=use)
    results = Results(warnings=list(found.warnings))
    results.facts["model"] = host.model_name(predictor)
    results.facts["asymmetric_shapley_value"] = {
        "seed": seed,
        "items": found.items,
        "predictions": found.predictions,
    }
    results.explain("asymmetric_shapley_value", found.section)
    return results


def _speaks(model: Transport | Tabular) -> Transport:
    """Refuse a model that takes rows of a table."""
    if isinstance(model, Transport):
        return model
    raise AnalysisError(
        "Unable to ask the model for forecasts.",
        [
            Finding(
                "model-not-forecasting",
                "model",
                "a function of rows",
                "a model that is asked with the bodies of the config's templates: a model.tar.gz, "
                "a URL or an endpoint",
                "Put the model behind one of these.",
            )
        ],
    )
