"""What the features of a forecasting dataset are called in results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clarify_contract.config import TimeSeriesData
from clarify_engine.data.problems import headers_mismatch
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
        """Take the names from the headers, or else from the ends of the JMESPaths.

        The headers are item id, time, target, related series and static covariates, in this order.
        What the service calls features without headers is not known.

        Raises
        ------
        AnalysisError
            There is another number of headers than of addresses, or two features have one name.
        """
        related, static = len(data.related_time_series or ()), len(data.static_covariates or ())
        if headers is None:
            paths = [data.target_time_series, *(data.related_time_series or ())]
            names = [_end(str(path)) for path in [*paths, *(data.static_covariates or ())]]
        elif len(headers) != 3 + related + static:
            what = "addresses in time_series_data_config"
            raise headers_mismatch("$.headers", 3 + related + static, len(headers), what)
        else:
            names = list(headers[2:])
        if twice := len(names) - len(set(names)):
            raise unreadable(
                "forecast-names",
                "$.headers",
                f"{twice} names that another feature has already",
                "a name of its own for each feature",
                "Set headers: item id, time, target, related series, static covariates.",
            )
        return cls(names[0], names[1 : 1 + related], names[1 + related :])


def _end(path: str) -> str:
    found = _LAST_FIELD.search(path)
    return path if found is None else found[1] or found[2]
