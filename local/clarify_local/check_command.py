"""`clarify check`: judge results on this machine as the check in AWS judges them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from clarify_contract import AnalysisConfig, Refused, Rules, load_rules, resolve_checks
from clarify_contract.container import ANALYSIS_FILE, INTERVALS_FILE, REPORT_DATA_FILE
from clarify_local.arguments import ResultsFolder
from clarify_local.cli import PASSED, REJECTED
from clarify_local.terminal import fail, out, refuse


def check(
    results: ResultsFolder,
    rules: Annotated[
        Path | None,
        typer.Option(
            help='Rules, in a JSON file: {"presets": ["four_fifths"]}. Without them: all that the'
            " config asks for must be there.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            help="The analysis.json, or Model Monitor's constraints, that the rules compare with.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            help="The analysis_config.json of the run. The open engine's results hold it already.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Judge the results of a run: complete, and as your rules ask.

    Applies the same functions as the pipeline's check, to results of the managed image or of the
    open engine.

    Exit codes: 0 passed, 1 rejected, 2 bad input.

    For example:

    - `clarify check results --rules rules.json`
    - `clarify check results --config analysis_config.json`
    - `clarify check results --rules rules.json --baseline former/analysis.json`
    """
    from clarify_lambda.check.judge import judge, needs_baseline
    from clarify_lambda.check.outcome import passed
    from clarify_local.show_check import show_check

    body = _bytes(results / ANALYSIS_FILE)
    if body is None:
        fail(f"there is no {ANALYSIS_FILE} in {results}")
    try:
        parsed = _config(results, config)
        given = load_rules(rules) if rules is not None else Rules()
        resolved = resolve_checks(parsed, rules=given)
    except Refused as refused:
        refuse(refused)
    if needs_baseline(resolved) != (baseline is not None):
        fail(
            "these rules compare with a baseline: pass its file as --baseline"
            if baseline is None
            else "no rule compares with --baseline: ask for no_worse or min_ndcg in --rules"
        )
    outcomes = judge(
        body,
        resolved,
        intervals=_bytes(results / INTERVALS_FILE),
        baseline=_bytes(baseline) if baseline is not None else None,
        files=_not_empty(results),
    )
    show_check(out, outcomes)
    raise typer.Exit(PASSED if passed(outcomes) else REJECTED)


def _not_empty(results: Path) -> list[str]:
    files = (path for path in results.rglob("*") if path.is_file() and path.stat().st_size)
    return [path.relative_to(results).as_posix() for path in files]


def _config(results: Path, config: Path | None) -> AnalysisConfig:
    """Return the given config, or the one that the open engine left with its results."""
    if config is not None:
        return AnalysisConfig.load(config)
    place = results / REPORT_DATA_FILE
    body = _bytes(place)
    if body is None:
        fail(f"no config: pass --config, since there is no {REPORT_DATA_FILE} in {results}")
    try:
        data = json.loads(body)
    except ValueError:
        fail(f"{place} cannot be read as JSON: pass --config")
    found = data.get("config") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        fail(f"{place} holds no config: pass --config")
    return AnalysisConfig.load(found)


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
