"""The pictures of a rehearsal and of its report, both of one run of the example.

Make them again, from the top of the repository: PYTHONPATH=tests python -m support_docs.pictures

It takes Chromium, and half a minute. `architecture.svg`, beside them, is drawn by hand.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from clarify_local.planning import example_plan
from clarify_local.rehearsal import rehearse
from clarify_local.show import Show, show_rehearsal

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
COLUMNS: Final = 92
# The section of the report that says most about itself, in CSS pixels.
SECTION: Final = "Facet age"
WIDTH: Final = 1200
HEIGHT: Final = 1000
_TITLE: Final = "clarify rehearse"


class _Terminal(Console):
    """A terminal that wraps what is longer than its lines: a picture would cut it off."""

    def print(self, *told: Any, soft_wrap: bool | None = None, **how: Any) -> None:
        super().print(*told, soft_wrap=False, **how)


def terminal(console: Console) -> str:
    """Return what a console recorded as a picture that loads nothing and has a name."""
    svg = console.export_svg(title=_TITLE, unique_id="rehearsal")
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    name = f"What {_TITLE} prints: phases, metrics by group, SHAP values, and the verdict"
    return re.sub(r"<svg ([^>]*)>", rf'<svg role="img" aria-label="{name}" \1>', svg, count=1)


def rehearsed() -> tuple[Console, Path]:
    """Rehearse the example; return what a terminal shows in the end, and where its report is."""
    console = _Terminal(
        record=True, force_terminal=True, width=COLUMNS, height=200, file=io.StringIO()
    )
    show = Show(Console(force_terminal=False, file=io.StringIO()))
    rehearsal = rehearse(example_plan(output=Path("rehearsal"), given={}), show)
    console.print(f"[bold green]$[/] {_TITLE}", highlight=False)
    console.print(show.frame())
    show_rehearsal(console, rehearsal)
    return console, (rehearsal.outcome.results / "report.html").resolve()


def photograph(report: Path, picture: Path) -> None:
    """Write what Chromium shows of a section of the report."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "install Chromium: apt-get install chromium"
    place = re.search(rf'href="(#[^"]+)"><bdi>{SECTION}<', report.read_text(encoding="utf-8"))
    assert place is not None, f"the report has no section '{SECTION}'"
    # Chromium photographs the top of a page, whatever place its address names; not so of a frame.
    frame = report.with_name("frame.html")
    frame.write_text(
        f'<body style="margin:0"><iframe src="{report.name}{place[1]}"'
        f' style="border:0;width:{WIDTH}px;height:{HEIGHT}px"></iframe>',
        encoding="utf-8",
    )
    subprocess.run(
        [
            chromium,
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--hide-scrollbars"),
            *(f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={picture}", frame.as_uri()),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):
        console, report = rehearsed()
        (FOLDER / "rehearsal.svg").write_text(terminal(console), encoding="utf-8")
        photograph(report, FOLDER / "report.png")
