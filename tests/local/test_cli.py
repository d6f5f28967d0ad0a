"""The command line: help that helps, readable findings, exit codes that can be relied on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from clarify_engine.shap import Estimator as EngineEstimator
from clarify_local import rehearsal
from clarify_local.commands import Estimator, app
from clarify_local.execution import Execution
from clarify_local.outcome import Outcome
from clarify_local.plan import Plan
from clarify_local.rehearsal import Rehearsal
from support_local.example import DIABETES, load

GROUP: Any = get_command(app)
CONFIG = DIABETES / "analysis_config.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    load(DIABETES / "train.py").main(folder)
    return folder


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Plan]:
    """Replace the rehearsal itself by one that passes and only takes down its plan."""
    monkeypatch.chdir(tmp_path)
    plans: list[Plan] = []

    def take_down(plan: Plan, listener: object) -> Rehearsal:
        plans.append(plan)
        outcome = Outcome(
            verdict="passed",
            reason="",
            folder=tmp_path,
            execution=Execution("arn"),
            metrics=(),
            analysis={},
            endpoints="none was created",
            findings=(),
        )
        return Rehearsal(outcome, {}, ())

    monkeypatch.setattr(rehearsal, "rehearse", take_down)
    return plans


def clarify(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def changed(folder: Path, **changes: Any) -> Path:
    path = folder / "analysis_config.json"
    path.write_text(json.dumps(json.loads(CONFIG.read_text()) | changes))
    return path


@pytest.mark.parametrize("command", GROUP.commands)
def test_help_shows_an_example(command: str) -> None:
    result = clarify(command, "--help")
    assert result.exit_code == 0
    assert f"clarify {command}" in result.output


def test_help_is_quick_to_start() -> None:
    code = (
        "import sys, clarify_local.commands\n"
        "heavy = {'aws_cdk', 'boto3', 'moto', 'numpy', 'pyarrow', 'sklearn'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("package", "words"),
    [
        ("typer", ["rehearse"]),
        ("pyarrow", ["validate", str(CONFIG), "--data", str(CONFIG)]),
    ],
)
def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, package: str, words: list[str]
) -> None:
    code = (
        f"import sys; sys.modules[{package!r}] = None; sys.argv[1:] = {words!r}\n"
        "from clarify_local.cli import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert ended.returncode == 2
    assert f"not installed here: {package}" in ended.stderr
    assert "pip install 'clarify-cdk[local]'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_valid_config_is_valid_and_fits_its_data(made: Path) -> None:
    assert clarify("validate", CONFIG).exit_code == 0
    result = clarify("validate", CONFIG, "--data", made / "data.csv")
    assert result.exit_code == 0, result.output
    assert "is valid" in result.output


def test_every_finding_of_a_config_is_shown_at_once(tmp_path: Path) -> None:
    config = changed(tmp_path, label=None, probability_treshold=0.5)
    result = clarify("validate", config)
    assert result.exit_code == 2
    assert "$.label" in result.output
    assert "probability_treshold" in result.output
    assert "is valid" not in result.output


def test_a_config_that_is_no_json_or_not_there_is_refused(tmp_path: Path) -> None:
    (broken := tmp_path / "broken.json").write_text("{")
    assert clarify("validate", broken).exit_code == 2
    # A relative path: a long one would be broken over two lines.
    result = clarify("validate", "absent.json")
    assert result.exit_code == 2
    assert "absent.json" in result.output


def test_a_config_that_does_not_fit_its_data_says_where(tmp_path: Path, made: Path) -> None:
    config = changed(tmp_path, facet=[{"name_or_index": "gender"}])
    result = clarify("validate", config, "--data", made / "data.csv")
    assert result.exit_code == 2
    assert "Unable to locate the facet" in result.output


def test_a_label_that_misleads_in_these_data_is_a_warning(tmp_path: Path, made: Path) -> None:
    rows = (made / "data.csv").read_text().splitlines()
    (floats := tmp_path / "floats.csv").write_text(
        "\n".join([rows[0], *(f"{row}.0" for row in rows[1:])]) + "\n"
    )
    result = clarify("validate", CONFIG, "--data", floats)
    assert "[label-empty-interval] $.label_values_or_threshold" in result.output


def test_an_analysis_without_a_model_runs_alone(tmp_path: Path, made: Path) -> None:
    config = changed(
        tmp_path, predictor=None, methods={"pre_training_bias": {"methods": ["CI", "DPL"]}}
    )
    document = json.loads(config.read_text())
    for key in ("predictor", "group_variable", "excluded_columns"):
        document.pop(key)
    config.write_text(json.dumps(document))
    output = tmp_path / "out"
    result = clarify("analyze", config, "--data", made / "data.csv", "--output", output)
    assert result.exit_code == 0, result.output
    analysis = json.loads((output / "analysis.json").read_text())
    assert set(analysis["pre_training_bias_metrics"]["facets"]) == {"sex", "age"}
    assert "Class Imbalance" in result.output


def test_an_analysis_that_cannot_be_leaves_nothing(tmp_path: Path, made: Path) -> None:
    config = changed(tmp_path, label="no_such_column")
    output = tmp_path / "out"
    result = clarify("analyze", config, "--data", made / "data.csv", "--output", output)
    assert result.exit_code == 2
    assert not list(output.glob("**/*"))


def explaining(folder: Path) -> tuple[Path, Path]:
    """Write a config and its data that a model is asked about, and a module with models."""
    rows = [(i % 2, (i // 2) % 2, i % 7, i % 5) for i in range(40)]
    (data := folder / "rows.csv").write_text(
        "\n".join(["y,g,a,b", *(",".join(map(str, row)) for row in rows)]) + "\n"
    )
    keys = {
        "dataset_type": "text/csv",
        "label": "y",
        "predictor": {"endpoint_name": "in-the-cloud"},
        "methods": {"shap": {"baseline": [[0, 0, 0]], "agg_method": "mean_abs", "seed": 1}},
    }
    (config := folder / "config.json").write_text(json.dumps(keys))
    (folder / "own_model.py").write_text(
        "def linear(rows): return 0.5 * rows[:, 1] - 0.25 * rows[:, 2]\n"
        "def words(rows): return ['yes'] * len(rows)\n"
    )
    return config, data


@pytest.mark.parametrize("estimator", [None, *(value.value for value in Estimator)])
def test_a_model_of_ones_own_is_asked_in_place_of_the_cloud_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, estimator: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    config, data = explaining(tmp_path)
    words = ["--estimator", estimator] if estimator else []
    output = tmp_path / "out"
    result = clarify(
        "analyze", config, "--data", data, "--output", output,
        "--model", "own_model:linear", "--workers", "1", *words,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert json.loads((output / "provenance.json").read_text())["model"] == "own_model:linear"
    shap = json.loads((output / "analysis.json").read_text())["explanations"]["kernel_shap"]
    values = shap["label0"]["global_shap_values"]
    # Shapley values of a linear model: weight times distance to the baseline.
    mean = {name: sum(i % n for i in range(40)) / 40 for name, n in (("a", 7), ("b", 5))}
    assert values["a"] == pytest.approx(0.5 * mean["a"], abs=1e-9)
    assert values["b"] == pytest.approx(0.25 * mean["b"], abs=1e-9)
    assert values["g"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("own_model", "[model-form] --model"),
        ("own_model:absent", "has no attribute 'absent'"),
        ("own_model:words", "a value that is no number"),
    ],
)
def test_a_model_that_will_not_do_ends_it_with_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    config, data = explaining(tmp_path)
    output = tmp_path / "out"
    result = clarify(
        "analyze", config, "--data", data, "--output", output, "--model", model, "--workers", "1"
    )
    assert result.exit_code == 2
    assert message in result.output
    assert not list(output.glob("**/*"))


def test_the_estimators_are_the_engine_s() -> None:
    assert {estimator.value for estimator in Estimator} == set(get_args(EngineEstimator))


def test_the_schema_is_json_and_knows_the_keys() -> None:
    result = clarify("schema")
    assert "probability_threshold" in json.loads(result.output)["properties"]


def test_without_arguments_the_example_is_rehearsed(planned: list[Plan]) -> None:
    assert clarify("rehearse").exit_code == 0
    (plan,) = planned
    assert plan.stack == "ClarifyExample"
    entry = plan.context["clarify"]["ClarifyExample"]
    assert Path(entry["config"]).is_file()
    assert Path(entry["limits"]).is_file()
    assert entry["account"] == "123456789012"


def test_a_config_of_ones_own_is_planned_with_its_inputs(planned: list[Plan], made: Path) -> None:
    data, model = made / "data.csv", made / "model.tar.gz"
    result = clarify(
        "rehearse", "--config", CONFIG, "--data", data, "--model", model,
        "--file", f"s3://side/facets.csv={data}", "--input", '{"name": "mine"}',
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (plan,) = planned
    inputs = plan.inputs(made)
    assert (inputs.data, inputs.model) == (data, model)
    assert inputs.files == {"s3://side/facets.csv": data}
    assert plan.given == {"name": "mine"}


def test_an_app_of_ones_own_is_pinned_to_the_emulated_account(
    planned: list[Plan], tmp_path: Path
) -> None:
    entry = {"config": "c.json", "account": "999988887777", "region": "eu-west-1"}
    (tmp_path / "cdk.json").write_text(
        json.dumps({"app": "python app.py", "context": {"clarify": {"Mine": entry}, "flag": True}})
    )
    assert clarify("rehearse", "--stack", "Mine").exit_code == 0
    (plan,) = planned
    assert list(plan.app) == ["python", "app.py"]
    assert plan.folder == tmp_path
    assert plan.context["flag"] is True
    assert plan.context["clarify"]["Mine"]["account"] == "123456789012"
    assert plan.context["clarify"]["Mine"]["region"] == "us-east-1"


def test_the_example_takes_other_limits(planned: list[Plan], tmp_path: Path) -> None:
    (tight := tmp_path / "tight.json").write_text('{"AD": {"max": 0.1}}')
    clarify("rehearse", "--limits", tight)
    (plan,) = planned
    assert plan.context["clarify"]["ClarifyExample"]["limits"] == str(tight)


def test_rules_go_with_the_example_and_with_a_config(
    planned: list[Plan], tmp_path: Path, made: Path
) -> None:
    (rules := tmp_path / "rules.json").write_text('{"presets": ["four_fifths"]}')
    clarify("rehearse", "--rules", rules)
    given = ["--data", made / "data.csv", "--model", made / "model.tar.gz"]
    clarify("rehearse", "--config", CONFIG, *given, "--rules", rules)
    assert [entry["rules"] for plan in planned for entry in plan.context["clarify"].values()] == [
        str(rules)
    ] * 2


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--config", str(CONFIG)], "no data"),
        (["--config", str(CONFIG), "--stack", "S"], "--app and"),
        (["--limits", str(CONFIG), "--stack", "S"], "its own limits"),
        (["--rules", str(CONFIG), "--stack", "S"], "its own limits"),
        (["--data", str(CONFIG)], "go with --config"),
        (["--input", "[1]"], "JSON object"),
        (["--file", "s3://b/k"], "s3://bucket/key=PATH"),
        (["--stack", "S"], "no app"),
    ],
)
def test_what_does_not_go_together_is_refused(
    planned: list[Plan], words: list[str], reason: str
) -> None:
    result = clarify("rehearse", *words)
    assert result.exit_code == 2
    assert reason in " ".join(result.output.split())
    assert planned == []


def test_a_config_that_asks_a_model_needs_one(planned: list[Plan], made: Path) -> None:
    result = clarify("rehearse", "--config", CONFIG, "--data", made / "data.csv")
    assert result.exit_code == 2
    assert "'diabetes-progression'" in result.output
    assert planned == []


def test_a_refused_config_is_not_rehearsed(planned: list[Plan], tmp_path: Path, made: Path) -> None:
    config = changed(tmp_path, methods={})
    result = clarify("rehearse", "--config", config, "--data", made / "data.csv")
    assert result.exit_code == 2
    assert "$.methods" in result.output
    assert planned == []
