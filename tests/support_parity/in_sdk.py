"""Make each call of the grid with the SDK and with `AnalysisConfig.from_sagemaker`.

A program for the Python that has the SDK: calls as JSON on the standard input, outcomes as JSON on
the standard output. What the SDK uploads is caught where its session would send it to S3.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

from schema import SchemaError

from clarify_contract import AnalysisConfig, Refused

#: How the arguments of each method are called by `from_sagemaker`: docs/moving-from-the-sdk.md.
RENAMED: dict[str, dict[str, str]] = {
    "run_pre_training_bias": {"data_bias_config": "bias_config", "methods": "pre_training_methods"},
    "run_post_training_bias": {
        "data_bias_config": "bias_config",
        "methods": "post_training_methods",
    },
    "run_bias": {},
    "run_explainability": {"model_scores": "model_predicted_label_config"},
    "run_bias_and_explainability": {},
}
LEFT_OUT = {
    "run_pre_training_bias": {"post_training_methods": None},
    "run_post_training_bias": {"pre_training_methods": None},
}
#: What an object of the SDK gives to the SDK.
GETTERS = ("get_config", "get_predictor_config", "get_explainability_config")


class Uploaded(Exception):  # noqa: N818 - it is how a call ends well
    """The SDK has uploaded this config."""


def upload_data(path: str, **_: Any) -> None:
    """Catch what goes to S3, and end the call before it starts a job."""
    raise Uploaded(Path(path).read_text(encoding="utf-8"))


def built(sdk: Any, value: Any) -> Any:
    """Make the objects of the SDK that a call's arguments stand for."""
    if isinstance(value, list):
        return [built(sdk, item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: built(sdk, item) for key, item in value.items() if key != "class"}
    if "class" not in value:
        return made
    if value["class"] == "TimeSeriesJSONDatasetFormat":
        return sdk.TimeSeriesJSONDatasetFormat(value["value"])
    if value["class"] == "ParameterString":
        workflow = sdk.__name__.removesuffix("clarify") + "workflow.parameters"
        return importlib.import_module(workflow).ParameterString(**made)
    return getattr(sdk, value["class"])(**made)


def part(value: Any) -> Any:
    """Return what an object of the SDK gives to the SDK, by the name of its method."""
    if isinstance(value, list):
        return [part(item) for item in value]
    getters = {name: getattr(value, name)() for name in GETTERS if hasattr(value, name)}
    return getters or value


def processor_of(sdk: Any) -> Any:
    """Make a processor whose session holds no account; it takes the SDK a tenth of a second."""
    session = MagicMock(boto_region_name="eu-west-1", sagemaker_config={})
    session.upload_data.side_effect = upload_data
    return sdk.SageMakerClarifyProcessor(
        role="arn:aws:iam::123456789012:role/Clarify",
        instance_count=1,
        instance_type="ml.m5.large",
        sagemaker_session=session,
    )


def by_sdk(processor: Any, run: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the config that the SDK uploads, or why it does not."""
    try:
        getattr(processor, run)(**arguments)
    except Uploaded as uploaded:
        return {"uploaded": json.loads(str(uploaded))}
    except (ValueError, SchemaError) as error:
        return {"refused": f"{type(error).__name__}: {error}"}
    raise AssertionError("the SDK uploaded nothing")


def by_bridge(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the config that `from_sagemaker` makes, or its findings."""
    try:
        return {"made": AnalysisConfig.from_sagemaker(**arguments).to_dict()}
    except Refused as refused:
        return {"findings": [[found.id, found.path] for found in refused.findings]}


def outcome(sdk: Any, processor: Any, call: dict[str, Any]) -> dict[str, Any]:
    """Make one call both ways, and record what the objects of the SDK give."""
    run, arguments = call["run"], built(sdk, call["arguments"])
    names = RENAMED[run]
    ours = {names.get(name, name): value for name, value in arguments.items()} | LEFT_OUT.get(
        run, {}
    )
    given = {name: part(value) for name, value in ours.items()}
    # The bridge first: the SDK must not have changed anything that it reads.
    made = by_bridge(ours)
    return {"given": given, **made, **by_sdk(processor, run, arguments)}


def _refuse_network(event: str, _: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError("the SDK calls out")


def main() -> None:
    """Answer the calls of the standard input with the SDK module that is named."""
    sys.addaudithook(_refuse_network)
    # v2 writes its log to the standard output.
    with contextlib.redirect_stdout(sys.stderr):
        sdk = importlib.import_module(sys.argv[1])
        processor = processor_of(sdk)
        outcomes = [outcome(sdk, processor, call) for call in json.load(sys.stdin)]
    # Pipeline variables have no JSON, and refuse to become a text.
    json.dump(outcomes, sys.stdout, ensure_ascii=False, default=lambda value: type(value).__name__)


if __name__ == "__main__":
    main()
