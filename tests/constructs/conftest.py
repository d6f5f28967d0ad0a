"""Templates that several tests look into, each with and without the flags of new projects."""

from __future__ import annotations

import pytest

from clarify_cdk.testing.fixtures import template_snapshot as template_snapshot
from support_constructs.templates import FLAGS, Template, assembly


@pytest.fixture(params=FLAGS)
def flags(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def model(flags: str) -> Template:
    return assembly(flags).template("ModelInOwnVpc")


@pytest.fixture
def pre_training(flags: str) -> Template:
    return assembly(flags).template("PreTrainingWithoutVpc")


@pytest.fixture
def endpoint(flags: str) -> Template:
    return assembly(flags).template("EndpointInGivenVpc")
