"""Random configs over every key, for properties that hold whatever is given.

`any_keys` makes configs whose types are right and whose keys need not fit together; the valid ones
of `valid` with random values make `accepted`.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st

from clarify_contract.metrics import POST_TRAINING, PRE_TRAINING
from support_config.valid import MODALITIES, Config

#: Configs over every key are large to draw; on a busy machine that is slow and nothing is wrong.
LARGE = (HealthCheck.too_slow, HealthCheck.data_too_large)

# No `$` and no `#`: tokens and placeholders have tests of their own.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="$#"), max_size=8)
WHOLES = st.integers(-(2**70), 2**70)
COUNTS = st.integers(1, 10**6)
FLOATS = st.floats(-1e12, 1e12)
FRACTIONS = st.floats(0.0, 1.0)
COLUMNS = TEXTS | st.integers(0, 50)
VALUES = st.lists(WHOLES | FLOATS | TEXTS, max_size=4)
CELLS = WHOLES | FLOATS | TEXTS | st.none()
JSON = st.recursive(
    CELLS | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def _cased(*choices: str) -> st.SearchStrategy[str]:
    """Choose one, in any mixture of cases that lower-cases back to it."""
    return st.sampled_from(choices).flatmap(
        lambda text: st.sampled_from((text, text.upper(), text.title())).filter(
            lambda cased: cased.lower() == text
        )
    )


def _some(optional: dict[str, Any], **required: Any) -> st.SearchStrategy[Config]:
    """Make an object with required keys and some of the others, in random order."""
    return (
        st.fixed_dictionaries(required, optional=optional)
        .flatmap(lambda made: st.permutations(list(made.items())))
        .map(dict)
    )


def _metrics(codes: tuple[str, ...]) -> st.SearchStrategy[Config]:
    some = st.lists(st.sampled_from(codes), min_size=1)
    return st.fixed_dictionaries({"methods": st.just("all") | some})


TEXT_CONFIG = _some(
    {"max_top_tokens": COUNTS},
    granularity=_cased("token", "sentence", "paragraph"),
    language=_cased("english", "de", "norwegian bokmål", "multi-language"),
)
IMAGE_CONFIG = _some(
    {
        "model_type": st.sampled_from(("IMAGE_CLASSIFICATION", "OBJECT_DETECTION")),
        "max_objects": COUNTS,
        "iou_threshold": FRACTIONS,
        "context": FRACTIONS,
        "num_segments": COUNTS,
        "segment_compactness": WHOLES,
        "feature_extraction_method": TEXTS,
        "debug": _some(
            {
                "image_names": st.lists(TEXTS, max_size=2),
                "class_ids": st.lists(WHOLES, max_size=2),
                "sample_from": WHOLES,
                "sample_to": WHOLES,
            }
        ),
    }
)
SHAP = _some(
    {
        "baseline": TEXTS
        | st.lists(
            st.lists(CELLS, max_size=3) | st.dictionaries(TEXTS, JSON, max_size=2), max_size=3
        )
        | st.dictionaries(TEXTS, JSON, max_size=2),
        "num_clusters": COUNTS,
        "num_samples": COUNTS,
        "features_to_explain": st.lists(COLUMNS, max_size=2),
        "agg_method": _cased("mean_abs", "mean_sq", "median"),
        "use_logit": st.booleans(),
        "save_local_shap_values": st.booleans(),
        "seed": WHOLES,
        "text_config": TEXT_CONFIG,
        "image_config": IMAGE_CONFIG,
    }
)
FORECAST_BASELINE = _some(
    {
        "target_time_series": _cased("zero", "mean"),
        "related_time_series": _cased("zero", "mean"),
        "static_covariates": st.dictionaries(TEXTS, VALUES, max_size=2),
    }
)
METHODS = _some(
    {
        "pre_training_bias": _metrics(PRE_TRAINING),
        "post_training_bias": _metrics(POST_TRAINING),
        "shap": SHAP,
        "pdp": _some(
            {"features": st.lists(COLUMNS, max_size=2), "top_k_features": COUNTS},
            grid_resolution=COUNTS,
        ),
        "asymmetric_shapley_value": _some(
            {"num_samples": COUNTS, "baseline": TEXTS | FORECAST_BASELINE},
            direction=_cased("chronological", "anti_chronological", "bidirectional"),
            granularity=_cased("timewise", "fine_grained"),
        ),
        "report": _some({"title": TEXTS}, name=TEXTS),
    }
)
PREDICTOR = _some(
    {
        **dict.fromkeys(
            (
                "model_name",
                "instance_type",
                "endpoint_name",
                "endpoint_name_prefix",
                "accelerator_type",
                "target_model",
                "custom_attributes",
                "record_template",
            ),
            TEXTS,
        ),
        "initial_instance_count": WHOLES,
        "content_type": _cased(
            "text/csv", "application/jsonlines", "application/json", "image/jpeg", "image/png"
        ),
        "accept_type": _cased("text/csv", "application/jsonlines", "application/json"),
        "content_template": TEXTS | st.dictionaries(TEXTS, TEXTS, max_size=2),
        "label": COLUMNS,
        "probability": COLUMNS,
        "label_headers": st.lists(TEXTS | WHOLES, max_size=3),
        "time_series_predictor_config": st.fixed_dictionaries({"forecast": TEXTS}),
    }
)
_ADDRESSES = st.lists(TEXTS, max_size=2) | st.lists(WHOLES, max_size=2)
SERIES = _some(
    {
        "related_time_series": _ADDRESSES,
        "static_covariates": _ADDRESSES,
        "dataset_format": _cased("columns", "item_records", "timestamp_records"),
    },
    target_time_series=COLUMNS,
    item_id=COLUMNS,
    timestamp=COLUMNS,
)
any_keys = _some(
    {
        "version": st.just("1.0"),
        **dict.fromkeys(
            ("dataset_uri", "features", "predicted_label_dataset_uri", "facet_dataset_uri"), TEXTS
        ),
        **dict.fromkeys(
            ("label", "predicted_label", "joinsource_name_or_index", "group_variable"), COLUMNS
        ),
        **dict.fromkeys(
            ("headers", "predicted_label_headers", "facet_headers"), st.lists(TEXTS, max_size=4)
        ),
        "excluded_columns": st.lists(COLUMNS, max_size=2),
        "label_values_or_threshold": VALUES,
        "facet": st.lists(_some({"value_or_threshold": VALUES}, name_or_index=COLUMNS), max_size=2),
        "probability_threshold": FLOATS,
        "time_series_data_config": SERIES,
        "segment_config": st.lists(
            _some(
                {"config_name": TEXTS, "display_aliases": st.lists(TEXTS, max_size=2)},
                name_or_index=COLUMNS,
                segments=st.lists(st.lists(TEXTS | WHOLES, max_size=2), max_size=2),
            ),
            max_size=2,
        ),
        "predictor": PREDICTOR,
    },
    dataset_type=_cased(
        "text/csv",
        "application/jsonlines",
        "application/json",
        "application/x-parquet",
        "application/x-image",
        "application/sagemakercapturejson",
    ),
    methods=METHODS,
)

_FREE = {
    "version": st.just("1.0"),
    "dataset_uri": st.just("s3://bucket/data"),
    "label_values_or_threshold": VALUES.filter(bool),
    "probability_threshold": FLOATS,
}


@st.composite
def accepted(draw: st.DrawFn) -> Config:
    """Make a config that keeps every rule."""
    config = draw(st.sampled_from(MODALITIES))()
    for key, values in _FREE.items():
        if draw(st.booleans()):
            config[key] = draw(values)
    if "shap" in config["methods"]:
        config["methods"]["shap"] |= {"seed": draw(WHOLES), "use_logit": draw(st.booleans())}
    if draw(st.booleans()):
        config["methods"]["report"] = {"title": draw(TEXTS), "name": "report"}
    return dict(draw(st.permutations(list(config.items()))))


#: Any JSON object at all, often with keys that a config knows.
_KEYS = st.sampled_from(
    ("dataset_type", "headers", "label", "facet", "methods", "predictor", "shap", "pdp", "report",
     "name_or_index", "baseline", "asymmetric_shapley_value", "static_covariates", "text_config",
     "segment_config", "segments", "time_series_data_config", "post_training_bias", "model_name")
)  # fmt: skip
anything = st.dictionaries(
    _KEYS | TEXTS,
    st.recursive(
        CELLS | st.booleans() | st.sampled_from(("text/csv", "all", "${Token[TOKEN.1]}", "token")),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(_KEYS | TEXTS, inner, max_size=4)
        ),
        max_leaves=15,
    ),
    max_size=6,
)
