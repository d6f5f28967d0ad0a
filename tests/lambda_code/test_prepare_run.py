"""Prepare merges an execution's overrides into the deployed config, or refuses with all reasons."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clarify_lambda.prepare.refusal import RunRefused
from clarify_lambda.prepare.run import PreparedRun, prepare
from support_lambda.preparing import CONFIG, MODEL, event


def refusals(*args: Any, **kwargs: Any) -> list[str]:
    """Return the ids of every reason why this event is refused, in order."""
    with pytest.raises(RunRefused) as caught:
        prepare(event(*args, **kwargs))
    return [line[1 : line.index("]")] for line in str(caught.value).split("\n")]


def config_of(run: PreparedRun) -> Any:
    return json.loads(run.config)


def test_state_names_everything_that_the_run_needs() -> None:
    state = prepare(event()).state
    job = state["job_name"]
    assert state == {
        "attempt": 1,
        "name": None,
        "job_name": job,
        "run_uri": f"s3://results/clarify/{job}",
        "config_uri": f"s3://results/clarify/{job}/config/analysis_config.json",
        "output_uri": f"s3://results/clarify/{job}/output",
        "dataset_uri": "s3://bucket/data/train.csv",
        "endpoint_name_prefix": state["endpoint_name_prefix"],
    }
    assert job.startswith("clarify-")
    assert state["endpoint_name_prefix"].startswith("loan-check-")


def test_config_of_the_run_is_the_deployed_one_but_for_the_endpoint_prefix() -> None:
    run = prepare(event())
    predictor = MODEL | {"endpoint_name_prefix": run.state["endpoint_name_prefix"]}
    assert config_of(run) == CONFIG | {"predictor": predictor}


def test_numbers_templates_texts_and_order_arrive_unchanged() -> None:
    text = (
        '{"probability_threshold": 1.0, "label_values_or_threshold": [1, 1.0, 0.1], '
        '"predictor": {"endpoint_name": "live", "record_template": "{\\"A\\": \\"${A}\\"}"}, '
        '"headers": ["Größe", "b"], "methods": {}}'
    )
    assert prepare(event(text)).config == text


def test_without_a_model_there_is_no_endpoint_prefix() -> None:
    run = prepare(event({"methods": {}}))
    assert run.state["endpoint_name_prefix"] is None
    assert config_of(run) == {"methods": {}}


def test_same_attempt_gets_the_same_names_and_the_next_attempt_others() -> None:
    first, again = prepare(event()), prepare(event())
    assert first == again
    second = prepare(event(state=first.state | {"job_failure": {"Error": "x"}}))
    assert second.state["attempt"] == 2
    assert second.state["job_name"] != first.state["job_name"]
    assert second.state["endpoint_name_prefix"] != first.state["endpoint_name_prefix"]
    assert prepare(event(state=second.state)).state["attempt"] == 3


def test_name_labels_the_run_and_its_job() -> None:
    state = prepare(event(overrides={"name": "Nightly-7"})).state
    assert state["name"] == "Nightly-7"
    assert state["job_name"].startswith("clarify-nightly-7-")


@pytest.mark.parametrize("name", ["", "-a", "a-", "a_b", "a b", "ä", "a" * 64, 7, None, ["a"]])
def test_name_with_other_characters_is_refused(name: Any) -> None:
    assert refusals(overrides={"name": name})[0].startswith("override-n")


def test_model_is_replaced_by_an_allowed_model() -> None:
    predictor = config_of(prepare(event(overrides={"model_name": "loan-2"})))["predictor"]
    assert predictor["model_name"] == "loan-2"
    assert predictor["instance_type"] == "ml.m5.large"


def test_endpoint_replaces_a_model_with_all_that_belongs_to_the_model() -> None:
    run = prepare(event(overrides={"endpoint_name": "live"}))
    assert config_of(run)["predictor"] == {"probability": 1, "endpoint_name": "live"}


def test_a_run_that_may_host_a_model_has_a_prefix_of_its_own_even_if_it_asks_an_endpoint() -> None:
    run = prepare(event(overrides={"endpoint_name": "live"}))
    assert run.state["endpoint_name_prefix"] == prepare(event()).state["endpoint_name_prefix"]


def test_endpoint_replaces_an_endpoint() -> None:
    config = {"methods": {}, "predictor": {"endpoint_name": "test", "label": 0}}
    run = prepare(event(config, {"endpoint_name": "live"}))
    assert config_of(run)["predictor"] == {"endpoint_name": "live", "label": 0}


def test_dataset_goes_where_the_deployed_one_stands() -> None:
    override = {"dataset_uri": "s3://bucket/data/2026/"}
    run = prepare(event(overrides=override))
    assert run.state["dataset_uri"] == "s3://bucket/data/2026/"
    assert "dataset_uri" not in config_of(run)
    config = {"methods": {}, "dataset_uri": "s3://bucket/data/train.csv"}
    run = prepare(event(config, override, dataset_uri=None))
    assert config_of(run)["dataset_uri"] == "s3://bucket/data/2026/"
    assert "dataset_uri" not in run.state


def test_what_lies_below_the_deployed_dataset_may_be_a_dataset() -> None:
    uri = "s3://own/folder/2026/a.csv"
    run = prepare(event(overrides={"dataset_uri": uri}, dataset_uri="s3://own/folder/"))
    assert run.state["dataset_uri"] == uri
    beside = {"dataset_uri": "s3://own/folder-2/a.csv"}
    assert refusals(overrides=beside, dataset_uri="s3://own/folder/") == ["override-not-allowed"]


def test_deployed_values_may_be_given_again() -> None:
    overrides = {"dataset_uri": "s3://bucket/data/train.csv", "model_name": "loan"}
    again = prepare(event(overrides=overrides, allowed_models=[], allowed_datasets=[]))
    assert again == prepare(event())


@pytest.mark.parametrize(
    "uri", ["s3://bucket/data", "s3://bucket/data/", "s3://bucket/data/a b.csv", "s3://more/days/1"]
)
def test_dataset_at_or_below_an_allowed_prefix_is_taken(uri: str) -> None:
    assert prepare(event(overrides={"dataset_uri": uri})).state["dataset_uri"] == uri


@pytest.mark.parametrize(
    "uri",
    [
        "s3://bucket/database",
        "s3://bucket/dat",
        "s3://bucket/",
        "s3://bucket",
        "s3://bucket2/data/x.csv",
        "s3://more/days",
        "s3://more/daystar",
    ],
)
def test_dataset_outside_the_allowed_prefixes_is_refused(uri: str) -> None:
    assert refusals(overrides={"dataset_uri": uri}) == ["override-not-allowed"]


@pytest.mark.parametrize(
    "uri",
    [
        "bucket/data/x.csv",
        "https://bucket/data/x.csv",
        "S3://bucket/data/x.csv",
        "s3://",
        "s3:///data",
        "s3://Bucket/data",
        "s3://bucket/data/\n",
        "s3://bucket/data/" + "x" * 1024,
    ],
)
def test_dataset_that_is_no_s3_uri_is_refused(uri: str) -> None:
    assert refusals(overrides={"dataset_uri": uri}) == ["dataset-uri"]


@pytest.mark.parametrize(
    "uri",
    [
        "s3://results",
        "s3://results/",
        "s3://results/cl",
        "s3://results/clarify",
        "s3://results/clarify/",
        "s3://results/clarify/clarify-0123/output/",
    ],
)
def test_dataset_that_would_take_in_results_is_refused(uri: str) -> None:
    """A job reads its data's URI as a prefix of keys, not as a folder."""
    allowed = ["s3://results"]
    assert refusals(overrides={"dataset_uri": uri}, allowed_datasets=allowed) == [
        "dataset-meets-results"
    ]
    assert refusals(dataset_uri=uri) == ["dataset-meets-results"]


@pytest.mark.parametrize("uri", ["s3://results/clarify-data/", "s3://results/data"])
def test_dataset_beside_the_results_is_taken(uri: str) -> None:
    assert prepare(event(dataset_uri=uri)).state["dataset_uri"] == uri


def test_without_any_dataset_the_run_is_refused() -> None:
    assert refusals(dataset_uri=None) == ["dataset-missing"]


def test_model_over_an_endpoint_is_refused() -> None:
    config = {"methods": {}, "predictor": {"endpoint_name": "test"}}
    assert refusals(config, {"model_name": "loan-2"}) == ["override-without-model"]


@pytest.mark.parametrize("overrides", [{"model_name": "loan-2"}, {"endpoint_name": "live"}])
def test_predictor_over_a_config_that_asks_none_is_refused(overrides: dict[str, str]) -> None:
    (reason,) = refusals({"methods": {}}, overrides)
    assert reason.startswith("override-without-")


@pytest.mark.parametrize("overrides", [{"model_name": "loan-"}, {"endpoint_name": "loan-2"}])
def test_predictor_outside_the_allowed_lists_is_refused(overrides: dict[str, str]) -> None:
    assert refusals(overrides=overrides) == ["override-not-allowed"]


@pytest.mark.parametrize(("name", "taken"), [("loan-new-1", True), ("loan-new", False)])
def test_models_may_be_allowed_by_what_their_names_begin_with(name: str, taken: bool) -> None:
    given: dict[str, Any] = {"overrides": {"model_name": name}, "allowed_models": ["loan-new-*"]}
    if taken:
        assert config_of(prepare(event(**given)))["predictor"]["model_name"] == name
    else:
        assert refusals(**given) == ["override-not-allowed"]


def test_everything_else_is_refused_by_name_and_all_at_once() -> None:
    overrides = {
        "config": {},
        "attempt": 0,
        "name": "a_b",
        "dataset_uri": "s3://bucket/database",
        "model_name": "other",
        "endpoint_name": 7,
    }
    with pytest.raises(RunRefused) as caught:
        prepare(event(overrides=overrides))
    message = str(caught.value)
    assert [line.split("]")[0][1:] for line in message.split("\n")] == [
        "override-unknown",
        "override-unknown",
        "override-not-a-text",
        "override-name",
        "override-not-allowed",
        "override-not-allowed",
    ]
    assert "'attempt'" in message
    assert "'config'" in message


def test_model_and_endpoint_together_are_refused() -> None:
    overrides = {"model_name": "loan-2", "endpoint_name": "live"}
    assert refusals(overrides=overrides) == ["override-model-and-endpoint"]


@pytest.mark.parametrize("overrides", [[], "text", 7, [{"name": "a"}]])
def test_input_that_is_no_object_is_refused(overrides: Any) -> None:
    assert refusals(overrides=overrides) == ["override-not-an-object"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": NaN}', '{"a": Infinity}'])
def test_deployed_text_that_is_no_config_is_refused(text: str) -> None:
    assert refusals(text) == ["config-not-json"]
