"""What Prepare writes of a run that starts, and of one that does not."""

from __future__ import annotations

import json

import jsonschema  # type: ignore[import-untyped]
import pytest

from clarify_contract.verdict import verdict_schema
from clarify_lambda.prepare import handler as function
from clarify_lambda.prepare.preflight import reading
from clarify_lambda.prepare.refusal import RunRefused
from clarify_lambda.prepare.run import prepare
from support_lambda import MemoryS3
from support_lambda.preparing import CONFIG, event

VALIDATOR = jsonschema.Draft202012Validator(verdict_schema())


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> MemoryS3:
    """Return the S3 of the handler, with a dataset of two columns."""
    memory = MemoryS3()
    memory.objects["bucket", "data/train.csv"] = b"age,income\n40,1\n"
    monkeypatch.setattr(function, "_s3", lambda: memory)
    monkeypatch.setattr(reading, "_s3", lambda: memory)
    return memory


def test_handler_writes_the_config_where_the_state_says(s3: MemoryS3) -> None:
    before = dict(s3.objects)
    state = function.handler(event(), None)
    run = prepare(event())
    assert state == run.state | {"preflight": []}
    folder = f"clarify/{state['job_name']}"
    assert s3.objects == before | {
        ("results", f"{folder}/config/analysis_config.json"): run.config.encode(),
        ("results", f"{folder}/preflight.json"): b"[]",
    }
    assert function.handler(event(), None) == state
    assert len(s3.objects) == len(before) + 2


def test_handler_writes_nothing_for_overrides_that_are_refused(s3: MemoryS3) -> None:
    before = dict(s3.objects)
    with pytest.raises(RunRefused):
        function.handler(event(overrides={"unknown": 1}), None)
    assert s3.objects == before


def test_a_run_that_preflight_stops_has_a_verdict_with_all_findings_and_nothing_else(
    s3: MemoryS3,
) -> None:
    before = set(s3.objects)
    columns = [f"column {i}" for i in range(60)]
    with pytest.raises(RunRefused, match=r"\[X16\] \$\.excluded_columns\[0\]: got ") as caught:
        function.handler(event(CONFIG | {"excluded_columns": columns}), None)
    *told, where = caught.value.problems
    assert [line[: line.index("]")] for line in told] == ["[X16"] * 49 + ["[preflight-more"]
    ((bucket, key),) = set(s3.objects) - before
    assert where == f"All findings: s3://{bucket}/{key}"
    document = json.loads(s3.objects[bucket, key])
    VALIDATOR.validate(document)
    assert key == f"clarify/{document['run']['job_name']}/verdict.json"
    assert (document["verdict"], document["error"]) == ("failed", "ClarifyPreparationFailed")
    assert [finding["path"] for finding in document["preflight"]] == [
        f"$.excluded_columns[{i}]" for i in range(60)
    ]


def test_a_run_is_refused_with_its_reasons_even_if_the_verdict_cannot_be_written(
    s3: MemoryS3,
) -> None:
    s3.denied.add("PutObject")
    with pytest.raises(RunRefused) as caught:
        function.handler(event(CONFIG | {"label": "approved"}), None)
    reason, written = caught.value.problems
    assert reason.startswith("[X16] $.label: got ")
    assert written == "verdict.json could not be written: ClientError."


def test_mistakes_come_before_warnings_where_the_message_is_cut(s3: MemoryS3) -> None:
    s3.objects["bucket", "data/train.csv"] = b"age,income\n40\n40,1,2\n"
    with pytest.raises(RunRefused) as caught:
        function.handler(event(CONFIG | {"group_variable": 2}), None)
    ragged, missing, short, _ = caught.value.problems
    assert ragged.startswith("[dataset-ragged] dataset (train.csv): got 1 of the first 2 rows with")
    assert missing.startswith("[X16] $.group_variable: got 2; expected an index below 2.")
    assert "rows with fewer" in short


def test_warnings_travel_in_the_state(s3: MemoryS3) -> None:
    s3.denied.add("ListObjectsV2")
    (warning,) = function.handler(event(), None)["preflight"]
    assert warning == {
        "id": "dataset-not-checked",
        "path": "dataset",
        "given": "AccessDenied for ListObjectsV2",
        "allowed": "data that can be checked beforehand",
        "fix": "Let the Prepare function list and read the data, if they are to be checked.",
        "severity": "warning",
    }


def test_all_warnings_are_written_for_the_verdict_and_fifty_travel(s3: MemoryS3) -> None:
    """Sixty groups whose value no row has."""
    s3.objects["bucket", "data/train.csv"] = b"age,income\n" + b"40,a\n41,b\n" * 40
    facets = [{"name_or_index": "income", "value_or_threshold": [f"x{i}"]} for i in range(60)]
    state = function.handler(event(CONFIG | {"facet": facets}), None)
    ids = [finding["id"] for finding in state["preflight"]]
    assert ids == ["facet-value-absent"] * 49 + ["preflight-more"]
    written = json.loads(s3.objects["results", f"clarify/{state['job_name']}/preflight.json"])
    assert [finding["path"] for finding in written] == [
        f"$.facet[{i}].value_or_threshold" for i in range(60)
    ]
    assert {finding["severity"] for finding in written} == {"warning"}
