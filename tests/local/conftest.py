"""The stage that the rehearsals of these tests share: set up once, because it takes a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clarify_local.aws import EmulatedAws
from clarify_local.deploy import DeployedStack
from clarify_local.emulator.client import Emulator
from clarify_local.example import find_example
from clarify_local.network_check import describe_network, find_tenants
from clarify_local.plan import Inputs
from clarify_local.seeding import create_model
from support_local.governed import deploy_app, synthesise_app
from support_local.mistakes import (
    BAD_COLUMNS,
    BAD_DOCUMENT,
    BAD_HEADERS,
    BAD_LINES,
    BAD_SIDE,
    ONE_ZONE,
    SERIES,
    SERIES_BY_INDEX,
)
from support_local.networks import Described
from support_local.shared import made_once
from support_local.stage import (
    CONFIG,
    EVERY_METRIC,
    MODEL_NAME,
    TIGHT,
    WAITING_FACTOR,
    WIDE,
    Stage,
    example_config,
    read_stacks,
    synthesise_stacks,
)
from support_local.traps import PARQUET, TRAPS

ENTRIES = {
    "Passes": {"config": example_config(), "limits": WIDE},
    "Rejects": {"config": example_config(), "limits": TIGHT},
    "EveryMetric": {"config": EVERY_METRIC, "limits": WIDE},
    "BadColumns": {"config": BAD_COLUMNS, "vpc": False},
    "BadDocument": {"config": BAD_DOCUMENT, "vpc": False},
    "BadHeaders": {"config": BAD_HEADERS, "vpc": False},
    "BadLines": {"config": BAD_LINES, "vpc": False},
    "BadSide": {"config": BAD_SIDE, "vpc": False, "max_runtime_minutes": 1},
    "Endpoint": {
        "config": example_config(predictor={"endpoint_name": "ours", "probability": 0}),
        "functions_in_vpc": True,
    },
    "OneZone": {
        "config": example_config(predictor=CONFIG["predictor"] | {"model_name": ONE_ZONE}),
        "vpc": False,
    },
    "Parquet": {"config": PARQUET, "vpc": False},
    "Series": {"config": SERIES, "vpc": False},
    "SeriesByIndex": {"config": SERIES_BY_INDEX, "vpc": False},
    "Traps": {"config": TRAPS, "vpc": False},
    "SideDataset": {
        "config": example_config(
            predictor=None,
            excluded_columns=None,
            group_variable=None,
            methods={"pre_training_bias": {"methods": ["CI"]}},
            facet_dataset_uri="s3://clinics/patients.csv",
            facet_headers=["clinic"],
            facet=[{"name_or_index": "clinic", "value_or_threshold": ["north"]}],
        ),
        "vpc": False,
    },
    "NoModel": {
        "config": example_config(
            predictor=None,
            excluded_columns=None,
            methods={"pre_training_bias": {"methods": "all"}},
        ),
        "vpc": False,
    },
    "Baseline": {
        "config": example_config(
            predictor=None,
            excluded_columns=None,
            methods={"pre_training_bias": {"methods": "all"}},
        ),
        "rules": {"baseline": {"job_name": "clarify-former"}, "no_worse": [{}]},
        "vpc": False,
    },
    "OpenEngine": {"config": example_config(), "limits": WIDE, "image": "open-engine"},
}


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    data = made_once(tmp_path_factory, "example", lambda into: find_example().make(into)[0])
    model = data.with_name("model.tar.gz")
    stacks = made_once(tmp_path_factory, "stacks", lambda into: synthesise_stacks(ENTRIES, into))
    with Emulator() as emulator:
        aws = EmulatedAws(emulator.endpoint, emulator.session())
        create_model(aws, MODEL_NAME, model)
        emulator.creating_seconds(0.5)
        emulator.waiting_factor(WAITING_FACTOR)
        emulator.enforce_iam()
        yield Stage(
            emulator,
            aws,
            read_stacks(stacks),
            Inputs(data, model),
            tmp_path_factory.mktemp("stage"),
        )


@pytest.fixture(scope="session")
def described(stage: Stage) -> Described:
    """The own VPC of a stack whose job asks a model, as the emulated EC2 describes it."""
    (tenant,) = find_tenants(stage.aws, stage.deploy("Passes"))
    return Described(describe_network(stage.aws), tenant)


@pytest.fixture(scope="session")
def functions(stage: Stage) -> Described:
    """The functions of a stack that asks an endpoint, in its own VPC."""
    _, tenant = find_tenants(stage.aws, stage.deploy("Endpoint"))
    return Described(describe_network(stage.aws), tenant)


@pytest.fixture(scope="session")
def governed(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> dict[str, DeployedStack]:
    """Return the stacks of pipelines that start by themselves."""
    return deploy_app(stage, made_once(tmp_path_factory, "governed", synthesise_app))
