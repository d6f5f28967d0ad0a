"""How little the check needs: no library for its judgement, and the memory of a small function."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import support_lambda
from support_lambda.large_analysis import analysis_and_rules

#: What a Lambda function has at least.
MEGABYTES = 128


def test_the_judge_loads_the_standard_library_only() -> None:
    script = (
        "import sys\n"
        "import clarify_lambda.check.judge\n"
        "roots = {name.partition('.')[0] for name in sys.modules}\n"
        "print(*sorted(roots & {'boto3', 'botocore', 'jmespath', 'numpy', 'urllib3'}))"
    )
    # Without the packages' hooks, which load what they like.
    source = Path(__file__).parents[2] / "lambda"
    ran = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.append({str(source)!r})\n{script}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == []


def test_128_megabytes_are_enough_for_an_analysis_of_5_megabytes(tmp_path: Path) -> None:
    body, rules = analysis_and_rules()
    (tmp_path / "analysis.json").write_bytes(body)
    (tmp_path / "rules.json").write_text(json.dumps(rules))
    files = [str(tmp_path / name) for name in ("analysis.json", "rules.json")]
    tests = Path(next(iter(support_lambda.__path__))).parent
    ran = subprocess.run(
        [sys.executable, "-m", "support_lambda.large_analysis", *files],
        cwd=tests,
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(ran.stdout.split()[-1]) < MEGABYTES
