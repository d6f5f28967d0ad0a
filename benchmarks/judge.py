"""What the check function costs: its judge's import, and an analysis of 5 MB.

python benchmarks/judge.py

Each in processes of their own. It ends with an error above 0.05 s for the import, or 128 MB.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import machine

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support_lambda.large_analysis import analysis_and_rules

ROOT = Path(__file__).parents[1]
RUNS, SECONDS, MEGABYTES = 5, 0.05, 128
# Lambda starts without the packages' hooks that an environment here may have.
IMPORT = f"""
import sys, time
sys.path.append({str(ROOT / "lambda")!r})
began = time.perf_counter()
import clarify_lambda.check.judge
print(time.perf_counter() - began)
"""


def printed(*arguments: str) -> float:
    """Return the number that a Python process prints last."""
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT / "tests", capture_output=True, text=True, check=True
    )
    return float(ran.stdout.split()[-1])


def main() -> None:
    print(machine())
    seconds = statistics.median(printed("-I", "-S", "-c", IMPORT) for _ in range(RUNS))
    print(f"import of the judge: {seconds:.3f} s")
    body, rules = analysis_and_rules()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("analysis.json", "rules.json")]
        files[0].write_bytes(body)
        files[1].write_text(json.dumps(rules))
        walls, peaks = [], []
        for _ in range(RUNS):
            began = time.perf_counter()
            peaks.append(printed("-m", "support_lambda.large_analysis", *map(str, files)))
            walls.append(time.perf_counter() - began)
    print(
        f"{len(body) / 1e6:.1f} MB judged: {statistics.median(walls):.2f} s with the start of the"
        f" process, at most {max(peaks):.0f} MB of memory"
    )
    if seconds > SECONDS or max(peaks) >= MEGABYTES:
        sys.exit(f"above {SECONDS} s or {MEGABYTES} MB")


if __name__ == "__main__":
    main()
