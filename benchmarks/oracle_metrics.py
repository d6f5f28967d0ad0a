"""Run by `metrics.py` in the oracle's environment: the same 20 metrics by smclarify 0.5."""

from __future__ import annotations

import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable()

import pandas as pd  # noqa: E402
from smclarify.bias.report import (  # noqa: E402
    FacetColumn,
    LabelColumn,
    StageType,
    bias_report,
)
from timing import median_seconds  # noqa: E402

PRE = ["CI", "DPL", "KL", "JS", "LP", "TVD", "KS", "CDDL"]
POST = ["DPPL", "DI", "DCA", "DCR", "SD", "RD", "DAR", "DRR", "AD", "TE", "CDDPL", "GE"]


def main(path: str, facet: str, value: float, runs: int) -> None:
    data = pd.read_parquet(path)
    label, predicted = data.pop("Target"), data.pop("Predicted")
    values: dict[str, float] = {}

    def both_stages() -> None:
        for stage, metrics in ((StageType.PRE_TRAINING, PRE), (StageType.POST_TRAINING, POST)):
            after = stage == StageType.POST_TRAINING
            (group,) = bias_report(
                data,
                FacetColumn(facet, [value]),
                LabelColumn("Target", label, [1]),
                stage,
                LabelColumn("Predicted", predicted, [1]) if after else None,
                metrics=metrics,
                group_variable=data["Age"],
            )
            values.update({metric["name"]: metric["value"] for metric in group["metrics"]})

    wall, processor = median_seconds(both_stages, runs)
    print(json.dumps({"wall": wall, "processor": processor, "values": values}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), int(sys.argv[4]))
