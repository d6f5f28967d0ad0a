"""What one execution may change in the deployed analysis, and what it may not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clarify_lambda.prepare.refusal import not_allowed, problem, shown

OVERRIDES = ("dataset_uri", "endpoint_name", "model_name", "name")
RUN_NAME_MAX = 63
_RUN_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")
#: Keys of `predictor` that mean something with a model only, and go when an endpoint replaces it.
_MODEL_KEYS = (
    "accelerator_type",
    "endpoint_name_prefix",
    "initial_instance_count",
    "instance_type",
    "model_name",
)


def problems(
    overrides: object, config: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    """Yield every reason why these overrides cannot be taken, but for the data they name."""
    if not isinstance(overrides, Mapping):
        yield problem(
            "override-not-an-object",
            "execution input",
            f"a {type(overrides).__name__}",
            "a JSON object",
            "Start the execution with {} or with some of: " + ", ".join(OVERRIDES) + ".",
        )
        return
    for key in sorted(set(overrides) - set(OVERRIDES)):
        yield problem(
            "override-unknown",
            "execution input",
            f"the key {shown(key)}",
            "only " + ", ".join(OVERRIDES),
            "Remove it; what the config says is changed by deploying another config.",
        )
    known = {key: overrides[key] for key in OVERRIDES if key in overrides}
    for key, value in known.items():
        if not isinstance(value, str) or not value:
            yield problem(
                "override-not-a-text", key, f"a {type(value).__name__}", "a text", "Give a text."
            )
    texts = {key: value for key, value in known.items() if isinstance(value, str) and value}
    if "name" in texts:
        yield from _name_problems(texts["name"])
    yield from _predictor_problems(texts, config.get("predictor") or {}, pipeline)


def merged(config: Mapping[str, Any], overrides: Mapping[str, str]) -> dict[str, Any]:
    """Return the config with overrides that were found to be without problems."""
    run_config = dict(config)
    if "dataset_uri" in overrides and "dataset_uri" in config:
        run_config["dataset_uri"] = overrides["dataset_uri"]
    if "model_name" in overrides:
        run_config["predictor"] = {**config["predictor"], "model_name": overrides["model_name"]}
    if "endpoint_name" in overrides:
        kept = {key: val for key, val in config["predictor"].items() if key not in _MODEL_KEYS}
        run_config["predictor"] = {**kept, "endpoint_name": overrides["endpoint_name"]}
    return run_config


def _name_problems(name: str) -> Iterator[str]:
    if len(name) > RUN_NAME_MAX or not _RUN_NAME.fullmatch(name):
        yield problem(
            "override-name",
            "name",
            shown(name),
            f"letters, digits and inner hyphens, at most {RUN_NAME_MAX}",
            "Give another name.",
        )


def _predictor_problems(
    texts: Mapping[str, str], predictor: Mapping[str, Any], pipeline: Mapping[str, Any]
) -> Iterator[str]:
    if "model_name" in texts and "endpoint_name" in texts:
        yield problem(
            "override-model-and-endpoint",
            "execution input",
            "both model_name and endpoint_name",
            "one of the two",
            "Remove one.",
        )
    for key, needs in (
        ("model_name", {"model_name"}),
        ("endpoint_name", {"model_name", "endpoint_name"}),
    ):
        if key not in texts:
            continue
        if not needs & set(predictor):
            yield problem(
                f"override-without-{key.removesuffix('_name')}",
                key,
                shown(texts[key]),
                f"no {key}: the deployed config asks no "
                + ("model" if key == "model_name" else "model or endpoint"),
                "Remove it, or deploy a config whose predictor has one.",
            )
        allowed = pipeline[f"allowed_{key.removesuffix('_name')}s"]
        if texts[key] != predictor.get(key) and not _is_one_of(texts[key], allowed):
            yield not_allowed(key, texts[key], allowed, f"allowed_{key.removesuffix('_name')}s")


def _is_one_of(name: str, allowed: Iterable[str]) -> bool:
    """Tell whether a name is allowed: as it stands there, or by what it begins with and a ``*``."""
    return any(name.startswith(one[:-1]) if one.endswith("*") else name == one for one in allowed)
