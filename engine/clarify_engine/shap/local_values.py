"""The values of each row as a CSV file: `explanations_shap/out.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from clarify_engine.shap.design import Floats

_OPTIONS: Final = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")


class LocalValues:
    """Writes local values as they come; numbers read back as the very same numbers.

    The columns are `Feature_Label`, features first: ``F1_L1, F2_L1, F1_L2, F2_L2``; the join
    column is the last one, as the data have it.

    Parameters
    ----------
    path
        The file; its folder is made.
    features, labels
        Names of the features and of the classes.
    join
        Name of the column by which rows are told apart, if the data have one.
    """

    def __init__(
        self, path: Path, features: Sequence[str], labels: Sequence[str], join: str | None = None
    ) -> None:
        self._names: Final = [f"{feature}_{label}" for label in labels for feature in features]
        self._join: Final = join
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb")
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow(self._names + ([join] if join else []))
        self._file.write(header.getvalue().encode())

    def __enter__(self) -> LocalValues:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, values: Floats, join: pa.Array | None = None) -> None:
        """Write the next rows.

        Parameters
        ----------
        values
            Shape ``(rows, features, classes)``.
        join
            Their cells of the join column, if there is one.
        """
        if (join is None) is not (self._join is None):
            raise ValueError("join: expected cells where there is a join column, and only there")
        columns = np.ascontiguousarray(values.transpose(2, 1, 0).reshape(-1, len(values)))
        if len(columns) != len(self._names):
            raise ValueError(f"values: expected {len(self._names)} for a row, got {len(columns)}")
        arrays = [pa.array(column) for column in columns]
        names = [str(place) for place in range(len(arrays))]
        if join is not None:
            arrays.append(join.dictionary_decode() if pa.types.is_dictionary(join.type) else join)
            names.append("join")
        arrow_csv.write_csv(pa.RecordBatch.from_arrays(arrays, names), self._file, _OPTIONS)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
