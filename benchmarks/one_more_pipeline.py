"""What one more ClarifyPipeline in an app costs: resources, and time beside the same by hand.

OMP_NUM_THREADS=1 python benchmarks/one_more_pipeline.py [--pipelines 10] [--runs 5]

Each run synthesises three apps in turn: two buckets alone, with pipelines, and with the same
resources by hand. What is above the buckets alone, divided by the number, is the cost of one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clarify_local.node import bundled_node

# Before anything loads jsii.
os.environ.setdefault("CDK_VALIDATION", "false")
if (node := bundled_node()) is not None:
    os.environ.setdefault("JSII_NODE", str(node))

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from pipeline_by_hand import by_hand
from timing import machine, require_one_thread

from clarify_cdk import Analysis, ClarifyPipeline
from clarify_contract import AnalysisConfig, resolve_checks

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "examples" / "diabetes" / "analysis_config.json"
# A person would write them down; nulls stay out, as jsii drops them.
RULES = {"complete": resolve_checks(AnalysisConfig.load(CONFIG))["complete"]}
Fill = Callable[[cdk.Stack, s3.Bucket, s3.Bucket, int], object]


def nothing(stack: cdk.Stack, data: s3.Bucket, results: s3.Bucket, number: int) -> None:
    pass


def ours(stack: cdk.Stack, data: s3.Bucket, results: s3.Bucket, number: int) -> None:
    analysis = Analysis(
        config=AnalysisConfig.load(CONFIG),
        results_bucket=results,
        dataset_bucket=data,
        job_name_prefix=f"run{number}",
    )
    ClarifyPipeline(stack, f"Pipeline{number}", analysis=analysis)


def hand(stack: cdk.Stack, data: s3.Bucket, results: s3.Bucket, number: int) -> None:
    text = CONFIG.read_text(encoding="utf-8")
    by_hand(stack, data, results, number, code=str(ROOT / "lambda"), config=text, rules=RULES)


def synthesise(fill: Fill, count: int, out: Path) -> tuple[float, Counter[str]]:
    """Return the seconds that an app takes, and how many resources of each kind it has."""
    app = cdk.App(outdir=str(out), analytics_reporting=False)
    started = time.perf_counter()
    stack = cdk.Stack(app, "Measured")
    data, results = s3.Bucket(stack, "Data"), s3.Bucket(stack, "Results")
    for number in range(count):
        fill(stack, data, results, number)
    app.synth()
    took = time.perf_counter() - started
    template: dict[str, Any] = json.loads((out / "Measured.template.json").read_text("utf-8"))
    return took, Counter(resource["Type"] for resource in template["Resources"].values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pipelines", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    require_one_thread()
    fills = {"nothing": nothing, "ours": ours, "by hand": hand}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        kinds = {name: synthesise(fill, 1, place / name)[1] for name, fill in fills.items()}
        if kinds["ours"] != kinds["by hand"]:
            raise SystemExit(f"these are not the same resources: {kinds}")
        seconds: dict[str, list[float]] = {name: [] for name in fills}
        for run in range(options.runs):
            for name, fill in fills.items():
                took, _ = synthesise(fill, options.pipelines, place / f"{name}{run}")
                seconds[name].append(took)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    one = {name: (median[name] - median["nothing"]) / options.pipelines for name in median}
    added = kinds["ours"] - kinds["nothing"]
    print(machine())
    print(f"one more pipeline: {sum(added.values())} resources")
    for kind, number in sorted(added.items()):
        print(f"  {number} {kind}")
    print(
        f"synthesis, median of {options.runs} runs with {options.pipelines} pipelines: "
        f"{one['ours'] * 1000:.0f} ms each, by hand {one['by hand'] * 1000:.0f} ms each: "
        f"{one['ours'] / one['by hand']:.2f} times (at most 1.2)"
    )


if __name__ == "__main__":
    main()
