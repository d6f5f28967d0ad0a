"""Seeded explanations, for the grid of calls."""

from __future__ import annotations

from random import Random
from typing import Any

Config = dict[str, Any]


def explanation(rng: Random, dataset_type: str, features: list[str]) -> Config | list[Config]:
    """Make a `SHAPConfig`, a `PDPConfig`, or a list of them; now and then a list of two alike."""
    shap = _shap(rng, dataset_type, features)
    named = {"class": "PDPConfig", "features": rng.sample(features, 2), **_resolution(rng)}
    ranked = {"class": "PDPConfig", **_resolution(rng)}
    choices: list[Config | list[Config]] = [shap, named, [shap], [shap, named], [shap, ranked]]
    return rng.choice([*choices, *choices, [named], [ranked], [shap, shap]])


def forecast_explanation(rng: Random, covariates: int) -> Config | list[Config]:
    """Make an `AsymmetricShapleyValueConfig`, with static baselines that fit or do not."""
    made: Config = {"class": "AsymmetricShapleyValueConfig"}
    if rng.random() < 0.5:
        made |= {"granularity": "fine_grained", "num_samples": rng.choice([4, 16])}
    elif rng.random() < 0.8:
        made["direction"] = rng.choice(["chronological", "anti_chronological", "bidirectional"])
    width = covariates if rng.random() < 0.8 else covariates + 1
    baseline: Config = {"target_time_series": "mean", "related_time_series": "zero"}
    if width:
        baseline["static_covariates"] = {"shop-1": [1] * width, "shop-2": [0.5] * width}
    chosen = rng.choice(
        [None, "s3://bucket/baseline.json", {"target_time_series": "zero"}, baseline]
    )
    made |= {} if chosen is None else {"baseline": chosen}
    return made if rng.random() < 0.9 else [made]


def _resolution(rng: Random) -> Config:
    choices = {"grid_resolution": 20, "top_k_features": 3}
    return {name: value for name, value in choices.items() if rng.random() < 0.5}


def _shap(rng: Random, dataset_type: str, features: list[str]) -> Config:
    row: list[Any] = [0, 40, 2.5, "clerk"]
    baselines: dict[str, Any] = {
        "application/jsonlines": [dict(zip(features, row, strict=True))],
        "application/json": {"rows": [dict(zip(features, row, strict=True))]},
    }
    made: Config = {"class": "SHAPConfig"}
    background = rng.choice(["none", "uri", "rows", "clusters"])
    if background == "uri":
        made["baseline"] = "s3://bucket/baseline"
    elif background == "rows":
        made["baseline"] = baselines.get(dataset_type, [row, row])
    elif background == "clusters":
        made["num_clusters"] = rng.choice([1, 5])
    more: Config = {
        "num_samples": rng.choice([10, 500]),
        "agg_method": rng.choice(["mean_abs", "median", "mean_sq"]),
        "use_logit": rng.choice([True, False]),
        "save_local_shap_values": rng.choice([True, False]),
        "seed": rng.choice([0, 7]),
        "features_to_explain": rng.sample(features, 2),
    }
    return made | {name: value for name, value in more.items() if rng.random() < 0.4}
