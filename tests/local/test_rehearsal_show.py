"""What a person sees of a rehearsal."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from clarify_contract import Finding
from clarify_local.deployed import Pipeline
from clarify_local.execution import Execution, Step
from clarify_local.outcome import Outcome
from clarify_local.rehearsal import Rehearsal
from clarify_local.results import MetricRow, metric_rows
from clarify_local.show import Show, show_rehearsal

PIPELINE = Pipeline(
    "Machine", "arn", "Prepare", ("Prepare", "Passed"), {}, "s3://r/p", None, "role"
)


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def plain() -> Console:
    return Console(file=io.StringIO(), width=120)


def rehearsal(
    *rows: MetricRow,
    verdict: str = "rejected",
    reason: str = "",
    findings: tuple[Finding, ...] = (),
) -> Rehearsal:
    outcome = Outcome(
        verdict=verdict,  # type: ignore[arg-type]
        reason=reason,
        folder=Path("rehearsal/run"),
        execution=Execution("arn"),
        metrics=rows,
        analysis={},
        endpoints="created and deleted: sm-clarify-1",
        findings=findings,
    )
    reached = Finding("job-is-reached", "network", "a rule", "none", "Remove it.", "warning")
    return Rehearsal(outcome, {"deploy": 1.25, "total": 9.5}, ("key policies",), (reached,))


def test_without_a_terminal_each_event_is_one_line() -> None:
    console = plain()
    running = Execution("arn", steps=[Step("Prepare", "running")])
    with Show(console) as show:
        show.phase("deploy", None)
        show.phase("deploy", 1.25)
        show.execution(PIPELINE, running)
        running.steps[0].status, running.steps[0].seconds = "succeeded", 0.5
        show.execution(PIPELINE, running)
        show.execution(PIPELINE, running)
    assert shown(console).splitlines() == [
        "deploy: done in 1.2 s",
        "  Prepare: succeeded in 0.5 s",
    ]


def test_on_a_terminal_the_list_is_redrawn_with_every_step() -> None:
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    steps = [Step("Prepare", "succeeded", 0.5), Step("RunClarifyJob", "caught", 2.0)]
    with Show(console) as show:
        show.phase("run", None)
        show.execution(PIPELINE, Execution("arn", steps=steps))
    last = shown(console).rsplit("run", 1)[-1]
    assert "✓" in last
    assert "Prepare" in last
    assert "!" in last
    assert "RunClarifyJob" in last


def test_the_end_shows_verdict_reasons_endpoint_place_and_timings() -> None:
    console = plain()
    show_rehearsal(console, rehearsal(reason="Rejected: 1 of 2 checks held. a; b"))
    text = shown(console)
    for part in (
        "REJECTED",
        "  b",
        "shadow endpoint: created and deleted: sm-clarify-1",
        "not emulated: key policies",
        "network: [job-is-reached] network: got a rule; expected none. Remove it.",
        "results: rehearsal/run",
        "deploy 1.2 s · total 9.5 s",
    ):
        assert part in text


def test_what_was_found_before_the_job_is_shown_unless_it_is_the_reason() -> None:
    missing = Finding("X16", "$.label", "nothing", "a column", "Name one.")
    gaps = Finding("label-missing-values", "dataset", "9 gaps", "none", "Fill.", "warning")
    console = plain()
    reason = f"ClarifyPreparationFailed: {missing}"
    show_rehearsal(console, rehearsal(verdict="failed", reason=reason, findings=(missing, gaps)))
    lines = shown(console).splitlines()
    assert lines[0] == f"! {gaps}"
    assert len([line for line in lines if str(missing) in line]) == 1


def pointed(given: Rehearsal) -> list[str]:
    show_rehearsal(console := plain(), given)
    lines = [line for line in shown(console).splitlines() if "Read on: " in line]
    assert len(lines) == 1
    return lines[0].removeprefix("Read on: clarify explain ").split()


def test_a_verdict_says_where_to_read_on_about_it_and_about_what_was_found() -> None:
    # Every rehearsal here has a warning about the network: it comes last.
    gaps = Finding("label-missing-values", "dataset", "9 gaps", "none", "Fill.", "warning")
    high = MetricRow("post-training", "sex", "1", "DI", "DI", 1.3, "", False)
    fine = MetricRow("post-training", "sex", "1", "AD", "AD", 0.1, "", True)
    assert pointed(rehearsal(high, fine)) == ["DI", "job-is-reached"]
    zeros = "every metric that compares outcomes is exactly 0: perhaps no row counted as positive"
    assert pointed(rehearsal(reason=zeros)) == [
        "every-metric-that-compares-outcomes-is-exactly-0",
        "job-is-reached",
    ]
    assert pointed(rehearsal(reason="unheard of")) == ["results-that-look-wrong", "job-is-reached"]
    failed = rehearsal(verdict="failed", reason="unheard of", findings=(gaps,))
    assert pointed(failed) == ["an-execution-failed", "label-missing-values", "job-is-reached"]
    assert pointed(rehearsal(verdict="passed")) == ["job-is-reached"]


def test_metrics_stand_in_a_table_with_what_the_limits_say() -> None:
    console = plain()
    post = ("post-training", "sex", "1")
    show_rehearsal(
        console,
        rehearsal(
            MetricRow(*post, "DI", "Disparate Impact (DI)", 1.28654, "", False),
            MetricRow(*post, "AD", "Accuracy Difference (AD)", -0.03604, "", True),
            MetricRow(*post, "TE", "Treatment Equality (TE)", "Infinity", "", None),
            MetricRow(*post, "FT", "Flip Test (FT)", None, "no numbers", None),
        ),
    )
    lines = shown(console).splitlines()
    assert any("sex = 1" in line for line in lines)
    for name, cell in (
        ("(DI)", "1.2865 ✗"),
        ("(AD)", "-0.0360 ✓"),
        ("(TE)", "Infinity"),
        ("(FT)", "no numbers"),
    ):
        assert any(name in line and cell in line for line in lines), name


def test_a_facets_text_is_shown_as_it_is() -> None:
    console = plain()
    row = MetricRow("post-training", "age", "[bold]", "DI", "DI", 1.0, "", None)
    show_rehearsal(console, rehearsal(row))
    assert "age = [bold]" in shown(console)


def test_a_metric_is_within_only_if_all_its_limits_held() -> None:
    analysis = {
        "post_training_bias_metrics": {
            "facets": {
                "sex": [
                    {"value_or_threshold": "1", "metrics": [{"name": "DI", "value": 2.0}]},
                    {"value_or_threshold": "2", "metrics": [{"name": "DI", "value": 0.5}]},
                ]
            }
        }
    }
    place = "post_training_bias_metrics.facets.sex"

    def check(index: int, held: bool, rule: str = "limit") -> dict[str, object]:
        return {"rule": rule, "where": f"{place}[{index}].DI", "metric": "DI", "held": held}

    verdict = {"checks": [check(0, True), check(0, False), check(1, False, rule="complete")]}
    assert [row.within for row in metric_rows(analysis, verdict)] == [False, None]
    assert [row.within for row in metric_rows(analysis, None)] == [None, None]
