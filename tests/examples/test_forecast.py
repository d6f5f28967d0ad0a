"""Forecasts: each score is what a day adds, by definition and by the model's own weights."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from support_examples import Example


def test_its_readme_runs_and_each_day_has_the_weight_that_was_built_in(tmp_path: Path) -> None:
    example = Example("forecast", tmp_path)
    assert example.commands == 3
    forecast = runpy.run_path(str(example.folder / "model/code/inference.py"))["forecast"]
    kiosks = json.loads((example.folder / "sales.json").read_text(encoding="utf-8"))
    expected = [explained(kiosk, forecast) for kiosk in kiosks]

    (file,) = (example.folder / "rehearsal").glob("*/output/*/fine_grained_chronological/out.jsonl")
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    told = example.result("output/analysis.json")["explanations"]["asymmetric_shapley_value"]
    assert told["explanation_results_path"].endswith("/".join(file.parts[-4:]))
    assert [line["item_id"] for line in found] == ["beach", "station"]
    for line, (offset, scores) in zip(found, expected, strict=True):
        assert line["offset"] == pytest.approx(offset)
        assert len(line["explanations"]) == len(scores) == 16
        for each in line["explanations"]:
            own = scores[each["feature_name"], each["timestamp"]]
            assert each["scores"] == pytest.approx(own)

    # What the README says of them.
    weights = {
        "beach": {"2": (60, 0), "3": (0, 70), "8": (50, 50)},
        "station": {"2": (30, 0), "3": (0, 32), "8": (12, 12)},
    }
    for kiosk, (offset, scores) in zip(kiosks, expected, strict=True):
        known = {("sales", day): value for day, value in weights[kiosk["kiosk"]].items()}
        known["temperature", "8"] = (10, 10)
        for (feature, timestamp), own in scores.items():
            day = timestamp.removeprefix("2026-06-0")
            assert own == pytest.approx(known.get((feature, day), (0, 0)))
        assert offset == [50, 50]
        sums = [offset[step] + sum(own[step] for own in scores.values()) for step in (0, 1)]
        assert sums == pytest.approx({"beach": [170, 180], "station": [102, 104]}[kiosk["kiosk"]])


def explained(
    kiosk: dict[str, Any], forecast: Any
) -> tuple[list[float], dict[tuple[str, str], list[float]]]:
    """Offset and scores: what becoming known adds, day by day, in both orders within a day."""
    days = kiosk["days"]
    mean = sum(day["temperature"] for day in days) / len(days)

    def asked(known: set[tuple[str, int]]) -> list[float]:
        sales = [day["sales"] if ("sales", i) in known else 0 for i, day in enumerate(days)]
        warm = [
            day["temperature"] if ("temperature", i) in known else mean
            for i, day in enumerate(days)
        ]
        answer: list[float] = forecast(sales, warm)
        return answer

    scores = {(name, day["day"]): [0.0, 0.0] for name in ("sales", "temperature") for day in days}
    before: set[tuple[str, int]] = set()
    for i, day in enumerate(days):
        for order in (("sales", "temperature"), ("temperature", "sales")):
            known = set(before)
            for name in order:
                former = asked(known)
                known.add((name, i))
                for step, now in enumerate(asked(known)):
                    scores[name, day["day"]][step] += (now - former[step]) / 2
        before |= {("sales", i), ("temperature", i)}
    return asked(set()), scores
