"""In which units predictions are explained: as they are, or in log-odds."""

from __future__ import annotations

from typing import Final

import numpy as np

from clarify_contract import Finding
from clarify_engine.errors import AnalysisError
from clarify_engine.shap.design import Floats

#: How near to 0 and 1 a probability may be: its log-odds are then 36 at most.
_NEAREST: Final = float(np.finfo(np.float64).eps)


class Link:
    """What is done to mean predictions before they are compared.

    Parameters
    ----------
    logit
        Whether predictions p become log(p / (1 - p)).

    Attributes
    ----------
    clipped
        How many probabilities were 0 or 1, or nearly, and had no finite log-odds.
    """

    def __init__(self, *, logit: bool) -> None:
        self.logit: Final = logit
        self.clipped = 0

    def check(self, predictions: Floats) -> None:
        """Refuse predictions that are no probabilities, where log-odds are asked for."""
        if not self.logit or not predictions.size:
            return
        if predictions.min() < 0 or predictions.max() > 1:
            outside = int(np.count_nonzero((predictions < 0) | (predictions > 1)))
            raise AnalysisError(
                "Log-odds need probabilities.",
                [
                    Finding(
                        "shap-logit-range",
                        "$.methods.shap.use_logit",
                        f"true, and {outside} of {predictions.size} predictions of a request are"
                        " below 0 or above 1",
                        "predictions from 0 to 1",
                        "Remove use_logit, or let predictor.probability point to a probability.",
                    )
                ],
            )

    def __call__(self, means: Floats) -> Floats:
        """Return the means in the units that are explained."""
        if not self.logit:
            return means
        near = np.clip(means, _NEAREST, 1 - _NEAREST)
        self.clipped += int(np.count_nonzero(near != means))
        return np.asarray(np.log(near / (1 - near)))
