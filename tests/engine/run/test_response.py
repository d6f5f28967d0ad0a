"""Responses as the developer guide prints them (spec 3.7), and what a model may get wrong."""

from __future__ import annotations

import json

import pytest

from clarify_engine.errors import AnalysisError
from clarify_engine.predict import Answer, LabelRule, ResponseFormat, score_matrix

AUTOPILOT = '''"dog",0.6,"['cat', 'dog', 'fish']","[0.1, 0.6, 0.3]"'''
CANARY = "canary-7c1e"


def read(response: ResponseFormat, text: str, count: int) -> Answer:
    return response.read(text.encode(), response.accept, count)


def csv(**address: int) -> ResponseFormat:
    return ResponseFormat("text/csv", **address)


def jsonlines(**address: str) -> ResponseFormat:
    return ResponseFormat("application/jsonlines", **address)


def json_(**address: str) -> ResponseFormat:
    return ResponseFormat("application/json", **address)


@pytest.mark.parametrize("text", ["0.6\n0.3", "0.6,0.3", "0.6\n0.3\n", "0.6\r\n0.3", " 0.6, 0.3"])
def test_csv_scores_of_two_records_are_read_in_either_direction(text: str) -> None:
    answer = read(csv(probability=0), text, 2)
    assert LabelRule().labels(answer) == [1, 0]


@pytest.mark.parametrize("text", ["1\n0", "1,0"])
def test_csv_labels_of_two_records_are_read_in_either_direction(text: str) -> None:
    assert read(csv(label=0), text, 2).labels == ["1", "0"]


def test_one_line_of_two_is_one_record_of_two_classes_when_one_record_was_sent() -> None:
    answer = read(csv(), "0.6,0.3", 1)
    assert score_matrix(answer).tolist() == [[0.6, 0.3]]
    assert LabelRule(label_headers=("cat", "dog")).labels(answer) == ["cat"]


def test_csv_label_and_score_stand_in_columns() -> None:
    answer = read(csv(label=0, probability=1), "1,0.6\n0,0.3", 2)
    assert (answer.labels, answer.scores) == (["1", "0"], ["0.6", "0.3"])


def test_csv_without_addresses_is_all_scores() -> None:
    answer = read(csv(), "0.1,0.6,0.3\n0.7,0.2,0.1", 2)
    assert LabelRule(label_headers=("cat", "dog", "fish")).labels(answer) == ["dog", "cat"]


@pytest.mark.parametrize(
    ("response", "headers"),
    [
        (csv(label=0), None),
        (csv(label=2, probability=3), None),
        (csv(probability=3), ("cat", "dog", "fish")),
    ],
)
def test_autopilot_csv_gives_the_label_in_all_three_ways(
    response: ResponseFormat, headers: tuple[str, ...] | None
) -> None:
    answer = read(response, f"{AUTOPILOT}\n{AUTOPILOT}", 2)
    assert LabelRule(label_headers=headers).labels(answer) == ["dog", "dog"]


MULTICLASS = json.dumps(
    {
        "predicted_label": "dog",
        "probability": 0.6,
        "predicted_labels": ["cat", "dog", "fish"],
        "probabilities": [0.1, 0.6, 0.3],
    }
)


@pytest.mark.parametrize(
    ("response", "headers"),
    [
        (jsonlines(label="predicted_label"), None),
        (jsonlines(label="predicted_labels", probability="probabilities"), None),
        (jsonlines(probability="probabilities"), ("cat", "dog", "fish")),
    ],
)
def test_json_lines_of_several_classes_give_the_label_in_all_three_ways(
    response: ResponseFormat, headers: tuple[str, ...] | None
) -> None:
    answer = read(response, f"{MULTICLASS}\n{MULTICLASS}\n", 2)
    assert LabelRule(label_headers=headers).labels(answer) == ["dog", "dog"]


def test_json_lines_score_is_compared_with_the_threshold() -> None:
    answer = read(jsonlines(probability="score"), '{"score":0.6}\n{"score":0.3}', 2)
    assert LabelRule().labels(answer) == [1, 0]
    assert LabelRule(threshold=0.2).labels(answer) == [1, 1]


@pytest.mark.parametrize(
    ("document", "response", "expected"),
    [
        ([0.6, 0.3], json_(probability="[*]"), [1, 0]),
        ([0.6, 0.3], json_(), [1, 0]),
        ({"predicted_labels": [1, 0]}, json_(label="predicted_labels"), [1, 0]),
        (
            {"predictions": [{"label": 0, "score": 0.6}, {"label": 1, "score": 0.3}]},
            json_(label="predictions[*].label", probability="predictions[*].score"),
            [0, 1],
        ),
    ],
)
def test_json_is_searched_as_a_whole(
    document: object, response: ResponseFormat, expected: list[int]
) -> None:
    assert LabelRule().labels(read(response, json.dumps(document), 2)) == expected


def test_json_of_several_classes_takes_the_greatest_score() -> None:
    document = json.dumps([{"probabilities": [0.1, 0.9]}, {"probabilities": [0.8, 0.2]}])
    answer = read(json_(probability="[*].probabilities"), document, 2)
    assert LabelRule(label_headers=(3, 4)).labels(answer) == [4, 3]


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ({"score": 0.9}, "score", [0.9]),
        ({"scores": [0.9]}, "scores", [0.9]),
        ({"scores": [0.1, 0.9]}, "scores", [[0.1, 0.9]]),
        ({"predictions": [{"scores": [0.1, 0.9]}]}, "predictions[*].scores", [[0.1, 0.9]]),
    ],
)
def test_json_for_a_single_record_may_be_its_own_value(
    document: object, path: str, expected: list[object]
) -> None:
    assert read(json_(probability=path), json.dumps(document), 1).scores == expected


def test_a_score_of_exactly_the_threshold_is_negative() -> None:
    assert LabelRule(threshold=0.5).labels(Answer(None, [0.5, 0.50001])) == [0, 1]


@pytest.mark.parametrize(
    ("response", "text", "count", "message"),
    [
        (
            csv(label=0),
            f"{CANARY}\n{CANARY}\n{CANARY}",
            2,
            "3 predictions for 2 records",
        ),
        (csv(label=4), f"{CANARY},1", 1, "response-column.*column 4 of a response of 2 columns"),
        (csv(probability=0), f"[{CANARY}]", 1, "response-list"),
        (csv(label=0), "\n", 1, "0 predictions for 1 records"),
        (csv(label=0), CANARY * 20_000, 1, "response-not-csv"),
        (jsonlines(label="a"), f"{{{CANARY}", 1, "response-not-json"),
        (jsonlines(label="a"), f'{{"b":"{CANARY}"}}', 1, "response-nothing.*label"),
        (
            json_(probability="x"),
            f'["{CANARY}"]',
            1,
            "response-nothing.*probability",
        ),
        # A projection drops what is null, so that labels would slide to other records.
        (
            json_(label="[*].l"),
            f'[{{"l":"{CANARY}"}},{{"l":null}},{{"l":"{CANARY}"}}]',
            3,
            "2 predictions for 3 records",
        ),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_without_its_text(
    response: ResponseFormat, text: str, count: int, message: str
) -> None:
    with pytest.raises(AnalysisError, match=message) as caught:
        read(response, text, count)
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("rule", "answer", "message"),
    [
        (LabelRule(), Answer(None, [CANARY]), "Could not convert string to float."),
        (LabelRule(), Answer(None, [True]), "Could not convert string to float."),
        (LabelRule(), Answer(None, ["nan"]), "got NaN"),
        (LabelRule(), Answer(None, [[0.1, 0.9]]), "label_headers"),
        (LabelRule(label_headers=("a", "b", "c")), Answer(None, [[0.1, 0.9]]), "2 scores for 3"),
        (LabelRule(label_headers=("a", "b")), Answer(None, [0.9]), "1 scores for 2 labels"),
        (LabelRule(), Answer([[CANARY, "b"]], None), "label-list"),
        (LabelRule(), Answer([[CANARY, "b"]], [0.5]), "1 scores for 2 labels"),
    ],
)
def test_labels_and_scores_that_do_not_fit_are_refused(
    rule: LabelRule, answer: Answer, message: str
) -> None:
    with pytest.raises(AnalysisError, match=message) as caught:
        rule.labels(answer)
    assert CANARY not in str(caught.value)


def test_another_content_type_is_refused() -> None:
    with pytest.raises(AnalysisError, match="response-content-type") as caught:
        csv(label=0).read(f"<p>{CANARY}</p>".encode(), f"text/html; x={CANARY}", 1)
    assert CANARY not in str(caught.value)


def test_a_content_type_may_carry_a_charset() -> None:
    assert csv(label=0).read(b"1", "text/csv; charset=utf-8", 1).labels == ["1"]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(AnalysisError, match="response-not-utf8"):
        csv(label=0).read(b"\xff\xfe", "text/csv", 1)


def test_a_path_that_is_none_and_an_address_of_the_wrong_kind_are_refused_at_once() -> None:
    with pytest.raises(AnalysisError, match=r"predictor.label: got a text that is no JMESPath"):
        json_(label="[*")
    with pytest.raises(AnalysisError, match="label: got a text; expected a column index"):
        ResponseFormat("text/csv", label="score")
    with pytest.raises(AnalysisError, match="probability: got a number; expected a JMESPath"):
        ResponseFormat("application/json", probability=1)
