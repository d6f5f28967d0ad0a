"""A stage for many rehearsals: one emulator, one synthesis, one model, a stack for each test."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from clarify_contract.metrics import POST_TRAINING
from clarify_local.assembly import StackArtifact, read_assembly
from clarify_local.aws import ACCOUNT, REGION, EmulatedAws
from clarify_local.deploy import DeployedStack, deploy_all
from clarify_local.deployed import Pipeline, find_pipeline
from clarify_local.emulator.client import Emulator
from clarify_local.outcome import Outcome, collect
from clarify_local.plan import Inputs, Plan
from clarify_local.preparing import synthesise_with_lookups
from clarify_local.rehearsal import run, tell_images
from clarify_local.seeding import seed
from clarify_local.synthesis import BUILT_IN_APP
from support_local.example import DIABETES

CONFIG: dict[str, Any] = json.loads((DIABETES / "analysis_config.json").read_text())
# Most rehearsals here ask how a run ends; what it explains is asked of the whole example.
for _method in ("shap", "pdp", "report"):
    del CONFIG["methods"][_method]
# For FT, an engine loads a library for seconds: one of these rehearsals asks for every metric.
EVERY_METRIC = copy.deepcopy(CONFIG)
CONFIG["methods"]["post_training_bias"]["methods"] = [m for m in POST_TRAINING if m != "FT"]
WAITING_FACTOR = 0.01  # a refused call is tried again, but without the wait
MODEL_NAME = CONFIG["predictor"]["model_name"]
WIDE = {"DI": {"min": 0.5, "max": 2.0}}
TIGHT = {"AD": {"min": -0.1, "max": 0.1}, "DI": {"min": 0.8, "max": 1.25}}


def example_config(**changes: Any) -> dict[str, Any]:
    """Return the example's config with some keys replaced, or removed where None is given."""
    config = copy.deepcopy(CONFIG) | changes
    return {key: value for key, value in config.items() if value is not None}


def synthesise_stacks(entries: Mapping[str, Mapping[str, Any]], folder: Path) -> Path:
    """Synthesise one ClarifyStack for each entry, whose `config` is a mapping here."""
    context = {}
    for name, entry in entries.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(entry["config"]))
        context[name] = {**entry, "config": str(path), "account": ACCOUNT, "region": REGION}
    plan = Plan(
        app=BUILT_IN_APP,
        context={"clarify": context},
        folder=folder,
        inputs=lambda scratch: Inputs(),
    )
    (folder / "scratch").mkdir()
    return synthesise_with_lookups(plan, folder / "scratch")


@dataclass
class Stage:
    """Deploys the synthesised stacks, each time under a new name, and runs them."""

    emulator: Emulator
    aws: EmulatedAws
    stacks: Mapping[str, StackArtifact]
    inputs: Inputs
    folder: Path
    _count: int = field(default=0)

    def deploy(self, name: str) -> Pipeline:
        """Deploy a stack of this name."""
        return self.deploy_stack(name)[0]

    def deploy_stack(self, name: str) -> tuple[Pipeline, DeployedStack]:
        """Deploy a stack of this name; return its pipeline and all of it."""
        deployed = self.deploy_any(name)
        return find_pipeline(self.aws, deployed), deployed

    def deploy_any(self, name: str) -> DeployedStack:
        """Deploy a stack of this name, however many pipelines it has."""
        self._count += 1
        stack = self.stacks[name]
        copied = replace(stack, name=f"{name}{self._count}")
        deployed = deploy_all(self.aws, [copied])[copied.name]
        tell_images(self.emulator, [copied])
        return deployed

    def seed(self, pipeline: Pipeline, inputs: Inputs | None = None) -> None:
        """Put data (and a model, if its name is not taken yet) in place."""
        seed(self.aws, pipeline, {}, inputs or replace(self.inputs, model=None))

    def run(self, pipeline: Pipeline, given: Mapping[str, Any] | None = None) -> Outcome:
        """Run a deployed pipeline once."""
        execution, watch = run(self.aws, pipeline, given or {})
        return collect(self.aws, execution, watch, self.folder / "results")

    def endpoints(self) -> list[str]:
        """Return the names of all shadow endpoints and their configs that exist now."""
        sagemaker = self.aws.client("sagemaker")
        names = [
            *(e["EndpointName"] for e in sagemaker.list_endpoints()["Endpoints"]),
            *(
                c["EndpointConfigName"]
                for c in sagemaker.list_endpoint_configs()["EndpointConfigs"]
            ),
        ]
        return [name for name in names if name.startswith("sm-clarify")]

    def delete_endpoints(self) -> None:
        """Delete what a run without the right to do so left behind."""
        sagemaker = self.aws.client("sagemaker")
        for endpoint in sagemaker.list_endpoints(NameContains="sm-clarify")["Endpoints"]:
            sagemaker.delete_endpoint(EndpointName=endpoint["EndpointName"])
        for config in sagemaker.list_endpoint_configs()["EndpointConfigs"]:
            if config["EndpointConfigName"].startswith("sm-clarify"):
                sagemaker.delete_endpoint_config(EndpointConfigName=config["EndpointConfigName"])


def read_stacks(assembly: Path) -> dict[str, StackArtifact]:
    """Return the stacks of an assembly by name."""
    stacks = read_assembly(assembly, account=ACCOUNT, region=REGION)
    return {stack.name: stack for stack in stacks}
