"""Seeded calls of the SDK's `run_…` methods, as plain JSON.

An object of the SDK stands as ``{"class": "DataConfig", …}`` with the arguments of its constructor.
Most calls are what people write; some break a rule that the SDK does not check, on purpose, so that
the differences between it and us show.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from clarify_contract import POST_TRAINING, PRE_TRAINING
from support_parity.explaining import explanation, forecast_explanation
from support_parity.modelling import model, predicted_label

Call = dict[str, Any]
COLUMNS = ["approved", "sex", "age", "income", "job"]
FEATURES = COLUMNS[1:]
TABLES = ("text/csv", "application/jsonlines", "application/json", "application/x-parquet")


def calls(count: int, seed: int = 20) -> list[Call]:
    """Return calls ``{"run": name of the method, "arguments": {…}}``, the same for a seed."""
    rng = Random(seed)
    kinds = rng.choices(list(_KINDS), weights=list(_KINDS.values()), k=count)
    return [kind(rng) for kind in kinds]


def maybe(rng: Random, chance: float, **values: Any) -> dict[str, Any]:
    """Keep each argument with this chance; what is left out has the SDK's default."""
    return {name: value for name, value in values.items() if rng.random() < chance}


def _pre_training(rng: Random) -> Call:
    data = _table(rng)
    more = maybe(rng, 0.6, methods=_metrics(rng, PRE_TRAINING))
    return _call("run_pre_training_bias", data_config=data, data_bias_config=_bias(rng), **more)


def _post_training(rng: Random) -> Call:
    data = _table(rng)
    return _call(
        "run_post_training_bias",
        data_config=data,
        data_bias_config=_bias(rng),
        **_predictions(rng, data),
        **maybe(rng, 0.6, methods=_metrics(rng, POST_TRAINING)),
    )


def _both(rng: Random) -> Call:
    data, stages = _table(rng), _stages(rng)
    without = stages.get("post_training_methods", "all") is None and rng.random() < 0.7
    given = {} if without else _predictions(rng, data)
    return _call("run_bias", data_config=data, bias_config=_bias(rng), **given, **stages)


def _explained(rng: Random) -> Call:
    data = _table(rng)
    scores = rng.choice([None, 0, "scores", predicted_label(rng)])
    return _call(
        "run_explainability",
        data_config=data,
        model_config=model(rng, data["dataset_type"]),
        explainability_config=explanation(rng, data["dataset_type"], FEATURES),
        **({} if scores is None else {"model_scores": scores}),
    )


def _everything(rng: Random) -> Call:
    data = _table(rng)
    return _call(
        "run_bias_and_explainability",
        data_config=data,
        model_config=model(rng, data["dataset_type"]),
        explainability_config=explanation(rng, data["dataset_type"], FEATURES),
        bias_config=_bias(rng),
        **maybe(rng, 0.6, model_predicted_label_config=predicted_label(rng)),
        **_stages(rng),
    )


def _texts(rng: Random) -> Call:
    text = {"class": "TextConfig", "granularity": rng.choice(["token", "sentence", "paragraph"])}
    text["language"] = rng.choice(["english", "de", "norwegian bokmål", "multi-language"])
    shap = {"class": "SHAPConfig", "text_config": text}
    shap |= maybe(rng, 0.5, num_samples=50, baseline=[["[MASK]"]], save_local_shap_values=False)
    data = _data("text/csv", headers=["stars", "review"], label="stars")
    config = model(rng, "text/csv")
    return _call(
        "run_explainability", data_config=data, model_config=config, explainability_config=shap
    )


def _images(rng: Random) -> Call:
    detection = {"max_objects": 2, "iou_threshold": 0.4, "context": rng.choice([1.0, 1])}
    kind, own = rng.choice([("OBJECT_DETECTION", detection), ("IMAGE_CLASSIFICATION", {})])
    image = {"class": "ImageConfig", "model_type": kind, **maybe(rng, 0.5, **own)}
    image |= maybe(
        rng, 0.5, num_segments=30, segment_compactness=7, feature_extraction_method="segmentation"
    )
    shap = {"class": "SHAPConfig", "image_config": image}
    shap |= maybe(rng, 0.4, num_samples=100, seed=3, baseline="s3://bucket/grey.png")
    content = rng.choice([None, "image/png", "image/jpeg", "image/jpg", "application/x-npy"])
    label = {"class": "ModelPredictedLabelConfig", "label_headers": ["cat", "dog"]}
    return _call(
        "run_explainability",
        data_config=_data("application/x-image", **maybe(rng, 0.1, label="kind")),
        model_config=model(rng, "application/x-image", content),
        explainability_config=rng.choice([shap, [shap]]),
        model_scores=label,
    )


def _forecasts(rng: Random) -> Call:
    covariates = rng.choice([None, ["[*].country"], ["[*].country", "[*].size"]])
    related = rng.choice([None, ["[*].price"]])
    layout = rng.choice(["columns", "item_records", "timestamp_records"])
    series = {
        "class": "TimeSeriesDataConfig",
        "target_time_series": "[*].sales",
        "item_id": "[*].id",
        "timestamp": "[*].time",
        **({} if related is None else {"related_time_series": related}),
        **({} if covariates is None else {"static_covariates": covariates}),
        "dataset_format": {"class": "TimeSeriesJSONDatasetFormat", "value": layout},
    }
    if rng.random() < 0.1:
        series = {"class": "TimeSeriesDataConfig", "target_time_series": 3}
        series |= {"item_id": 1, "timestamp": 2}
        covariates = related = None
    others = [path.removeprefix("[*].") for path in [*(related or []), *(covariates or [])]]
    headers = ["id", "time", "sales", *others]
    return _call(
        "run_explainability",
        data_config=_data(
            "application/json", time_series_data_config=series, **maybe(rng, 0.6, headers=headers)
        ),
        model_config=model(rng, "application/json", forecast="predictions[*].mean"),
        explainability_config=forecast_explanation(rng, len(covariates or [])),
    )


#: Each kind of call, and how often it comes against the others.
_KINDS = {
    _pre_training: 3,
    _post_training: 3,
    _both: 3,
    _explained: 4,
    _everything: 4,
    _texts: 2,
    _images: 2,
    _forecasts: 3,
}


def _call(run: str, **arguments: Any) -> Call:
    return {"run": run, "arguments": arguments}


def _data(dataset_type: str, **more: Any) -> dict[str, Any]:
    paths = {"s3_data_input_path": "s3://bucket/data/", "s3_output_path": "s3://bucket/results"}
    return {"class": "DataConfig", **paths, "dataset_type": dataset_type, **more}


def _table(rng: Random) -> dict[str, Any]:
    """Make the `DataConfig` of a table; now and then without the label, or with a wrong column."""
    kind = rng.choice(TABLES)
    lines, document = kind == "application/jsonlines", kind == "application/json"
    prefix = "rows[*]." if document else ""
    label: Any = f"{prefix}approved"
    if kind == "text/csv" and rng.random() < 0.3:
        label = 0
    more = maybe(rng, 0.95, label=label)
    if lines or document:
        more |= {"features": f"{prefix}[sex,age,income,job]", "headers": [*FEATURES, "approved"]}
    elif rng.random() < 0.7:
        more["headers"] = COLUMNS
    more |= maybe(rng, 0.2, joinsource="job")
    more |= maybe(rng, 0.2, excluded_columns=rng.choice([["job"], ["job"], ["job"], ["wage"]]))
    more |= maybe(rng, 0.3, segmentation_config=_segments(rng))
    if kind == "text/csv":
        more |= _side(rng, "facet", [*FEATURES]) | _side(rng, "predicted_label", ["predicted"])
    if "predicted_label_headers" in more or rng.random() < 0.1:
        more["predicted_label"] = f"{prefix}predicted"
        if "predicted_label_dataset_uri" not in more and "headers" in more:
            more["headers"] = [*more["headers"], "predicted"]
    return _data(kind, **more)


def _side(rng: Random, what: str, headers: list[str]) -> dict[str, Any]:
    """Put facets or predicted labels in a dataset of their own; now and then without its URI."""
    if rng.random() > 0.15:
        return {}
    made = {f"{what}_dataset_uri": f"s3://bucket/{what}.csv", f"{what}_headers": headers}
    if rng.random() < 0.2:
        del made[f"{what}_dataset_uri"]
    return made


def _segments(rng: Random) -> list[dict[str, Any]]:
    ages = {"class": "SegmentationConfig", "name_or_index": "age"}
    ages["segments"] = [["[18, 40]"], ["(40, 60]", "(60, 90]"]]
    ages |= maybe(rng, 0.5, config_name="ages", display_aliases=["young", "old", "others"])
    jobs = {"class": "SegmentationConfig", "name_or_index": "job", "segments": [["a", 1]]}
    return rng.choice([[ages], [jobs], [ages, jobs]])


def _bias(rng: Random) -> dict[str, Any]:
    facet: dict[str, Any] = rng.choice(
        [
            {"facet_name": "sex"},
            {"facet_name": 1, "facet_values_or_threshold": [0]},
            {"facet_name": "age", "facet_values_or_threshold": [40.5]},
            {"facet_name": ["sex", "job"]},
            {"facet_name": ["sex", "age"], "facet_values_or_threshold": [["f", "x"], [40]]},
            {"facet_name": ["sex", "job"], "facet_values_or_threshold": [[0], None]},
        ]
    )
    outcome = rng.choice([[1], ["yes"], [0.5], [1, 2], ["a", "b"]])
    group = maybe(rng, 0.7, group_name="job")
    return {"class": "BiasConfig", "label_values_or_threshold": outcome, **facet, **group}


def _predictions(rng: Random, data: dict[str, Any]) -> dict[str, Any]:
    """Give a model, unless the dataset holds predictions; now and then neither or both."""
    has = "predicted_label" in data or "predicted_label_dataset_uri" in data
    more = maybe(rng, 0.7, model_predicted_label_config=predicted_label(rng))
    if rng.random() < (0.3 if has else 0.95):
        more["model_config"] = model(rng, data["dataset_type"])
    return more


def _metrics(rng: Random, codes: Sequence[str]) -> str | list[str]:
    return rng.choice(["all", rng.sample(codes, rng.randint(1, 3))])


def _stages(rng: Random) -> dict[str, Any]:
    stages = maybe(
        rng,
        0.4,
        pre_training_methods=_metrics(rng, PRE_TRAINING),
        post_training_methods=_metrics(rng, POST_TRAINING),
    )
    if rng.random() < 0.15:
        stages[rng.choice(["pre_training_methods", "post_training_methods"])] = None
    return stages
