"""JSON Lines and three classes: the outcome that counts, and what it leaves out."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from support_docs.snippets import blocks
from support_examples import Example


def test_its_readme_runs_and_spanish_outages_are_missed(tmp_path: Path) -> None:
    example = Example("tickets", tmp_path)
    assert example.commands == 2
    model = runpy.run_path(str(example.folder / "model/code/inference.py"))
    lines = (example.folder / "tickets.jsonl").read_text(encoding="utf-8").splitlines()

    def answers(body: str) -> list[str]:
        said = model["predict_fn"](model["input_fn"](body, "application/jsonlines"), None)
        return model["output_fn"](said, "application/jsonlines").splitlines()

    teams = ["outage", "billing", "question"]
    (form,) = [text for kind, _, text in blocks(example.folder / "README.md") if kind == "json"]
    assert answers('{"features": ["Modo oscuro", "es"]}') == form.splitlines()

    pairs: dict[str, list[tuple[str, str]]] = {"en": [], "es": []}
    for line, answer in zip(lines, map(json.loads, answers("\n".join(lines))), strict=True):
        ticket = json.loads(line)
        assert answer["teams"] == teams
        best = max(range(3), key=answer["scores"].__getitem__)
        pairs[ticket["features"][1]].append((ticket["team"], teams[best]))

    assert all(team == said for team, said in pairs["en"])
    assert pairs["es"].count(("billing", "question")) == 4

    def measured(language: str) -> dict[str, float]:
        of = [(team == "outage", said == "outage") for team, said in pairs[language]]
        assert [team for team, _ in pairs[language]].count("outage") == 4
        return {
            "AD": sum(was == said for was, said in of) / 12,
            "DPPL": sum(said for _, said in of) / 12,
            "RD": of.count((True, True)) / 4,
        }

    english, spanish = measured("en"), measured("es")
    assert spanish == pytest.approx({"AD": 9 / 12, "DPPL": 1 / 12, "RD": 1 / 4})
    assert example.metrics("post_training_bias_metrics", "language") == pytest.approx(
        {code: english[code] - spanish[code] for code in english}
    )
