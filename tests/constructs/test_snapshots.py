"""One readable template for each configuration: what a change to the constructs changes.

The context is pinned to that of `cdk.json`. After a change that is meant:
CLARIFY_UPDATE_SNAPSHOTS=1 python -m pytest tests/constructs/test_snapshots.py
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clarify_cdk.testing.fixtures import FOLDER, TemplateSnapshot
from support_constructs.stacks import STACKS
from support_constructs.templates import assembly

KEPT = Path(__file__).parent / FOLDER / "test_snapshots"


@pytest.mark.parametrize("stack", STACKS)
def test_template(stack: str, template_snapshot: TemplateSnapshot) -> None:
    template = assembly("recommended-flags").folder / f"{stack}.template.json"
    template_snapshot(json.loads(template.read_text("utf-8")))


def test_no_template_is_kept_of_what_is_gone() -> None:
    assert {path.name for path in KEPT.iterdir()} == {f"test_template[{s}].txt" for s in STACKS}
