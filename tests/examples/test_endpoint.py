"""An endpoint by its name: what it is asked, and what it does by what it is not told."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from support_docs.snippets import blocks
from support_examples import Example


def test_its_readme_runs_and_part_time_stands_in_for_sex(tmp_path: Path) -> None:
    example = Example("endpoint", tmp_path)
    assert example.commands == 2
    model = runpy.run_path(str(example.folder / "model/code/inference.py"))
    rows = example.rows("applicants.csv")

    # The README's request, and what the model says to such a one of all applicants.
    (request,) = [text for kind, _, text in blocks(example.folder / "README.md") if kind == "json"]
    sent = [{name: int(row[name]) for name in ("income", "hours")} for row in rows]
    assert json.loads(request)["instances"] == [sent[0], sent[2]]
    applicants = model["input_fn"](json.dumps({"instances": sent}), "application/json")
    answers = json.loads(model["output_fn"](model["predict_fn"](applicants, None), ""))
    said = [answer["repays"] for answer in answers["predictions"]]

    def group(sex: str) -> list[tuple[dict[str, str], str]]:
        return [pair for pair in zip(rows, said, strict=True) if pair[0]["sex"] == sex]

    def accepted(sex: str) -> int:
        return sum(answer == "yes" for _, answer in group(sex))

    def found_of_those_who_repaid(sex: str) -> float:
        repaid = [answer for row, answer in group(sex) if row["repaid"] == "yes"]
        assert len(repaid) == 12
        return repaid.count("yes") / len(repaid)

    assert len(group("f")) == len(group("m")) == 16
    assert (accepted("f"), accepted("m")) == (6, 11)
    assert [row["hours"] for row, _ in group("f")].count("20") == 10
    assert [row["hours"] for row, _ in group("m")].count("20") == 2
    assert sorted(row["income"] for row, _ in group("f")) == sorted(
        row["income"] for row, _ in group("m")
    )
    assert all((row["repaid"] == "yes") == (int(row["income"]) >= 30) for row in rows)
    assert example.metrics("post_training_bias_metrics", "sex") == pytest.approx(
        {
            "DI": accepted("f") / accepted("m"),
            "RD": found_of_those_who_repaid("m") - found_of_those_who_repaid("f"),
        }
    )
