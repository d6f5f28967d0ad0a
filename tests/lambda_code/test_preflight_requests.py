"""What a run will ask of its model: requests that are JSON, and how many of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from clarify_contract import AnalysisConfig
from clarify_engine.data import open_dataset
from clarify_engine.predict.request import RequestFormat
from clarify_lambda.prepare.preflight.dataset import Dataset, Head
from clarify_lambda.prepare.preflight.estimate import Budget, shap_predictions
from clarify_lambda.prepare.preflight.finding import Finding
from clarify_lambda.prepare.preflight.findings import Seen, preflight
from support_lambda import DAY

DATA = ("approved,says,age,member\n" + '1,"a ""b""",40,True\n0,é,,False\n' * 30).encode()
CONFIG: dict[str, Any] = {
    "dataset_type": "text/csv",
    "label": "approved",
    "methods": {"shap": {"baseline": [["x", 1, "True"]], "num_samples": 10}},
}


def found(body: bytes, budget: Budget = DAY, size: int | None = None, **keys: Any) -> list[Finding]:
    predictor = {"endpoint_name": "live", "accept_type": "text/csv", **keys.pop("predictor", {})}
    config = AnalysisConfig.load(CONFIG | keys | {"predictor": predictor}).to_dict()
    head = Head("dataset (a)", body, whole=size is None)
    seen = Seen(Dataset(objects=1, size=size or len(body), head=head))
    return preflight(config, seen, budget)


def templates(record: str, content: str = '{"rows": $records}') -> dict[str, str]:
    return {
        "content_type": "application/json",
        "content_template": content,
        "record_template": record,
    }


GOOD = {
    "features": templates("$features"),
    "names and features": templates('{"names": $feature_names, "x": $features}'),
    "pairs": templates("$features_kvp"),
    "one by one": templates('{"age": "${age}", "is": ["${member}", "${says}"]}'),
    "one record": templates("$features", '{"names": $feature_names, "row": $record}'),
    "lines": {"content_type": "application/jsonlines", "content_template": '{"x": $features}'},
    "CSV": {"content_type": "text/csv"},
}
#: JSON with the sample values that a config is loaded with, which are digits.
BAD = {
    "a text behind a digit": (templates('{"a": 1"${says}"}'), "record_template"),
    "a missing cell behind a digit": (templates('{"a": 1"${age}"}'), "record_template"),
    "a truth value behind a digit": (templates('{"a": 1"${member}"}'), "record_template"),
}


@pytest.mark.parametrize("predictor", GOOD.values(), ids=GOOD)
def test_templates_that_bear_the_datas_own_values_are_fine(predictor: dict[str, str]) -> None:
    assert found(DATA, predictor=predictor) == []


@pytest.mark.parametrize(("predictor", "key"), BAD.values(), ids=BAD)
def test_a_template_that_gives_no_json_with_the_datas_own_values_is_a_mistake(
    predictor: dict[str, str], key: str, tmp_path: Path
) -> None:
    (finding,) = found(DATA, predictor=predictor)
    path = f"$.predictor.{key}"
    assert (finding.id, finding.path, finding.severity) == ("template-json", path, "error")
    assert "é" not in str(finding)
    # It is what the engine would send.
    (tmp_path / "a.csv").write_bytes(DATA)
    config = AnalysisConfig.load(CONFIG | {"predictor": {"endpoint_name": "live", **predictor}})
    dataset = open_dataset(config, tmp_path / "a.csv", fetch=Path)
    assert config.predictor is not None
    request = RequestFormat.from_config(config.predictor, "text/csv", dataset.features)

    class First:
        sent: bytes = b""

        def update(self, batch: Any, /) -> None:
            cells = request.cells(batch)
            self.sent = self.sent or request.body(request.records(cells, 0, batch.num_rows))

    with pytest.raises(json.JSONDecodeError):
        json.loads(dataset.scan(dataset.features, First).sent)


@pytest.mark.parametrize(
    ("features", "baseline", "samples", "each"),
    [
        # The developer guide's examples: 10 features, one baseline row, no number; then 20.
        (10, 1, None, 1022),
        (20, 1, None, 2088),
        (10, 1, 100, 100),
        (5, 1, 100, 30),  # 2^5 - 2
        (20, 3, 500, 1500),
        (1, 1, None, 1),
    ],
)
def test_predictions_are_counted_by_the_guides_formula(
    features: int, baseline: int, samples: int | None, each: int
) -> None:
    assert shap_predictions(1, features, baseline, samples) == each
    assert shap_predictions(30_000, features, baseline, samples) == 30_000 * each


WIDE = b",".join(b"%d" % i for i in range(21)) + b"\n"


def test_an_analysis_that_takes_longer_than_the_job_may_is_warned_of() -> None:
    """20 features and 2,088 records for each of the 30,000 rows, at 4,400 a second: 3.95 hours."""
    shap: dict[str, Any] = {"label": 0, "methods": {"shap": {}}}
    size = len(WIDE) * 30_000
    budget = Budget(max_runtime=3.5 * 3600, instances=1)
    (finding,) = found(WIDE * 100, budget, size, **shap)
    assert (finding.id, finding.severity) == ("shap-duration", "warning")
    # By the bytes of the first hundred rows, of which the last may be cut.
    (rows,) = re.findall(r"\(of ([0-9,]+) rows by 20 features and 1 baseline", finding.given)
    assert int(rows.replace(",", "")) == pytest.approx(30_000, rel=0.01)
    (predictions,) = re.findall(r"about ([0-9,]+) predictions", finding.given)
    assert int(predictions.replace(",", "")) == pytest.approx(62_640_000, rel=0.01)
    assert "3.9 hours" in finding.given
    assert found(WIDE * 100, Budget(4 * 3600, 1), size, **shap) == []
    assert found(WIDE * 100, Budget(2 * 3600, 2), size, **shap) == []


@pytest.mark.parametrize(
    ("shap", "times"),
    [
        ({"num_clusters": 5}, 5),
        ({"baseline": [[0] * 20] * 7}, 7),
        ({"baseline": "s3://lake/baseline.csv"}, 1),  # which was not looked at: one row or more
    ],
)
def test_each_baseline_row_takes_as_long_again(shap: dict[str, Any], times: int) -> None:
    (finding,) = found(WIDE * 100, Budget(1, 1), label=0, methods={"shap": shap})
    assert f"about {100 * 2088 * times:,} predictions" in finding.given


def test_the_rows_of_a_baseline_in_s3_are_counted() -> None:
    config = AnalysisConfig.load(
        CONFIG
        | {"label": 0, "methods": {"shap": {"baseline": "s3://lake/b"}}}
        | {"predictor": {"endpoint_name": "live"}}
    ).to_dict()
    row = b",".join(b"%d" % i for i in range(20)) + b"\n"
    size = len(row) * 50
    seen = Seen(
        Dataset(objects=1, size=len(WIDE), head=Head("dataset (a)", WIDE, whole=True)),
        [Dataset("baseline", 1, size, head=Head("baseline (b)", row * 10 + b"1", whole=False))],
    )
    (finding,) = preflight(config, seen, Budget(1, 1))
    assert "50 baseline rows" in finding.given


def test_texts_are_cut_into_no_one_knows_how_many_parts_and_not_estimated() -> None:
    shap = {"text_config": {"granularity": "token", "language": "english"}}
    assert found(WIDE * 100, Budget(1, 1), label=0, methods={"shap": shap}) == []
