"""An analysis from start to finish: its steps, its sources of predictions, its results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from clarify_contract import BiasIntervals
from clarify_contract.config import AnalysisConfig
from clarify_contract.findings import Refused
from clarify_engine.errors import AnalysisError
from clarify_engine.interruption import Interrupted
from clarify_engine.job import Job
from clarify_engine.run import Analysis, analyze
from support_real import real
from support_run import cases
from support_run.fakes import FakeRuntime, FakeSageMaker, FakeTime, client_error
from support_run.linear_learner import LinearLearner
from support_run.session import FakeSession


class Account:
    """SageMaker with one model, as a session."""

    def __init__(self, answer: Any = cases.answer_csv, **sagemaker: Any) -> None:
        self.sagemaker = FakeSageMaker(**sagemaker)
        self.runtime = FakeRuntime(answer)
        self.session: Any = FakeSession(sagemaker=self.sagemaker, sagemaker_runtime=self.runtime)

    def analyze(self, config: AnalysisConfig, data: Path, output: Path, **more: Any) -> Analysis:
        return analyze(
            config, data, output, session=self.session, patience=FakeTime().patience(), **more
        )

    def assert_nothing_left(self) -> None:
        assert self.sagemaker.endpoints == {}
        assert self.sagemaker.configs == {}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return cases.write_csv(tmp_path / "data" / "rows.csv")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "output"


def test_pre_training_bias_alone_asks_aws_for_nothing(data: Path, output: Path) -> None:
    session: Any = FakeSession()
    analysis = analyze(cases.config(methods=cases.PRE_TRAINING), data, output, session=session)
    assert session.asked == []
    assert json.loads((output / "analysis.json").read_text()) == analysis.document
    assert list(analysis.document) == ["version", "pre_training_bias_metrics"]
    assert analysis.document["version"] == "1.0"
    written = ["analysis.json", "intervals.json", "provenance.json", "report_data.json"]
    assert sorted(path.name for path in output.iterdir()) == written
    intervals = BiasIntervals.load(output / "intervals.json")
    assert intervals.unread == ()
    assert intervals.post_training is None
    groups = intervals.pre_training or {}
    assert [len(group) for group in groups.values()] == [
        len(facet) for facet in analysis.document["pre_training_bias_metrics"]["facets"].values()
    ]


def test_a_boolean_label_with_a_missing_cell_is_still_true_or_false(
    tmp_path: Path, output: Path
) -> None:
    # pandas keeps such a column as objects: True equals the config's 1, a missing cell nothing.
    (data := tmp_path / "rows.csv").write_text("g,y\nf,True\nf,\nm,TRUE\nm,true\n")
    config = AnalysisConfig(
        dataset_type="text/csv",
        label="y",
        label_values_or_threshold=[1],
        facet=[{"name_or_index": "g", "value_or_threshold": ["f"]}],
        methods={"pre_training_bias": {"methods": ["DPL"]}},
    )
    section = analyze(config, data, output).document["pre_training_bias_metrics"]
    assert section["facets"]["g"][0]["metrics"][0]["value"] == 1 - 1 / 2


def test_predictions_in_the_data_ask_aws_for_nothing(tmp_path: Path, output: Path) -> None:
    data = cases.write_csv(tmp_path / "data" / "rows.csv", with_prediction=True)
    session: Any = FakeSession()
    analyze(cases.config(predicted_label="says"), data, output, session=session)
    assert session.asked == []


def test_all_sources_of_predictions_give_the_same_metrics(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # FT looks for neighbours among all columns that are sent to a model: the same in all three.
    analyze(
        cases.config(predicted_label="says"),
        cases.write_csv(tmp_path / "with" / "rows.csv", with_prediction=True),
        tmp_path / "column",
    )
    account = Account()
    account.analyze(cases.config(predictor=cases.SHADOW), data, tmp_path / "model")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="bucket")
        labels = "\n".join(
            ["predicted_label", *(str(cases.predicted(row)) for row in cases.rows())]
        )
        s3.put_object(Bucket="bucket", Key="side/labels.csv", Body=labels.encode())
        s3.upload_file(str(data), "bucket", "main/rows.csv")
        analyze(
            cases.config(
                predicted_label_dataset_uri="s3://bucket/side/labels.csv",
                dataset_uri="s3://bucket/main/",
            ),
            tmp_path / "another place that is not read",
            tmp_path / "side",
        )
    column, model, side = (
        cases.post_training(tmp_path / name) for name in ("column", "model", "side")
    )
    assert column == model == side
    values = {m["name"]: m["value"] for m in column["facets"]["sex"][0]["metrics"]}
    assert len(values) == 13
    # Not all zero: the three sources agree on something.
    assert len({value for value in values.values() if isinstance(value, float) and value}) > 8
    account.assert_nothing_left()


def test_a_model_gets_the_features_and_nothing_else(data: Path, output: Path) -> None:
    account = Account()
    account.analyze(cases.config(predictor=cases.SHADOW), data, output)
    lines = "\n".join(account.runtime.bodies).split("\n")
    assert lines == [",".join(map(str, row[1:])) for row in cases.rows()]
    assert {request["EndpointName"] for request in account.runtime.requests} == {
        dict(account.sagemaker.requests)["create_endpoint"]["EndpointName"]
    }


def test_the_steps_come_in_the_order_of_the_managed_job(data: Path, output: Path) -> None:
    account = Account()
    seen: list[tuple[str, bool]] = []

    def progress(phase: str, done: int, total: int | None, predictions: int = 0) -> None:
        entry = (phase, bool(account.sagemaker.endpoints))
        if seen[-1:] != [entry]:
            seen.append(entry)

    account.analyze(cases.config(predictor=cases.SHADOW), data, output, progress=progress)
    assert seen == [
        ("validate", False),
        ("endpoint", False),
        ("load", True),
        ("predict", True),
        ("compute", True),
        ("delete", True),
        ("write", False),
    ]


def test_progress_counts_the_rows(data: Path, output: Path) -> None:
    last: dict[str, tuple[int, int | None, int]] = {}

    def progress(phase: str, done: int, total: int | None, predictions: int = 0) -> None:
        last[phase] = (done, total, predictions)

    Account().analyze(cases.config(predictor=cases.SHADOW), data, output, progress=progress)
    assert last["load"] == (cases.ROWS, None, 0)
    assert last["predict"] == (cases.ROWS, cases.ROWS, cases.ROWS)
    assert last["compute"] == (cases.ROWS, cases.ROWS, 0)


def test_the_job_s_tags_go_onto_the_endpoint_but_for_those_of_aws(data: Path, output: Path) -> None:
    account = Account()
    account.sagemaker.job_tags = [
        {"Key": "team", "Value": "risk"},
        {"Key": "aws:cloudformation:stack-name", "Value": "s"},
    ]
    job = Job(arn="arn:aws:sagemaker:us-east-1:111122223333:processing-job/j")
    account.analyze(cases.config(predictor=cases.SHADOW), data, output, job=job)
    requests = dict(account.sagemaker.requests)
    assert requests["list_tags"] == {"ResourceArn": job.arn}
    for operation in ("create_endpoint_config", "create_endpoint"):
        assert requests[operation]["Tags"] == [{"Key": "team", "Value": "risk"}]


def test_an_existing_endpoint_is_asked_and_left_alone(data: Path, output: Path) -> None:
    account = Account(looks_creating=0)
    account.sagemaker.create_endpoint(EndpointName="live")
    account.sagemaker.calls.clear()
    account.analyze(
        cases.config(predictor={"endpoint_name": "live", "probability": 0}), data, output
    )
    assert account.sagemaker.calls == ["describe_endpoint"]
    assert "live" in account.sagemaker.endpoints


@pytest.mark.parametrize(("threshold", "positive"), [(0.05, 60), (0.5, None), (0.95, 0)])
def test_the_threshold_is_the_config_s(
    data: Path, output: Path, threshold: float, positive: int | None
) -> None:
    config = cases.config(predictor=cases.SHADOW, probability_threshold=threshold)
    if positive == 0:
        with pytest.raises(AnalysisError, match="contains all False values"):
            Account().analyze(config, data, output)
        return
    Account().analyze(config, data, output)
    metrics = cases.post_training(output)["facets"]["sex"][0]["metrics"]
    dppl = next(metric["value"] for metric in metrics if metric["name"] == "DPPL")
    groups = [[cases.predicted(row) for row in cases.rows() if row[1] == sex] for sex in (0, 1)]
    proportions = [1.0, 1.0] if positive else [sum(group) / len(group) for group in groups]
    assert dppl == pytest.approx(proportions[1] - proportions[0], abs=1e-12)


@pytest.mark.parametrize("label", ["1.0", "True"])
def test_thresholded_predictions_have_the_type_of_the_label(
    tmp_path: Path, output: Path, label: str
) -> None:
    # The same data with a label of another type: DI, a ratio of predictions, must not change.
    data = tmp_path / "typed" / "rows.csv"
    lines = cases.write_csv(data).read_text().splitlines()
    no = {"1.0": "0.0", "True": "False"}[label]
    typed = [(label if line[0] == "1" else no) + line[1:] for line in lines[1:]]
    data.write_text("\n".join([lines[0], *typed]) + "\n")
    # A float is compared with a threshold, exclusively (spec 4.3).
    values = [0.5] if label == "1.0" else [1]
    config = cases.config(predictor=cases.SHADOW, label_values_or_threshold=values)
    Account().analyze(config, data, output)
    di = {m["name"]: m["value"] for m in cases.post_training(output)["facets"]["sex"][0]["metrics"]}
    groups = [[cases.predicted(row) for row in cases.rows() if row[1] == sex] for sex in (0, 1)]
    proportions = [sum(group) / len(group) for group in groups]
    assert di["DI"] == pytest.approx(proportions[0] / proportions[1], abs=1e-12)


def before_after(output: Path) -> Path:
    """Put an earlier result where the new one would go."""
    output.mkdir(parents=True)
    (output / "analysis.json").write_text("earlier")
    return output


def refuse_all(request: dict[str, Any]) -> tuple[str, str]:
    raise client_error("InvokeEndpoint", "AccessDeniedException")


@pytest.mark.parametrize("existed", [False, True])
def test_a_failure_leaves_the_output_and_the_account_as_they_were(
    data: Path, output: Path, existed: bool
) -> None:
    if existed:
        before_after(output)
    account = Account(refuse_all)
    with pytest.raises(AnalysisError, match="AccessDeniedException"):
        account.analyze(cases.config(predictor=cases.SHADOW), data, output)
    account.assert_nothing_left()
    assert output.exists() == existed
    if existed:
        assert [path.read_text() for path in output.iterdir()] == ["earlier"]


def test_a_signal_between_two_batches_leaves_nothing(data: Path, output: Path) -> None:
    def stopped(request: dict[str, Any]) -> tuple[str, str]:
        raise Interrupted(15)

    account = Account(stopped)
    with pytest.raises(Interrupted):
        account.analyze(cases.config(predictor=cases.SHADOW), data, output)
    account.assert_nothing_left()
    assert not output.exists()


def test_a_wrong_column_is_found_before_anything_is_created(data: Path, output: Path) -> None:
    account = Account()
    config = cases.config(
        predictor=cases.SHADOW, facet=[{"name_or_index": "gender", "value_or_threshold": [0]}]
    )
    with pytest.raises(AnalysisError, match="Unable to locate the facet"):
        account.analyze(config, data, output)
    assert account.sagemaker.calls == []


def test_a_model_beside_a_column_of_its_name_is_refused(tmp_path: Path, output: Path) -> None:
    data = cases.write_csv(tmp_path / "data" / "rows.csv", with_prediction=True)
    data.write_text(data.read_text().replace("says", "predicted_label"))
    account = Account()
    with pytest.raises(AnalysisError) as caught:
        account.analyze(cases.config(predictor=cases.SHADOW), data, output)
    assert [finding.id for finding in caught.value.findings] == ["predicted-label-name-taken"]
    assert account.sagemaker.calls == []
    # Left out of the features, the column is in nobody's way.
    config = cases.config(predictor=cases.SHADOW, excluded_columns=["predicted_label"])
    account.analyze(config, data, output)
    assert "post_training_bias_metrics" in json.loads((output / "analysis.json").read_text())


def test_an_output_that_is_a_file_is_refused_at_once(data: Path, tmp_path: Path) -> None:
    account = Account()
    (tmp_path / "file").write_text("x")
    for output in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(Refused, match="output-is-file"):
            account.analyze(cases.config(predictor=cases.SHADOW), data, output)
    assert account.sagemaker.calls == []


def test_a_report_is_written_by_its_name_where_it_is_asked_for(data: Path, output: Path) -> None:
    methods = {**cases.PRE_TRAINING, "report": {"name": "loans", "title": "Loans <2026>"}}
    analyze(cases.config(methods=methods), data, output)
    assert "Loans &lt;2026&gt;" in (output / "loans.html").read_text(encoding="utf-8")
    assert json.loads((output / "loans.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4


def test_a_report_s_name_that_is_no_file_name_is_refused_first(data: Path, output: Path) -> None:
    methods = {**cases.PRE_TRAINING, "report": {"name": "../loans", "title": "Loans"}}
    with pytest.raises(Refused, match="report-name"):
        analyze(cases.config(methods=methods), data, output)
    assert not output.exists()


def test_the_real_service_run_is_repeated_through_a_shadow_endpoint(output: Path) -> None:
    expected = json.loads(real("adult_linear_learner/bias_analysis.json").read_text())
    config = AnalysisConfig.load(real("adult_linear_learner/bias_analysis_config.json"))
    data = real("adult_linear_learner/validation-dataset.json")
    model = LinearLearner(real("adult_linear_learner/ll-adult-prediction-model.tar.gz"))
    account = Account(model.answer)

    document = account.analyze(config, data, output).document

    account.assert_nothing_left()
    compared = 0
    for section in ("pre_training_bias_metrics", "post_training_bias_metrics"):
        (wanted,), (got,) = (d[section]["facets"]["Sex"] for d in (expected, document))
        assert got["value_or_threshold"] == wanted["value_or_threshold"]
        for mine, theirs in zip(got["metrics"], wanted["metrics"], strict=True):
            assert mine["name"] == theirs["name"]
            assert mine["value"] == pytest.approx(theirs["value"], abs=1e-12)
            compared += 1
    assert compared == 21
