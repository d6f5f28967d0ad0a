"""What a person sees while an analysis runs."""

from __future__ import annotations

import io
import re

from rich.console import Console

from clarify_local.analysis_progress import AnalysisProgress


def told(console: Console) -> None:
    with AnalysisProgress(console) as progress:
        progress("load", 0, None)
        progress("load", 1000, None)
        progress("shap", 0, 30_162)
        progress("shap", 15_000, 30_162, 225_000)


def test_without_a_terminal_each_phase_is_one_line() -> None:
    console = Console(file=io.StringIO(), width=120)
    told(console)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().splitlines() == ["Phase: load.", "Phase: shap."]


def test_on_a_terminal_each_phase_has_a_bar_with_rows_and_predictions() -> None:
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    told(console)
    assert isinstance(console.file, io.StringIO)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", console.file.getvalue())
    load, shap = (line.rstrip() for line in text.splitlines()[-2:])
    assert re.fullmatch(r"load +━+ 1,000 rows +0:00:00", load)
    # Half of the bar is drawn as done: its colour is another one.
    assert re.match(r"shap +━+[╸╺]━+ 15,000 of 30,162 rows, 225,000 predictions +0:00:00", shap)


def test_a_phase_that_ended_before_its_total_is_full() -> None:
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    with AnalysisProgress(console) as progress:
        progress("pdp", 1, 10)
        progress("write", 0, None)
    assert isinstance(console.file, io.StringIO)
    last = console.file.getvalue().split("pdp")[-1].splitlines()[0]
    assert "╸" not in last
    assert "╺" not in last
    assert " left" not in last
