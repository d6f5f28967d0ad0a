"""From a dataset to the file of results: its place, lines and order, and that it is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clarify_engine.errors import AnalysisError
from support_forecast.cases import (
    HEADERS,
    RELATED,
    ROWS,
    STATIC,
    config,
    explained,
    fine_grained,
    opened,
    rows_of,
    write,
)
from support_forecast.models import FakeModel, linear

BASELINE = {"1": [0, 0], "2": [1, 1]}


def everything(**changes: Any) -> Any:
    method = fine_grained(6, static_covariates=BASELINE)
    return config(related=RELATED, static=STATIC, method=method, **changes)


def test_the_lines_are_as_the_service_writes_them(tmp_path: Path) -> None:
    lines, found = explained(everything(), write(tmp_path, ROWS), FakeModel(linear))

    assert [list(line) for line in lines] == [["item_id", "offset", "explanations"]] * 2
    assert [line["item_id"] for line in lines] == [1, 2]
    assert [
        (entry["feature_name"], entry.get("timestamp")) for entry in lines[1]["explanations"]
    ] == [
        ("sales", 2),
        ("sales", 3),
        ("price", 2),
        ("price", 3),
        ("promotion", 2),
        ("promotion", 3),
        ("store", None),
        ("size", None),
    ]
    assert (found.items, found.warnings) == (2, ())


@pytest.mark.parametrize(
    ("method", "folder"),
    [
        (fine_grained(2), "fine_grained_chronological"),
        ({"direction": "anti_chronological"}, "timewise_anti_chronological"),
        ({"direction": "bidirectional"}, "timewise_bidirectional"),
    ],
)
@pytest.mark.parametrize("uri", [None, "s3://bucket/out", "s3://bucket/out/"])
def test_the_file_is_where_the_section_says(
    method: dict[str, Any], folder: str, uri: str | None, tmp_path: Path
) -> None:
    output = tmp_path / "output"
    found = opened(config(method=method), write(tmp_path, rows_of([1, 2]))).explain(
        FakeModel(linear), output=output, results_uri=uri, workers=1, tell=lambda *_: None
    )
    path = f"asymmetric_shapley_value/{folder}/out.jsonl"

    assert [p.relative_to(output).as_posix() for p in output.rglob("*") if p.is_file()] == [path]
    assert found.section == {
        "direction": method.get("direction", "chronological"),
        "granularity": method.get("granularity", "timewise"),
        "explanation_results_path": path if uri is None else f"s3://bucket/out/{path}",
    }


def test_features_are_called_by_the_headers(tmp_path: Path) -> None:
    headers = ["", "", "Sales", "Price", "Promotion", "Store", "Size"]
    (line, _), _ = explained(everything(headers=headers), write(tmp_path, ROWS), FakeModel(linear))

    names = [entry["feature_name"] for entry in line["explanations"]]
    assert list(dict.fromkeys(names)) == headers[2:]


def test_features_of_one_name_are_refused(tmp_path: Path) -> None:
    settings = everything(headers=[*HEADERS[:-1], "sales"])
    with pytest.raises(AnalysisError, match=r"\[forecast-names\] \$.headers: got 1 features"):
        opened(settings, write(tmp_path, ROWS))


def test_a_name_is_the_end_of_a_path_where_there_are_no_headers(tmp_path: Path) -> None:
    rows = [{**row, "p-1": 2.0} for row in rows_of([1, 2])]
    settings = config(method=fine_grained(2), data={"related_time_series": ['[*]."p-1"']})
    (line,), _ = explained(settings, write(tmp_path, rows), FakeModel(linear))

    assert {entry["feature_name"] for entry in line["explanations"]} == {"sales", "p-1"}


def test_paths_that_end_alike_are_names_as_a_whole(tmp_path: Path) -> None:
    rows = [{**row, "of": {"sales": 2.0}} for row in rows_of([1, 2])]
    settings = config(method=fine_grained(2), data={"related_time_series": ["[*].of.sales"]})
    (line,), _ = explained(settings, write(tmp_path, rows), FakeModel(linear))

    names = {entry["feature_name"] for entry in line["explanations"]}
    assert names == {"[*].sales", "[*].of.sales"}


def many_items() -> list[dict[str, Any]]:
    return [
        row
        for item in range(12)
        for row in rows_of([float(item), 2.0, 3.0][: 1 + item % 3], f"item {item}")
    ]


@pytest.mark.parametrize("workers", [2, 5])
def test_the_number_of_workers_changes_nothing(workers: int, tmp_path: Path) -> None:
    data = write(tmp_path, many_items())
    alone, found = explained(config(), data, FakeModel(linear))
    together, again = explained(config(), data, FakeModel(linear), workers=workers)

    assert alone == together
    assert found == again
    assert [line["item_id"] for line in alone] == [f"item {item}" for item in range(12)]


def sampled(tmp_path: Path, seed: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def model(record: dict[str, Any]) -> list[float]:
        total = sum(values[0] for values in record["related"]) + record["target"][0]
        return [total**3]

    names = [f"r{number}" for number in range(7)]
    settings = config(related=names, method=fine_grained(3))
    lines, _ = explained(settings, write(tmp_path, rows), FakeModel(model), seed=seed)
    return lines


def test_the_seed_decides_and_other_items_do_not(tmp_path: Path) -> None:
    """Eight players of a step are sampled by three orders, in which three of them act together."""
    features = {f"r{number}": [1.0 + number] for number in range(7)}
    first, other = rows_of([2.0], "first", **features), rows_of([9.0], "other", **features)
    one = sampled(tmp_path, 4, first)
    again = sampled(tmp_path, 4, [*other, *first])
    different = sampled(tmp_path, 5, first)

    assert one == again[1:]
    assert one != different


def test_every_item_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int, int]] = []
    found = opened(config(), write(tmp_path, ROWS)).explain(
        FakeModel(linear),
        output=tmp_path,
        results_uri=None,
        workers=1,
        tell=lambda *numbers: told.append(numbers),
    )

    # Three steps and two of them: nothing and each step, but what is zero is asked once.
    assert told == [(0, 2, 0), (1, 2, 4), (2, 2, 6)]
    assert found.predictions == 6


@pytest.mark.parametrize("workers", [1, 3])
def test_nothing_is_left_where_a_model_fails_on_the_way(workers: int, tmp_path: Path) -> None:
    def model(record: dict[str, Any]) -> list[Any]:
        return ["no number"] if record["start"] == 2 else [1.0]

    output = tmp_path / "output"
    with pytest.raises(AnalysisError):
        opened(config(), write(tmp_path, ROWS)).explain(
            FakeModel(model),
            output=output,
            results_uri=None,
            workers=workers,
            tell=lambda *_: None,
        )

    assert [path for path in output.rglob("*") if path.is_file()] == []


def test_what_was_there_before_stays_where_a_model_fails(tmp_path: Path) -> None:
    before = tmp_path / "asymmetric_shapley_value" / "timewise_chronological" / "out.jsonl"
    before.parent.mkdir(parents=True)
    before.write_text("before")
    with pytest.raises(AnalysisError):
        opened(config(), write(tmp_path, ROWS)).explain(
            FakeModel(lambda record: []),
            output=tmp_path,
            results_uri=None,
            workers=1,
            tell=lambda *_: None,
        )

    assert before.read_text() == "before"


def warned(settings: Any, data: Path) -> list[str]:
    return [finding.id for finding in opened(settings, data).warnings]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([1, 2], []),
        ([2, 1], ["forecast-times-order"]),
        (["2019-09-11 00:00:00", "2019-09-12 00:00:00"], []),
        (["2019-09-12", "2019-09-11"], ["forecast-times-order"]),
        (["2019-09-11T10:00+02:00", "2019-09-11T09:00Z"], []),
        (["12. 9. 2019", "11. 9. 2019"], []),  # nobody can tell
        ([1, "2019-09-11"], []),
    ],
)
def test_times_that_go_back_are_warned_about(
    times: list[Any], expected: list[str], tmp_path: Path
) -> None:
    rows = [{**row, "time": time} for row, time in zip(rows_of([1, 2]), times, strict=True)]

    assert warned(config(), write(tmp_path, rows)) == expected


def test_gaps_are_warned_about_and_what_is_to_be_forecast_is_not(tmp_path: Path) -> None:
    gap = write(tmp_path, rows_of([1, None, 3]), "gap.json")
    future = write(tmp_path, rows_of([1, 2, None]), "future.json")

    assert warned(config(), gap) == ["forecast-missing-values"]
    assert warned(config(), future) == []


def test_a_text_that_utf8_cannot_write_is_written_as_json_can(tmp_path: Path) -> None:
    """Half of a surrogate pair, as a broken export leaves it in an id."""
    data = tmp_path / "data.json"
    data.write_text(json.dumps(rows_of([1, 2], "\ud83d")))
    (line,), _ = explained(config(), data, FakeModel(linear))

    assert line["item_id"] == "\ud83d"
