"""Whatever goes wrong, no cell of the data and no word of a model is printed or written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

import clarify_engine.steps.bias
from clarify_engine.container import INTERNAL, REFUSED, main
from support_run import cases
from support_run.fakes import FakeRuntime, FakeSageMaker, client_error
from support_run.jobs import JobFolder
from support_run.loopback import serving

CANARY = "zq-canary"
CSV = "approved,sex,region,income,note\n" + "".join(
    f"{i % 2},{CANARY}-{'mf'[i % 3 % 2]},{CANARY}-{i % 4},{i}.25,{CANARY}-note-{i}\n"
    for i in range(60)
)
LINES = "".join(
    json.dumps({"f": [f"{CANARY}-{i % 2}", i, f"{CANARY}-note"], "y": i % 2}) + "\n"
    for i in range(60)
)
FACET = [{"name_or_index": "sex", "value_or_threshold": [f"{CANARY}-f"]}]
JSON_LINES = {
    "dataset_type": "application/jsonlines",
    "headers": ["sex", "region", "note", "approved"],
    "features": "f",
    "label": "y",
}
JSON_MODEL = {
    **cases.SHADOW,
    "content_type": "application/json",
    "accept_type": "text/csv",
    "content_template": "$records",
    "record_template": "$features",
}


def model_error(request: dict[str, Any]) -> tuple[str, str]:
    raise client_error("InvokeEndpoint", "ModelError", f"cannot parse {CANARY}")


def throttled_words(request: dict[str, Any]) -> tuple[str, str]:
    raise client_error("InvokeEndpoint", "ValidationError", f"bad {CANARY}")


def says(text: str, content_type: str = "text/csv") -> Callable[[dict[str, Any]], tuple[str, str]]:
    """Answer every record of a CSV request with one line."""
    return lambda request: ("\n".join([text] * len(request["Body"].split(b"\n"))), content_type)


ALL_POSITIVE = says("0.9")


@dataclass(frozen=True)
class Trouble:
    """One way to go wrong.

    Attributes
    ----------
    message
        A part of the last words.
    config
        Changes to the config.
    data
        The dataset's bytes.
    answer
        What the model says to a request.
    """

    message: str
    config: dict[str, Any] = field(default_factory=dict)
    data: bytes = CSV.encode()
    answer: Callable[[dict[str, Any]], tuple[str, str]] = ALL_POSITIVE


PRE = {"methods": cases.PRE_TRAINING, "predictor": None}

TROUBLES = {
    "no such facet": Trouble(
        "Unable to locate the facet", PRE | {"facet": [{"name_or_index": "gender"}]}
    ),
    "no such label": Trouble("Headers must contain label", PRE | {"label": "accepted"}),
    "no such group": Trouble("group variable", PRE | {"group_variable": "town"}),
    "headers too few": Trouble(
        "Headers in config do not match", PRE | {"headers": ["approved", "sex"]}
    ),
    "excluded column unknown": Trouble(
        "Feature names not found", PRE | {"excluded_columns": ["town"]}
    ),
    "ragged row": Trouble("", PRE, f"{CSV}{CANARY},{CANARY},1\n".encode()),
    "open quote": Trouble("", PRE, f'{CSV}1,"{CANARY},1,2\n'.encode()),
    "not UTF-8": Trouble("UTF-8", PRE, CSV.encode() + f"1,{CANARY},1,2,".encode() + b"\xff\n"),
    "not Parquet": Trouble("", PRE | {"dataset_type": "application/x-parquet"}),
    "not JSON Lines": Trouble("", PRE | JSON_LINES),
    "broken line": Trouble("", PRE | JSON_LINES, f'{LINES}{{"f": ["{CANARY}", \n'.encode()),
    "line without features": Trouble(
        "", PRE | JSON_LINES, f'{LINES}{{"g": ["{CANARY}"], "y": 1}}\n'.encode()
    ),
    "line with other width": Trouble(
        "", PRE | JSON_LINES, f'{LINES}{{"f": ["{CANARY}"], "y": 1}}\n'.encode()
    ),
    "nested feature": Trouble(
        "", PRE | JSON_LINES, f'{LINES}{{"f": [["{CANARY}"], 1, 2], "y": 1}}\n'.encode()
    ),
    "broken document": Trouble(
        "", PRE | JSON_LINES | {"dataset_type": "application/json"}, LINES.encode()
    ),
    "no data": Trouble("Failed to download data", PRE, b""),
    "threshold for a text facet": Trouble(
        "",
        PRE | {"facet": [{"name_or_index": "income", "value_or_threshold": ["x"]}]},
    ),
    "no positive prediction": Trouble("contains all False values", answer=says("0.1")),
    "labels of another type": Trouble(
        "datatype is not the same",
        {"predictor": cases.SHADOW | {"label": 0}},
        answer=says("0.25"),
    ),
    "scores that are text": Trouble(
        "Could not convert string to float", answer=says(f"{CANARY}-score")
    ),
    "list that is none": Trouble("cannot be read", answer=says(f'"[{CANARY}"')),
    "response of another type": Trouble(
        "another content type", answer=says(f"<p>{CANARY}</p>", f"text/html; {CANARY}")
    ),
    "response too short": Trouble(
        "1 predictions for 60 records", answer=lambda request: (f"{CANARY}", "text/csv")
    ),
    "several scores": Trouble(
        "label_headers",
        {"predictor": {k: v for k, v in cases.SHADOW.items() if k != "probability"}},
        answer=says(f"{CANARY},0.5"),
    ),
    "model error": Trouble("failed on a single record", answer=model_error),
    "refused request": Trouble("InvokeEndpoint was refused", answer=throttled_words),
    "placeholder unknown": Trouble(
        "Feature names not found",
        {"predictor": JSON_MODEL | {"record_template": '{"a":"${town}"}'}},
    ),
    "infinite feature": Trouble(
        "feature-infinite",
        {"predictor": JSON_MODEL},
        f"{CSV}1,{CANARY}-f,{CANARY}-1,inf,{CANARY}\n".encode(),
    ),
}


def assert_silent(job: JobFolder, capfd: pytest.CaptureFixture[str]) -> None:
    printed = "".join(capfd.readouterr())
    assert job.message
    assert job.message.splitlines()[0] in printed
    assert CANARY not in printed
    assert CANARY not in job.message
    assert job.results == []


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_trouble_is_told_without_a_cell(
    trouble: Trouble,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    # The config may name a value; its own words are no cells. Here it does not.
    keys = {"predictor": cases.SHADOW, "facet": [{"name_or_index": "sex"}], "group_variable": None}
    job = JobFolder(tmp_path, cases.config(**keys | trouble.config))
    job.data.write_bytes(trouble.data)
    sagemaker = FakeSageMaker(looks_creating=0)
    with serving(sagemaker, FakeRuntime(trouble.answer)) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        code = main(["--root", str(job.root)])
    assert code == REFUSED
    assert trouble.message in job.message
    assert_silent(job, capfd)
    assert (sagemaker.endpoints, sagemaker.configs) == ({}, {})


def test_side_data_that_do_not_fit_are_told_without_a_cell(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import boto3

    side = {"predicted_label_dataset_uri": "s3://bucket/labels.csv", "group_variable": None}
    facet = [{"name_or_index": "sex"}]
    job = JobFolder(tmp_path, cases.config(facet=facet, **side))
    job.data.write_text(CSV)
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="bucket")
        s3.put_object(
            Bucket="bucket", Key="labels.csv", Body=f"predicted_label\n{CANARY}\n".encode()
        )
        assert main(["--root", str(job.root)]) == REFUSED
    assert_silent(job, capfd)


def test_an_error_of_our_own_is_told_without_a_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def break_down(self: object, batch: Any) -> None:
        raise ValueError(f"could not convert {batch.column('sex')[0]}")

    monkeypatch.setattr(clarify_engine.steps.bias.BiasTally, "update", break_down)
    job = JobFolder(tmp_path, cases.config(facet=[{"name_or_index": "sex"}], **PRE))
    job.data.write_text(CSV)
    assert main(["--root", str(job.root)]) == INTERNAL
    assert_silent(job, capfd)
