"""The example's data and model are what its README says."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tarfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from clarify_local import example
from clarify_local.errors import RehearsalFailed
from support_local.example import (
    DIABETES,
    Predict,
    baseline,
    load,
    partial_dependence,
    patients,
    shapley_values,
)


@pytest.fixture(scope="module")
def train() -> ModuleType:
    return load(DIABETES / "train.py")


@pytest.fixture(scope="module")
def made(train: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "example"
    train.main(folder)
    return folder


@pytest.fixture(scope="module")
def unpacked(made: Path) -> Path:
    with tarfile.open(made / "model.tar.gz") as archive:
        archive.extractall(made / "model", filter="data")
    return made / "model"


def test_the_artifact_predicts_what_scikit_learn_predicts(
    train: ModuleType, unpacked: Path
) -> None:
    features, _, label = train.patients()
    seen, _ = train.train_test_split(np.arange(442), test_size=0.5, random_state=train.SEED)
    expected = train.train(features[seen], label[seen]).predict_proba(features)[:, 1]
    served = load(unpacked / "code" / "inference.py")

    model = served.model_fn(unpacked)
    body = "\n".join(",".join(map(repr, row)) for row in features.tolist()).encode()
    answer = served.output_fn(
        served.predict_fn(served.input_fn(body, "text/csv"), model), "text/csv"
    )

    assert len(expected) == 442
    np.testing.assert_allclose(np.array(answer.split(), float), expected, rtol=0, atol=1e-12)


def test_the_label_splits_all_patients_at_their_median(train: ModuleType) -> None:
    target = train.load_diabetes(scaled=False).target
    assert np.median(target) == train.PROGRESSION_THRESHOLD
    assert (target != train.PROGRESSION_THRESHOLD).all()


def test_the_data_holds_unseen_patients_and_what_the_config_names(made: Path) -> None:
    with (made / "data.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    config = json.loads((DIABETES / "analysis_config.json").read_text())
    named = {
        config["label"],
        config["group_variable"],
        *config["excluded_columns"],
        *(facet["name_or_index"] for facet in config["facet"]),
    }
    assert len(rows) == 221
    assert named <= rows[0].keys()
    # Written as whole numbers, so that label and thresholded predictions have one type.
    assert {row["high_progression"] for row in rows} == {"0", "1"}
    assert {row["sex"] for row in rows} == {"1", "2"}
    assert {row["bmi_class"] for row in rows} == {"0", "1", "2"}


def test_the_model_sees_neither_label_nor_group_variable(made: Path, unpacked: Path) -> None:
    header = (made / "data.csv").read_text().splitlines()[0].split(",")
    features = json.loads((unpacked / "model.json").read_text())["features"]
    assert features == [c for c in header if c not in ("bmi_class", "high_progression")]


def test_the_same_versions_write_the_same_bytes(
    train: ModuleType, made: Path, tmp_path: Path
) -> None:
    train.main(tmp_path)
    for name in ("data.csv", "model.tar.gz"):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()


@pytest.fixture(scope="module")
def analysed(made: Path, unpacked: Path) -> tuple[list[str], np.ndarray, Predict]:
    return patients(made / "data.csv", unpacked)


def test_the_baseline_is_the_median_patient_and_every_coalition_is_tried(
    analysed: tuple[list[str], np.ndarray, Predict],
) -> None:
    names, rows, _ = analysed
    np.testing.assert_array_equal(baseline(), np.median(rows, axis=0))
    methods = json.loads((DIABETES / "analysis_config.json").read_text())["methods"]
    assert methods["shap"]["num_samples"] == 2 ** len(names) - 2
    assert set(methods["pdp"]["features"]) <= set(names)


def test_the_readme_states_the_exact_shapley_values(
    analysed: tuple[list[str], np.ndarray, Predict],
) -> None:
    names, rows, predict = analysed
    values = shapley_values(predict, rows, baseline())
    text = (DIABETES / "README.md").read_text()
    table = {name: float(value) for name, value in re.findall(r"\| (\w+) \| (0\.\d{3}) \|", text)}
    means = np.abs(values).mean(axis=0)
    order = np.argsort(-means)
    assert list(table) == [names[index] for index in order]
    assert list(table.values()) == pytest.approx(means[order], abs=0.0005)
    lower = values[rows[:, names.index("sex")] == 2, names.index("sex")].mean()
    assert f"a probability that is {-lower:.3f} lower on average" in text
    assert f"which is {predict(baseline()[None])[0]:.3f} (`expected_value`)" in text


def test_the_readme_states_where_partial_dependence_begins_and_ends(
    analysed: tuple[list[str], np.ndarray, Predict],
) -> None:
    names, rows, predict = analysed
    pdp = json.loads((DIABETES / "analysis_config.json").read_text())["methods"]["pdp"]
    text = " ".join((DIABETES / "README.md").read_text().split())
    for feature in pdp["features"]:
        grid = pdp["grid_resolution"]
        _, means = partial_dependence(predict, rows, names.index(feature), grid)
        assert f"from {means[0]:.3f} to {means[-1]:.3f}" in text, feature


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_the_model_refuses_a_body_it_cannot_read(unpacked: Path, content_type: str) -> None:
    with pytest.raises(ValueError, match="reads text/csv"):
        load(unpacked / "code" / "inference.py").input_fn(b"1,2", content_type)


def test_it_is_found_in_a_checkout_and_inside_an_installed_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert example.find_example().folder == DIABETES
    package = tmp_path / "site-packages" / "clarify_local"
    shutil.copytree(DIABETES, package / "_examples" / "diabetes")
    monkeypatch.setattr(example, "__file__", str(package / "example.py"))
    found = example.find_example()
    assert found.folder == package / "_examples" / "diabetes"
    assert found.config.is_file()
    assert found.limits.is_file()


def test_an_installation_without_it_says_what_to_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(example, "__file__", str(tmp_path / "a" / "b" / "example.py"))
    with pytest.raises(RehearsalFailed, match="pass --config and --data"):
        example.find_example()


def test_a_training_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("raise SystemExit('no such data set')")
    with pytest.raises(RehearsalFailed, match="no such data set"):
        example.Example(tmp_path).make(tmp_path / "out")
