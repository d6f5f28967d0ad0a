"""What the published SDK uploads for some calls: kept, so that no test without it needs it.

``PYTHONPATH=tests python -m support_parity.recording`` records it anew, with the newest release
that `published` names.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from support_parity.grid import Call, calls
from support_parity.keys import values_of
from support_parity.published import RELEASES

FILE = Path(__file__).with_name("recorded.json")
COMMAND = "PYTHONPATH=tests python -m support_parity.recording"
COUNT = 600


def chosen(made: list[Call], outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first calls that show each method and each key: what was given, and uploaded."""
    seen: set[str] = set()
    kept = []
    for call, outcome in zip(made, outcomes, strict=True):
        if "uploaded" not in outcome or "made" not in outcome:
            continue
        shows = {call["run"], *values_of([outcome["uploaded"]])}
        if shows - seen:
            seen |= shows
            kept.append({key: outcome[key] for key in ("given", "uploaded")})
    return kept


def recorded() -> list[dict[str, Any]]:
    """Return what is kept."""
    kept: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return kept


def main() -> None:
    """Record."""
    made, release = calls(COUNT), RELEASES["v3"]
    with tempfile.TemporaryDirectory() as folder:
        kept = chosen(made, release.outcomes(release.install(Path(folder)), made))
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in kept)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
