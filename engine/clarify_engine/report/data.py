"""What a report shows that `analysis.json` does not hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from clarify_contract.findings import Finding, Refused
from clarify_engine.bias.statistics import BiasStatistics
from clarify_engine.report.sample import ShapSample

#: Name and title of a report for which the config has none.
DEFAULT_NAME: Final = "report"
DEFAULT_TITLE: Final = "Analysis report"

_NAME_MAX: Final = 100


@dataclass(frozen=True)
class ReportData:
    """The content of `report_data.json`.

    Attributes
    ----------
    config
        The analysis config, as its JSON object.
    rows
        Rows of the dataset; None where they are no rows (time series).
    statistics
        Outcomes by group; None without a bias analysis.
    shap
        Local SHAP values of some rows; None without them.
    warnings
        What the analysis warned of.
    """

    config: dict[str, Any]
    rows: int | None = None
    statistics: BiasStatistics | None = None
    shap: ShapSample | None = None
    warnings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """File name of the report, without its ending; see `report_name`."""
        return report_name(self.config)

    @property
    def title(self) -> str:
        """Heading of the report."""
        return str(_report(self.config).get("title") or DEFAULT_TITLE)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object that `from_dict` reads."""
        return asdict(self)

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> ReportData:
        """Read what `to_dict` gave.

        Raises
        ------
        Refused
            It is something else.
        """
        try:
            return _adapter().validate_json(json.dumps(document))
        except ValidationError as error:
            places = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False)]
            raise Refused(
                [
                    Finding(
                        "report-data-unreadable",
                        f"report_data.json: {places[0]}",
                        "another content than an analysis writes",
                        "the file as this version of the engine wrote it",
                        "Run the analysis again.",
                    )
                ]
            ) from None


def report_name(config: Mapping[str, Any]) -> str:
    """Return the file name of a config's report, without its ending.

    Raises
    ------
    Refused
        It cannot be a file's name in the folder of the results.
    """
    name = str(_report(config).get("name") or DEFAULT_NAME)
    unfit = name in {".", ".."} or set("/\\") & set(name) or not name.isprintable()
    if unfit or len(name) > _NAME_MAX:
        raise Refused(
            [
                Finding(
                    "report-name",
                    "$.methods.report.name",
                    "a name that is no plain file name",
                    f"at most {_NAME_MAX} characters without a slash or backslash",
                    "Name the report as its file should be called, such as `report`.",
                )
            ]
        )
    return name


def _report(config: Mapping[str, Any]) -> Mapping[str, Any]:
    methods = config.get("methods")
    report = methods.get("report") if isinstance(methods, Mapping) else None
    return report if isinstance(report, Mapping) else {}


@cache
def _adapter() -> TypeAdapter[ReportData]:
    return TypeAdapter(ReportData)
