"""What is sent to a model and what comes back, for each kind of dataset and of answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_contract.config import AnalysisConfig
from clarify_engine.run import analyze
from support_run import cases
from support_run.fakes import FakeRuntime, FakeSageMaker, FakeTime
from support_run.session import FakeSession

PETS = ("cat", "dog", "fish")
KEYS = {
    "label": "pet",
    "label_values_or_threshold": ["dog"],
    "facet": [{"name_or_index": "town", "value_or_threshold": ["north"]}],
    "group_variable": None,
}


def pets() -> list[tuple[str, str, int]]:
    """Rows of label, facet and one feature."""
    return [(PETS[(i * 5) % 3], ("north", "south")[i % 2], i % 7) for i in range(84)]


def guess(feature: int) -> list[float]:
    """Scores of the three pets, the greatest at one that depends on the feature."""
    return [0.8 if (feature * 2) % 3 == i else 0.1 for i in range(3)]


def guessed(feature: int) -> str:
    return PETS[(feature * 2) % 3]


def write_pets(path: Path, *, says: bool = False) -> Path:
    lines = ["pet,town,n" + ",says" * says]
    lines += [f"{p},{t},{n}" + f",{guessed(n)}" * says for p, t, n in pets()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    return path


def run_model(
    config: AnalysisConfig, data: Path, output: Path, answer: Any, **sagemaker: Any
) -> FakeRuntime:
    runtime = FakeRuntime(answer)
    session: Any = FakeSession(sagemaker=FakeSageMaker(**sagemaker), sagemaker_runtime=runtime)
    analyze(config, data, output, session=session, patience=FakeTime().patience())
    return runtime


def lines_of(request: dict[str, Any]) -> list[str]:
    return list(request["Body"].decode().split("\n"))


def features(request: dict[str, Any]) -> list[int]:
    return [int(line.rpartition(",")[2]) for line in lines_of(request)]


def csv_scores(request: dict[str, Any]) -> tuple[str, str]:
    rows = [",".join(map(str, guess(n))) for n in features(request)]
    return "\n".join(rows), "text/csv"


def csv_labels(request: dict[str, Any]) -> tuple[str, str]:
    return "\n".join(guessed(n) for n in features(request)), "text/csv"


def autopilot(request: dict[str, Any]) -> tuple[str, str]:
    rows = [f'"{guessed(n)}",0.8,"{list(PETS)}","{guess(n)}"' for n in features(request)]
    return "\n".join(rows), "text/csv"


def json_document(request: dict[str, Any]) -> tuple[str, str]:
    rows = [{"scores": guess(n), "labels": list(PETS)} for n in features(request)]
    return json.dumps({"predictions": rows}), "application/json"


@pytest.mark.parametrize(
    ("answer", "predictor"),
    [
        (csv_scores, {"label_headers": list(PETS)}),
        (csv_labels, {"label": 0}),
        (autopilot, {"label": 0}),
        (autopilot, {"label": 2, "probability": 3}),
        (autopilot, {"probability": 3, "label_headers": list(PETS)}),
        (
            json_document,
            {
                "accept_type": "application/json",
                "label": "predictions[*].labels",
                "probability": "predictions[*].scores",
            },
        ),
    ],
)
def test_every_form_of_a_multi_class_answer_gives_the_metrics_of_its_labels(
    tmp_path: Path, answer: Any, predictor: dict[str, Any]
) -> None:
    analyze(
        cases.config(**KEYS, predicted_label="says"),
        write_pets(tmp_path / "with" / "pets.csv", says=True),
        tmp_path / "column",
    )
    named = {"model_name": "m", "initial_instance_count": 1, "instance_type": "ml.m5.large"}
    run_model(
        cases.config(**KEYS, predictor=named | predictor),
        write_pets(tmp_path / "without" / "pets.csv"),
        tmp_path / "model",
        answer,
    )
    assert cases.post_training(tmp_path / "model") == cases.post_training(tmp_path / "column")


def test_json_lines_go_out_by_their_template_and_come_back_by_their_key(tmp_path: Path) -> None:
    records = [{"f": [int(row[1]), row[3]], "y": row[0]} for row in cases.rows()]
    data = tmp_path / "data" / "rows.jsonl"
    data.parent.mkdir()
    data.write_text("".join(json.dumps(record) + "\n" for record in records))

    def answer(request: dict[str, Any]) -> tuple[str, str]:
        told = [json.loads(line)["x"] for line in lines_of(request)]
        scores = [{"score": cases.score(income, sex)} for sex, income in told]
        return "\n".join(map(json.dumps, scores)), "application/jsonlines"

    config = cases.config(
        dataset_type="application/jsonlines",
        headers=["sex", "income", "approved"],
        features="f",
        label="y",
        group_variable=None,
        predictor={
            "endpoint_name": "live",
            "content_template": '{"x":$features}',
            "probability": "score",
        },
    )
    runtime = FakeRuntime(answer)
    sagemaker = FakeSageMaker(looks_creating=0)
    sagemaker.create_endpoint(EndpointName="live")
    session: Any = FakeSession(sagemaker=sagemaker, sagemaker_runtime=runtime)
    analyze(config, data, tmp_path / "output", session=session)
    sent = [json.loads(line) for body in runtime.bodies for line in body.split("\n")]
    assert sent == [{"x": record["f"]} for record in records]
    (group,) = cases.post_training(tmp_path / "output")["facets"]["sex"]
    rates = [[cases.predicted(row) for row in cases.rows() if row[1] == sex] for sex in (0, 1)]
    dppl = next(metric["value"] for metric in group["metrics"] if metric["name"] == "DPPL")
    expected = sum(rates[1]) / len(rates[1]) - sum(rates[0]) / len(rates[0])
    assert dppl == pytest.approx(expected, abs=1e-12)


def test_a_late_fraction_is_known_before_the_first_record_is_sent(tmp_path: Path) -> None:
    # Column n is whole in the first file; pandas, over all files, has floats.
    folder = tmp_path / "data"
    write_pets(folder / "1.csv")
    (folder / "2.csv").write_text("pet,town,n\ndog,north,0.5\n")
    answers: list[int] = []

    def answer(request: dict[str, Any]) -> tuple[str, str]:
        answers.append(len(lines_of(request)))
        return "\n".join(["dog"] * answers[-1]), "text/csv"

    named = {"model_name": "m", "initial_instance_count": 1, "instance_type": "ml.m5.large"}
    runtime = run_model(
        cases.config(**KEYS, predictor=named | {"label": 0}), folder, tmp_path / "output", answer
    )
    sent = [line for body in runtime.bodies for line in body.split("\n")]
    assert sent == [f'"{town}",{n}.0' for _, town, n in pets()] + ['"north",0.5']


def test_labels_of_several_batches_stay_with_their_rows(tmp_path: Path) -> None:
    # Files come in the order of their names; each has rows of one outcome only.
    folder = tmp_path / "data"
    folder.mkdir()
    for name, pet in (("a", "dog"), ("b", "cat"), ("c", "dog")):
        rows = "".join(f"{pet},{town},{i}\n" for i in range(30) for town in ("north", "south"))
        (folder / f"{name}.csv").write_text("pet,town,n\n" + rows)
    files = iter(["dog", "cat", "dog"])

    def answer(request: dict[str, Any]) -> tuple[str, str]:
        return "\n".join([next(files)] * len(lines_of(request))), "text/csv"

    named = {"model_name": "m", "initial_instance_count": 1, "instance_type": "ml.m5.large"}
    methods = {"post_training_bias": {"methods": ["AD", "GE"]}}
    run_model(
        cases.config(**KEYS, predictor=named | {"label": 0}, methods=methods),
        folder,
        tmp_path / "output",
        answer,
    )
    (group,) = cases.post_training(tmp_path / "output")["facets"]["town"]
    # Every prediction equals its row's label: no difference, and all benefits are equal.
    assert [metric["value"] for metric in group["metrics"]] == [0.0, 0.0]
