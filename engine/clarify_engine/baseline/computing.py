"""A baseline computed from the dataset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa

from clarify_contract.findings import Finding
from clarify_engine.baseline.clustering import clusters_of
from clarify_engine.baseline.encoding import encoding
from clarify_engine.baseline.rows import Baseline
from clarify_engine.baseline.sampling import RowSample
from clarify_engine.data import Dataset

#: Rows that are clustered, at most: more change the centres little, and memory is theirs.
SAMPLE_ROWS: Final = 5_000


def computed_baseline(
    dataset: Dataset, clusters: int | None, seed: int, tell: Callable[[int], None]
) -> Baseline:
    """Return the centres of clusters of the dataset's rows.

    This algorithm is ours: the developer guide says that the service uses K-means or K-prototypes,
    and not how. Here scikit-learn's ``KMeans`` clusters a random sample of up to `SAMPLE_ROWS`
    rows, with numbers standardised and categories one-hot encoded. A row of the baseline has the
    mean of its cluster's numbers (rounded for integers) and its most frequent categories. Rows come
    by the size of their clusters, the largest first.

    Parameters
    ----------
    dataset
        The rows; their features are clustered.
    clusters
        How many rows the baseline has; None for the best number of 1 to 12 by `best_count`.
    seed
        Same seed, same baseline, on any number of cores.
    tell
        Is told how many rows of the dataset have been read.
    """
    features = dataset.features
    seed %= 2**32  # what scikit-learn takes; a config may have any whole number
    sample = dataset.scan(features, lambda: RowSample(SAMPLE_ROWS, seed, tell)).table()
    columns = {name: encoding(sample[name].combine_chunks()) for name in features}
    points = np.hstack([column.coordinates() for column in columns.values()])
    found = clusters_of(points, clusters, seed)
    count = int(found.max()) + 1
    rows = pa.record_batch(
        {
            name: pa.array([column.centre(found == place) for place in range(count)], field.type)
            for field, (name, column) in zip(sample.schema, columns.items(), strict=True)
        }
    )
    fewer = clusters is not None and count < clusters
    warnings = (_fewer_rows(clusters or 0, count),) if fewer else ()
    return Baseline(rows, computed=True, clusters=count, warnings=warnings)


def _fewer_rows(clusters: int, count: int) -> Finding:
    return Finding(
        "baseline-fewer-rows",
        "$.methods.shap.num_clusters",
        f"{clusters}, with no more than {count} different rows to cluster",
        "at most as many clusters as there are different rows",
        f"Set num_clusters to {count} or less; the baseline has {count} rows.",
        severity="warning",
    )
