"""Whatever a table holds: what `clarify init` starts from passes, or a person is asked."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from clarify_local.starter.answers import Answers
from clarify_local.starter.columns import Data
from clarify_local.starter.starting import start
from clarify_local.starter.undecided import Undecided

KINDS: tuple[tuple[str | int | float, ...], ...] = (
    ("yes", "no"),
    ("yes", "no", ""),
    ("north", "south-west", "é"),
    (0, 1),
    (0, 1, ""),
    (0, 1, 2, 3),
    tuple(range(18, 90)),
    (0.0, 1.0),
    (-0.75, 0.1, 0.2, 3.125),
    ("true", "false"),
)


def column(of: random.Random, rows: int) -> list[str]:
    values = of.choice(KINDS)
    return list(map(str, of.choices(values, [of.random() + 0.05 for _ in values], k=rows)))


@pytest.mark.parametrize("seed", range(24))
def test_it_passes_or_is_not_decided(seed: int, tmp_path: Path) -> None:
    of = random.Random(seed)
    rows = of.choice([12, 60, 200])
    columns = {name: column(of, rows) for name in ("label", "facet", "other", "group")}
    columns["predicted"] = of.sample(columns["label"], rows)
    lines = [",".join(columns), *map(",".join, zip(*columns.values(), strict=True))]
    (file := tmp_path / "data.csv").write_text("\n".join(lines) + "\n")
    answers = Answers(
        label="label",
        facets={"facet": (), "other": ()} if of.random() < 0.3 else {"facet": ()},
        group="group" if of.random() < 0.4 else None,
        predicted="predicted" if of.random() < 0.5 else None,
    )
    try:
        begun = start(file, Data(file, answers.columns), answers)
    except Undecided as undecided:
        assert "different values" in str(undecided) or "--positive" in str(undecided)  # noqa: PT017
        return
    assert not [finding for finding in begun.findings if finding.severity == "error"]
    # Groups that fare exactly alike are for a person to accept.
    assert all("exactly 0" in reason for reason in begun.unmet)
