"""The files beside ``analysis.json`` that a run must have written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from clarify_contract.config import AnalysisConfig
from clarify_contract.container import BASELINE_FILE, LOCAL_SHAP_FILE

_LOCAL_SHAP_FOLDER: Final = LOCAL_SHAP_FILE.rpartition("/")[0] + "/"


def file_rules(config: AnalysisConfig) -> Iterator[dict[str, Any]]:
    """Yield what is expected: its name for people, how its file's name begins, and what it is not.

    Local SHAP values are several files, of names that are not documented, where a job has several
    instances; the computed baseline lies in their folder. Of images no name is documented.
    """
    if config.methods.report is not None:
        page = config.methods.report.page
        yield {"what": "the report", "begins": page, "other_than": None}
    shap = config.methods.shap
    if shap is not None and shap.save_local_shap_values and shap.image_config is None:
        yield {
            "what": "the local SHAP values",
            "begins": _LOCAL_SHAP_FOLDER,
            "other_than": BASELINE_FILE,
        }
