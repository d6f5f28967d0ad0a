"""Configs and data of which preflight warns, and which it does not stop."""

from __future__ import annotations

from typing import Any, NamedTuple

from support_local.mistakes import BAD_HEADERS, LINE, ROWS, SIDE_ROW, WIDE_ROWS
from support_local.stage import example_config


class Trap(NamedTuple):
    """Data for a stack, and what its run is warned of."""

    stack: str
    data: bytes
    ids: list[str]
    side: bytes = b""


#: A column for every trap that a facet can fall into, with the value that is given for it; and more
#: groups that are not there than findings travel.
FACETS: dict[str, tuple[str, Any]] = {
    "facet-missing-values": ("gaps", "yes"),
    "facet-empty-interval": ("top", 0.5),
    "facet-threshold-above-maximum": ("over", 9),
    "facet-read-as-threshold": ("low", 0.25),
    "facet-threshold-no-number": ("word", "many"),
}
ABSENT = 50
TRAPS: dict[str, Any] = example_config(
    headers=["high", "sex", "gaps", "top", "over", "low", "word", "none"],
    label="high",
    label_values_or_threshold=["yes"],
    facet=[
        *({"name_or_index": name, "value_or_threshold": [v]} for name, v in FACETS.values()),
        {"name_or_index": "none"},
        *({"name_or_index": "sex", "value_or_threshold": [f"x{i}"]} for i in range(ABSENT)),
    ],
    excluded_columns=None,
    group_variable=None,
    methods={"pre_training_bias": {"methods": ["DPL"]}},
    predictor=None,
)
_FEW = "0.25,f,,0.25,0.25,0.25,0.25,0.25\n"
_MANY = "0.5,m,yes,0.5,0.5,0.5,0.5,0.5\n"
PARQUET = {
    key: value
    for key, value in (BAD_HEADERS | {"dataset_type": "application/x-parquet"}).items()
    if key != "headers"
}
_LATE = b'{"features": [0, 40]}\n{"features": [1, 50]}\n' * 7000 + LINE
#: `BadHeaders` counts the label 1 as positive. `BadSide` has a minute: 60 rows, 3 baseline rows and
#: 2072 samples are 372,960 predictions, or 84 seconds at 4,400 in each.
CASES: dict[str, Trap] = {
    "every facet": Trap(
        "Traps",
        (_FEW + _MANY).encode() * 30,
        [
            "label-threshold-no-number",
            *FACETS,
            "facet-threshold-missing",
            *["facet-value-absent"] * ABSENT,
        ],
    ),
    "a label of texts": Trap(
        "BadHeaders",
        ROWS.replace(b"1,0,", b"yes,0,").replace(b"0,1,", b"no,1,"),
        ["label-value-absent"],
    ),
    "a label with gaps": Trap(
        "BadHeaders",
        ROWS + b",1,60\n",
        ["label-missing-values", "label-empty-interval"],
    ),
    "a label of small fractions": Trap(
        "BadHeaders",
        ROWS.replace(b"1,0,", b"0.5,0,").replace(b"0,1,", b"0.25,1,"),
        ["label-threshold-above-maximum"],
    ),
    "a label of large fractions": Trap(
        "BadHeaders",
        ROWS.replace(b"1,0,", b"1.0,0,").replace(b"0,1,", b"2.5,1,"),
        ["label-read-as-threshold"],
    ),
    "a short row": Trap("BadHeaders", ROWS + b"1,0\n", ["dataset-ragged"]),
    "labels that come late": Trap("BadLines", _LATE, ["json-nothing-found"]),
    "no time for all predictions": Trap("BadSide", WIDE_ROWS, ["shap-duration"], SIDE_ROW * 3),
}
