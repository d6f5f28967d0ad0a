"""Under which names the classes of a model appear in explanations."""

from __future__ import annotations

from clarify_contract.config import AnalysisConfig
from clarify_engine.predict.problems import unreadable


def label_keys(config: AnalysisConfig, classes: int) -> list[str]:
    """Return the key of each class: its `label_headers` entry, or `label0`, `label1`, and so on.

    The name of the label column is not one of them: real outputs of the service have `label0`
    beside a config that names the label.

    Parameters
    ----------
    config
        The analysis config.
    classes
        Number of scores that the model gives for a record.

    Raises
    ------
    AnalysisError
        If there are label headers, and not one for each score.
    """
    headers = config.predictor.label_headers if config.predictor is not None else None
    if headers is None:
        return [f"label{index}" for index in range(classes)]
    if len(headers) != classes:
        raise unreadable(
            "scores-and-labels",
            "label_headers",
            f"{len(headers)} label headers for {classes} scores of a record",
            "one label for each score",
            "Compare label_headers and probability with a response of the model.",
        )
    return [str(header) for header in headers]
