"""Where an analysis is, measured and in plain lines."""

from __future__ import annotations

from typing import Any

from clarify_engine.progress import PlainProgress, Stopwatch


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_each_phase_is_measured_and_told() -> None:
    clock, told = Clock(), []

    def tell(*given: Any) -> None:
        told.append(given)

    watch = Stopwatch(tell, clock)
    watch("load", 0, None)
    clock.now += 2
    watch("load", 10, None)
    clock.now += 1
    watch("shap", 0, 10)
    clock.now += 4
    watch("load", 0, 5, 7)
    clock.now += 0.5
    watch.stop()
    clock.now += 60
    watch.stop()
    assert watch.seconds == {"load": 3.5, "shap": 4.0}
    assert told == [
        ("load", 0, None, 0),
        ("load", 10, None, 0),
        ("shap", 0, 10, 0),
        ("load", 0, 5, 7),
    ]


def test_plain_progress_is_a_line_a_phase_and_then_one_each_half_minute() -> None:
    clock, lines = Clock(), list[str]()
    progress = PlainProgress(lines.append, clock=clock)
    progress("validate", 0, None)
    for done in range(0, 100, 10):
        progress("shap", done, 100, 20 * done)
        clock.now += 10
    assert lines == [
        "Phase: validate.",
        "Phase: shap.",
        "Phase: shap, 30 of 100 rows, 600 predictions, about 70 s left.",
        "Phase: shap, 60 of 100 rows, 1,200 predictions, about 40 s left.",
        "Phase: shap, 90 of 100 rows, 1,800 predictions, about 10 s left.",
    ]


def test_plain_progress_says_no_more_than_it_knows() -> None:
    clock, lines = Clock(), list[str]()
    progress = PlainProgress(lines.append, every=1, clock=clock)
    progress("load", 0, None)
    clock.now += 1
    progress("load", 5000, None)
    clock.now += 1
    progress("pdp", 0, 20)
    clock.now += 1
    progress("pdp", 0, 20, 500)
    assert lines == [
        "Phase: load.",
        "Phase: load, 5,000 rows.",
        "Phase: pdp.",
        "Phase: pdp, 0 of 20 rows, 500 predictions.",
    ]
