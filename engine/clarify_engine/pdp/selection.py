"""Which features get a partial dependence plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from clarify_contract.config.pdp import Pdp
from clarify_engine.data.problems import NO_NAMES, problem
from clarify_engine.data.roles import locate

#: How many features are plotted where the config names neither them nor their number.
TOP_K: Final = 10


def chosen_features(
    pdp: Pdp,
    columns: Sequence[str],
    features: Sequence[str],
    ranking: Sequence[str] | None,
) -> tuple[str, ...]:
    """Return the features to plot: those that the config names, else the first of a ranking.

    Parameters
    ----------
    pdp
        The key `methods.pdp`.
    columns
        All columns of the dataset: what an index in `pdp.features` counts.
    features
        The columns that are sent to the model: only they can be plotted.
    ranking
        Features by falling importance, as `shap_ranking` gives them; None without SHAP values.

    Raises
    ------
    AnalysisError
        ``Feature names not found.``: the config names a column that does not exist, or one that is
        not sent to the model; or it names none and there is no ranking.
    """
    if pdp.features is None:
        if ranking is None:
            raise problem(
                NO_NAMES,
                "pdp-features-missing",
                "$.methods.pdp.features",
                given="nothing, and no SHAP values to rank features by",
                allowed="names or indices of features",
                fix="Name the features to plot, or ask for methods.shap too.",
            )
        return tuple(ranking[: TOP_K if pdp.top_k_features is None else pdp.top_k_features])
    names = [
        locate(feature, columns, NO_NAMES, f"$.methods.pdp.features[{place}]", "dataset")
        for place, feature in enumerate(pdp.features)
    ]
    for place, name in enumerate(names):
        if name not in features:
            raise problem(
                NO_NAMES,
                "pdp-not-a-feature",
                f"$.methods.pdp.features[{place}]",
                given=f"{name!r}, which is not sent to the model",
                allowed=f"one of the {len(features)} columns that are",
                fix="Leave out the label, the predicted label, the join column and excluded ones.",
            )
    return tuple(dict.fromkeys(names))


def shap_ranking(features: Sequence[str], global_values: NDArray[np.float64]) -> tuple[str, ...]:
    """Return features by falling importance, the first in the dataset first where they are equal.

    Parameters
    ----------
    features
        Names of the explained features.
    global_values
        Shape ``(features, classes)``: their global SHAP values. The importance of a feature is the
        sum of the absolute values over the classes. How the service ranks features of a model with
        several classes is not documented.
    """
    importance = np.abs(global_values).sum(axis=1)
    return tuple(features[index] for index in np.argsort(-importance, kind="stable"))
