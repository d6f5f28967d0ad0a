"""One emulator for all these tests, with a toy in place of the engine; the CDK CLI."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import support_emulator
from clarify_local.emulator.client import Emulator
from support_emulator.cdk_cli import install
from support_emulator.stacks import Stacks

TOY = Path(support_emulator.__file__).with_name("toy_engine.py")


@pytest.fixture(scope="session")
def shared_emulator() -> Iterator[Emulator]:
    with Emulator(engine=[sys.executable, "-P", str(TOY)], stop_grace_seconds=2.0) as emulator:
        yield emulator


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Iterator[Emulator]:
    """The shared emulator, as it was started."""
    shared_emulator.creating_seconds(0.2)
    yield shared_emulator
    shared_emulator.enforce_iam(False)
    shared_emulator.waiting_factor(1)


@pytest.fixture
def stacks(emulator: Emulator) -> Stacks:
    return Stacks(emulator)


@pytest.fixture(scope="session")
def cdk_command(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command line of the CDK CLI, from the npm registry: for tests marked ``registry``."""
    return install(tmp_path_factory.mktemp("cli"))
