"""Explanations: each number that the README reads is what the model's own code gives."""

from __future__ import annotations

import csv
import runpy
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from support_examples import Example

FEATURES = ["experience", "languages", "age"]


def test_its_readme_runs_and_age_has_the_share_that_was_built_in(tmp_path: Path) -> None:
    example = Example("explanations", tmp_path)
    assert example.commands == 4
    predict = runpy.run_path(str(example.folder / "model/code/inference.py"))["predict_fn"]
    rows = [[float(row[name]) for name in FEATURES] for row in example.rows("applicants.csv")]
    applicants = np.array(rows)
    baseline = np.loadtxt(example.folder / "baseline.csv", delimiter=",")

    # By definition: what a feature adds, on average over all orders in which they are added.
    orders = list(permutations(range(3)))
    shapley = np.zeros_like(applicants)
    for order in orders:
        mixed = np.tile(baseline, (len(applicants), 1))
        before = predict(mixed, None)
        for feature in order:
            mixed[:, feature] = applicants[:, feature]
            after = predict(mixed, None)
            shapley[:, feature] += (after - before) / len(orders)
            before = after

    explanations = example.result("output/analysis.json")["explanations"]
    explained = explanations["kernel_shap"]["points"]
    expected = np.abs(shapley).mean(axis=0)
    assert explained["expected_value"] == pytest.approx(50)
    assert explained["global_shap_values"] == pytest.approx(
        dict(zip(FEATURES, expected, strict=True))
    )
    assert expected == pytest.approx([14, 55 / 12, 32 / 12])
    assert expected[2] / expected.sum() == pytest.approx(0.1255, abs=5e-5)

    (folder,) = (example.folder / "rehearsal").glob("*/output")
    with (folder / "explanations_shap" / "out.csv").open(newline="") as file:
        local = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
    assert np.array(local) == pytest.approx(shapley)
    assert shapley[-1] == pytest.approx([45, 0, -15])
    assert (shapley[:, 2] == 0).sum() == 8

    (curve,) = explanations["pdp"]
    assert curve["feature_values"] == pytest.approx([29, 37, 45, 53, 61])
    for age, prediction, share in zip(
        curve["feature_values"],
        curve["model_predictions"][0],
        curve["data_distribution"],
        strict=True,
    ):
        alike = np.column_stack([applicants[:, :2], np.full(len(applicants), age)])
        assert prediction == pytest.approx(predict(alike, None).mean())
        assert share == pytest.approx((np.abs(applicants[:, 2] - age) <= 4).mean())
    title = "What moves an applicant&#39;s points"
    assert title in (folder / "report.html").read_text(encoding="utf-8")
