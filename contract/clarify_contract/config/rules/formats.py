"""What each dataset format allows and needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clarify_contract.config.columns import JSON_KINDS
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.analyses import ANALYSES_ASKED, asked
from clarify_contract.config.rules.rule import Problem, rule
from clarify_contract.config.wording import describe
from clarify_contract.s3 import S3Uri
from clarify_contract.tokens import is_token

PARQUET = "application/x-parquet"
IMAGE = "application/x-image"
SIDE_DATASETS = (
    ("facet_dataset_uri", "facet_headers"),
    ("predicted_label_dataset_uri", "predicted_label_headers"),
)
# In JMESPath, text in quotes of any kind is a key or a literal; anywhere else a hyphen between
# letters or digits is no part of a name.
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`")
_BARE_HYPHEN = re.compile(r"[A-Za-z0-9_]-[A-Za-z0-9_]")


@rule("X6", "dataset_type", "predictor.content_type?", "label")
def parquet_has_content_type_and_a_label_name(config: AnalysisKeys) -> Iterator[Problem]:
    """Parquet needs the predictor's `content_type`, and its `label` is a column name."""
    if config.dataset_type != PARQUET:
        return
    if config.predictor is not None and config.predictor.content_type is None:
        yield Problem(
            "$.predictor.content_type",
            "nothing, with a Parquet dataset",
            "the form of the requests, since no endpoint takes Parquet",
            'Write what the model reads, for example "text/csv".',
        )
    if isinstance(config.label, int):
        yield Problem(
            "$.label",
            f"the index {config.label}",
            "a column name, with a Parquet dataset",
            "Write the column's name.",
        )


@rule(
    "X12",
    "dataset_type",
    *ANALYSES_ASKED,
    "methods.shap.image_config?",
    "predictor.label_headers",
    "predicted_label?",
    "excluded_columns?",
)
def images_have_shap_alone(config: AnalysisKeys) -> Iterator[Problem]:
    """Images take `shap` with `image_config` and `label_headers`, and nothing about columns."""
    if config.dataset_type != IMAGE:
        return
    if others := [name for name in asked(config) if name != "shap"]:
        yield Problem(
            "$.methods",
            f"{', '.join(others)} with an image dataset",
            "shap",
            "Remove what is no shap: columns and labels do not exist for images.",
        )
    if config.methods.shap is not None and config.methods.shap.image_config is None:
        yield Problem(
            "$.methods.shap.image_config",
            "nothing, with an image dataset",
            "an object that says how images are explained",
            'Add it, for example {"model_type": "IMAGE_CLASSIFICATION"}.',
        )
    if config.predictor is not None and not config.predictor.label_headers:
        yield Problem(
            "$.predictor.label_headers",
            "nothing, with an image dataset",
            "the labels in the order of the scores",
            "List the class names.",
        )
    for key in ("predicted_label", "excluded_columns"):
        if getattr(config, key) is not None:
            yield Problem(f"$.{key}", "a value, with an image dataset", "no such key", "Remove it.")


@rule("image-config", "dataset_type", "methods.shap.image_config?", "methods.shap.text_config?")
def image_config_is_for_images(config: AnalysisKeys) -> Iterator[Problem]:
    """`image_config` is for image datasets, `text_config` is not."""
    shap, images = config.methods.shap, config.dataset_type == IMAGE
    if shap is None:
        return
    if shap.image_config is not None and not images:
        yield Problem(
            "$.methods.shap.image_config",
            f"image_config with a {config.dataset_type} dataset",
            f"image_config with {IMAGE} only",
            "Remove it, or correct dataset_type.",
        )
    if shap.text_config is not None and images:
        yield Problem(
            "$.methods.shap.text_config",
            "text_config with an image dataset",
            "image_config",
            "Remove it, or correct dataset_type.",
        )


@rule(
    "X13",
    "dataset_type",
    "facet_dataset_uri?",
    "facet_headers?",
    "predicted_label_dataset_uri?",
    "predicted_label_headers?",
)
def side_datasets_are_csv(config: AnalysisKeys) -> Iterator[Problem]:
    """Facets and predicted labels in datasets of their own are for CSV only."""
    for key in (key for pair in SIDE_DATASETS for key in pair):
        if getattr(config, key) is not None and config.dataset_type != "text/csv":
            yield Problem(
                f"$.{key}",
                f"a side dataset with {config.dataset_type}",
                "side datasets with text/csv only",
                "Put the columns into the dataset itself, or turn the datasets into CSV.",
            )


@rule(
    "side-headers",
    "facet_dataset_uri?",
    "facet_headers?",
    "predicted_label_dataset_uri?",
    "predicted_label_headers?",
)
def side_headers_have_a_side_dataset(config: AnalysisKeys) -> Iterator[Problem]:
    """Headers of a side dataset need that dataset's URI."""
    for uri, headers in SIDE_DATASETS:
        if getattr(config, headers) is not None and getattr(config, uri) is None:
            yield Problem(
                f"$.{headers}",
                f"headers without {uri}",
                f"headers of the dataset at {uri}",
                f"Add {uri}, or remove the headers.",
            )


@rule("features-path", "dataset_type", "features", "time_series_data_config?")
def json_says_where_features_are(config: AnalysisKeys) -> Iterator[Problem]:
    """JSON Lines and JSON need `features`, unless they hold time series."""
    tables = config.dataset_type in JSON_KINDS and config.time_series_data_config is None
    if tables and not config.features:
        path = "features" if config.dataset_type == "application/jsonlines" else "[*].features"
        yield Problem(
            "$.features",
            f"nothing, with {config.dataset_type}",
            "the JMESPath of the features",
            f'Add it, for example "{path}".',
        )


@rule("label-path", "dataset_type", "label", "predicted_label")
def json_labels_are_paths(config: AnalysisKeys) -> Iterator[Problem]:
    """In JSON Lines and JSON, `label` and `predicted_label` are JMESPaths and no indices."""
    for key in ("label", "predicted_label"):
        if config.dataset_type in JSON_KINDS and isinstance(getattr(config, key), int):
            yield Problem(
                f"$.{key}",
                f"an index, with {config.dataset_type}",
                "a JMESPath",
                'Write where the label is, for example "label" or "[*].label".',
            )


@rule("jmespath-quotes", "dataset_type", "label", "predicted_label", "features")
def json_paths_quote_hyphens(config: AnalysisKeys) -> Iterator[Problem]:
    """In a JMESPath, a key with a hyphen stands in double quotes."""
    if config.dataset_type not in JSON_KINDS:
        return
    for key in ("label", "predicted_label", "features"):
        path = getattr(config, key)
        if isinstance(path, str) and _BARE_HYPHEN.search(_QUOTED.sub("", path)):
            yield Problem(
                f"$.{key}",
                describe(path),
                "a JMESPath, in which keys with a hyphen are quoted",
                'Quote the key: data."my-key".',
            )


@rule(
    "s3-uri",
    "dataset_uri",
    "facet_dataset_uri",
    "predicted_label_dataset_uri",
    "methods.shap.baseline",
    "methods.asymmetric_shapley_value.baseline",
)
def uris_are_s3_uris(config: AnalysisKeys) -> Iterator[Problem]:
    """Datasets and baselines that the job reads itself are in S3."""
    places = [(f"$.{key}", getattr(config, key)) for key in ("dataset_uri", *_SIDE_URIS)]
    for name in ("shap", "asymmetric_shapley_value"):
        baseline = getattr(getattr(config.methods, name), "baseline", None)
        places.append((f"$.methods.{name}.baseline", baseline))
    for path, uri in places:
        if not isinstance(uri, str) or is_token(uri):
            continue
        try:
            S3Uri.parse(uri)
        except ValueError as error:
            # A baseline that is no URI may be a cell of data that lost its list.
            shown = "a text" if path.endswith("baseline") else describe(uri)
            yield Problem(path, f"{shown}: {error}", "s3://bucket/key", "Write the full S3 URI.")


_SIDE_URIS = tuple(uri for uri, _ in SIDE_DATASETS)
