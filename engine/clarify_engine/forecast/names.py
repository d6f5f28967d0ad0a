"""What the features of a forecasting dataset are called in results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clarify_contract.config import TimeSeriesData
from clarify_engine.forecast.problems import unreadable

_LAST_FIELD = re.compile(r'(?:^|[.\]|\s])(?:([A-Za-z_]\w*)|"([^"\\]+)")\s*$')


@dataclass(frozen=True, slots=True)
class Names:
    """One name for the target, each related series and each static covariate."""

    target: str
    related: Sequence[str]
    static: Sequence[str]

    @classmethod
    def from_config(cls, data: TimeSeriesData, headers: Sequence[str] | None) -> Names:
        """Take the names from the headers, or else from the JMESPaths.

        The headers are item id, time, target, related series and static covariates, in this order
        and as many (X15). What the service calls features without headers is not known: here they
        are called by the last field of a path, or by the whole of it where those are not distinct.

        Raises
        ------
        AnalysisError
            Two features have the same header, or the same path.
        """
        related = data.related_time_series or ()
        if headers is None:
            addresses = [data.target_time_series, *related, *(data.static_covariates or ())]
            paths = [str(address) for address in addresses]
            names = [_last_field(path) for path in paths]
            if len(set(names)) < len(names):
                names = paths
        else:
            names = list(headers[2:])
        if twice := len(names) - len(set(names)):
            raise unreadable(
                "forecast-names",
                "$.headers" if headers else "$.time_series_data_config",
                f"{twice} features that are called as another one is",
                "a name of its own for each feature",
                "Set headers: item id, time, target, related series, static covariates.",
            )
        return cls(names[0], names[1 : 1 + len(related)], names[1 + len(related) :])


def _last_field(path: str) -> str:
    found = _LAST_FIELD.search(path)
    return path if found is None else found[1] or found[2]
