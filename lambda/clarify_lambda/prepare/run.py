"""From the deployed config and one execution's overrides to the run: pure, nothing is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from clarify_lambda.prepare import overrides as override
from clarify_lambda.prepare.dataset import dataset_problems, deployed_dataset
from clarify_lambda.prepare.names import endpoint_prefix, job_name, run_token
from clarify_lambda.prepare.refusal import RunRefused, problem


@dataclass(frozen=True)
class PreparedRun:
    """One run, ready to be written and started.

    Attributes
    ----------
    state
        What the state machine goes on with: plain JSON values.
    config
        The text of this run's ``analysis_config.json``, to be written to ``state["config_uri"]``.
    dataset_uri
        What the run reads, whether the config or the job's input names it.
    """

    state: dict[str, Any]
    config: str
    dataset_uri: str


def prepare(event: Mapping[str, Any]) -> PreparedRun:
    """Merge an execution's overrides into the deployed config and name everything the run needs.

    Parameters
    ----------
    event
        ``config`` (the deployed config as one JSON text), ``pipeline`` (what the stack fixed:
        ``results_uri``, ``dataset_uri``, ``job_name_prefix``, ``allowed_models``,
        ``allowed_endpoints``, ``allowed_datasets``; and for the look beforehand
        ``dataset_manifest``, ``max_runtime`` and ``instance_count``), ``execution_id``,
        ``execution_started``, ``overrides`` (the execution's input) and ``state`` (its state;
        ``attempt`` counts earlier attempts).

    Raises
    ------
    RunRefused
        With every reason why this run would not do what was asked.
    """
    config, pipeline = _config(event["config"]), event["pipeline"]
    overrides: Any = event["overrides"]
    given = overrides if isinstance(overrides, Mapping) else {}
    dataset_uri = given.get("dataset_uri", deployed_dataset(config, pipeline))
    refusals = list(override.problems(overrides, config, pipeline))
    if dataset_uri is None or isinstance(dataset_uri, str):
        refusals += dataset_problems(dataset_uri, config, pipeline)
    if refusals or dataset_uri is None:
        raise RunRefused(refusals)
    attempt = _attempt(event["state"])
    token = run_token(event["execution_id"], event["execution_started"], attempt)
    name = overrides.get("name")
    job = job_name(pipeline["job_name_prefix"], name, token)
    run_uri = f"{pipeline['results_uri'].rstrip('/')}/{job}"

    run_config = override.merged(config, overrides)
    deployed, prefix = config.get("predictor") or {}, None
    if "model_name" in deployed:
        # A run that asks an existing endpoint has one too: the job's request always names it.
        prefix = endpoint_prefix(deployed.get("endpoint_name_prefix"), token)
        if "model_name" in run_config["predictor"]:
            run_config["predictor"] = {**run_config["predictor"], "endpoint_name_prefix": prefix}
    state = {
        "attempt": attempt,
        "name": name,
        "job_name": job,
        "run_uri": run_uri,
        "config_uri": f"{run_uri}/config/analysis_config.json",
        "output_uri": f"{run_uri}/output",
        "endpoint_name_prefix": prefix,
    }
    if "dataset_uri" not in config:
        state["dataset_uri"] = dataset_uri
    text = json.dumps(run_config, ensure_ascii=False, allow_nan=False)
    return PreparedRun(state, text, dataset_uri)


def _config(text: str) -> dict[str, Any]:
    """Parse the deployed text; Python keeps ``1.0`` and ``1`` apart, and so does the container."""

    def constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is no JSON")

    try:
        config = json.loads(text, parse_constant=constant)
    except ValueError:
        config = None
    if not isinstance(config, dict):
        raise RunRefused(
            [
                problem(
                    "config-not-json",
                    "deployed config",
                    "text that is not one JSON object",
                    "the text of an analysis_config.json",
                    "Deploy the stack again with a valid config.",
                )
            ]
        )
    return config


def _attempt(state: object) -> int:
    """Count on from the last attempt; the first pass has the execution's input for a state."""
    before = state.get("attempt", 0) if isinstance(state, Mapping) else 0
    return int(before) + 1
