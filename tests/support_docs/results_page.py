"""The reference of what a run leaves: its files, and the members of `verdict.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from clarify_contract.container import (
    ANALYSIS_FILE,
    BASELINE_FILE,
    CONFIG_NAME,
    INTERVALS_FILE,
    LOCAL_SHAP_FILE,
    PROVENANCE_FILE,
    REPORT_DATA_FILE,
)
from clarify_contract.verdict import verdict_schema
from clarify_lambda.check.verdict import VERDICT_FILE
from clarify_lambda.check.violations import VIOLATIONS_FILE
from clarify_lambda.places import PREFLIGHT_FILE
from clarify_local.explaining.markdown import prose
from support_docs.config_page import TYPES, type_of
from support_docs.markdown import table

_INTRODUCTION: Final = """\
# What a run leaves

Each run has a folder of its own in the results bucket, named as its job. `clarify analyze` and
`clarify rehearse` write the same files into a folder on this machine.
"""
#: File -> who writes it, when, and what is in it.
FILES: Final[Mapping[str, tuple[str, str, str]]] = {
    f"config/{CONFIG_NAME}": (
        "Prepare",
        "unless it refuses the run",
        "the config that the job reads",
    ),
    PREFLIGHT_FILE: (
        "Prepare",
        "unless it refuses the run",
        "what was found before the job started",
    ),
    f"output/{ANALYSIS_FILE}": ("the job", "always", "all metrics and global explanations"),
    "output/report.*": (
        "the job",
        "with `methods.report`, whose `name` is the files'",
        "the report as HTML, as a notebook, and as PDF (by the open engine where the Pango library"
        " is installed)",
    ),
    f"output/{LOCAL_SHAP_FILE}": (
        "the job",
        "with `save_local_shap_values`",
        "SHAP values of each row, a column for each feature and label",
    ),
    f"output/{BASELINE_FILE}": (
        "the job",
        "with `shap` and no `baseline`",
        "the baseline that was computed",
    ),
    f"output/{INTERVALS_FILE}": (
        "the open engine",
        "with bias metrics",
        "95 % intervals, rows of each group",
    ),
    f"output/{PROVENANCE_FILE}": (
        "the open engine",
        "always",
        "hashes of config and data, the model, estimator, seed, seconds of each phase",
    ),
    f"output/{REPORT_DATA_FILE}": ("the open engine", "always", "what `clarify report` needs"),
    VERDICT_FILE: (
        "CheckResults; Prepare, of a run it refuses",
        "always",
        "the verdict: see below",
    ),
    VIOLATIONS_FILE: (
        "CheckResults",
        "with rules that compare with a baseline",
        "what drifted from it, in Model Monitor's form",
    ),
}
_VERDICT: Final = """\
## verdict.json

`python -m clarify_contract verdict` prints this as a JSON Schema. It holds metric values and names,
never a cell of the data.
"""
#: Here a number may have a decimal point, or none.
_TYPES: Final = {**TYPES, "number": "number"}


def results_page() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *_files(), _VERDICT, *_members()])


def _files() -> Iterator[str]:
    rows = ([f"`{name}`", *about] for name, about in FILES.items())
    yield from table(["file", "written by", "when", "what it holds"], rows)


def _members() -> Iterator[str]:
    judged, failed = verdict_schema()["oneOf"]
    for heading, schema, known in (
        ("Of a run that was judged", judged, {}),
        ("Of a run that failed: what differs", failed, judged["properties"]),
    ):
        properties = schema["properties"]
        yield f"### {heading}"
        yield ""
        yield from _table({key: each for key, each in properties.items() if known.get(key) != each})
    for name in ("checks", "preflight", "inputs", "run"):
        member = judged["properties"][name]
        described = member.get("items", member)
        yield f"### {name}" + ("[]" if member is not described else "")
        yield ""
        yield prose(described["description"])
        yield ""
        yield from _table(described["properties"])


def _table(properties: Mapping[str, Any]) -> Iterator[str]:
    rows = (
        [f"`{key}`", type_of(member, "", _TYPES), prose(member["description"])]
        for key, member in properties.items()
    )
    yield from table(["member", "type", "meaning"], rows)
