"""Shapley values of a model's predictions: what each feature adds to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from clarify_contract import Finding
from clarify_engine.shap.choice import Choice, default_samples, refuse_impossible
from clarify_engine.shap.columns import aligned, differing, plain
from clarify_engine.shap.design import METHODS, Bools, Estimator, Floats, Ints
from clarify_engine.shap.designs import Designs
from clarify_engine.shap.least_squares import LeastSquares
from clarify_engine.shap.link import Link
from clarify_engine.shap.projecting import project
from clarify_engine.shap.synthetic import synthetic_rows
from clarify_engine.shap.tasks import Task, coalition_predictions, own_predictions, packed

#: What a model says: shape ``(rows, classes)`` for a batch of rows.
Scores = Callable[[pa.RecordBatch], Floats]

#: How many synthetic rows the model is asked about at once.
BLOCK_ROWS: Final = 400_000


class KernelShap:
    """Explains predictions by Shapley values: Kernel SHAP (Lundberg and Lee 2017), for many rows.

    The value of a coalition of features is the mean prediction for rows that have the explained
    row's cells there and a baseline row's elsewhere, over all baseline rows. A feature whose cell
    equals that of all baseline rows has the value 0 and costs nothing. All features are players,
    whichever are reported: a part of the values is the same part of the full analysis.

    The values of a row sum to its prediction less `expected_value`. They are the same, to the last
    digit, however rows are cut into batches, if the model's predictions are.

    Parameters
    ----------
    scores
        The model.
    baseline
        At least one row of all features, as the explained rows have them.
    num_samples
        How many coalitions are tried for a row, at most 2^M - 2 for M features that vary: then all
        are, and values are exact. None: min(2F + 2048, 2^F - 2) for F features, as the service has
        it. Where predictions are spread over several baseline rows (`multilinear` and
        `permutation`), it is what their number is derived from.
    use_logit
        Whether values are in log-odds of the mean probability over the baseline.
    seed
        What coalitions are drawn with; the same seed gives the same values.
    estimator
        What computes the values; `auto` takes what needs fewest predictions, see `Choice.method`.
    block_rows
        How many synthetic rows the model is asked about at once. It may change last digits.

    Attributes
    ----------
    expected_value
        Shape ``(classes,)``: the mean prediction on the baseline rows, in the units of the values.
    predictions
        How many rows the model has been asked about.

    Raises
    ------
    AnalysisError
        If the estimator cannot do what is asked, or predictions are no probabilities with
        `use_logit`.
    """

    def __init__(
        self,
        scores: Scores,
        baseline: pa.RecordBatch,
        *,
        num_samples: int | None = None,
        use_logit: bool = False,
        seed: int,
        estimator: Estimator = "auto",
        block_rows: int = BLOCK_ROWS,
    ) -> None:
        if not len(baseline):
            raise ValueError("baseline: expected at least one row")
        refuse_impossible(estimator, logit=use_logit, baseline_rows=len(baseline))
        self._scores = scores
        self._link = Link(logit=use_logit)
        self._block_rows = block_rows
        self._names: list[str] = baseline.schema.names
        self._baseline = [plain(column) for column in baseline.columns]
        self._baseline_rows = len(baseline)
        self._choice = Choice(
            estimator,
            num_samples or default_samples(len(self._names)),
            len(baseline),
            use_logit,
            seed,
        )
        self._designs = Designs(self._choice, block_rows)
        self._rows: Counter[str] = Counter()
        self._singular: dict[int, int] = {}
        self.predictions = 0
        each = np.concatenate(
            [
                self._ask(baseline.slice(at, block_rows))
                for at in range(0, len(baseline), block_rows)
            ]
        )
        self.expected_value: Final[Floats] = self._link(each.mean(axis=0))
        self._each: Final = self.expected_value[None] if use_logit else each

    @property
    def estimators(self) -> dict[str, int]:
        """How many rows each estimator has explained; only those that were used."""
        return {method: self._rows[method] for method in METHODS if self._rows[method]}

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What misleads in the values so far."""
        return tuple(self._warnings())

    def explain(self, rows: pa.RecordBatch) -> Floats:
        """Return what each feature adds to the predictions of rows.

        Parameters
        ----------
        rows
            Rows of the baseline's columns. Batches of `block_rows` / `num_samples` rows and more
            are explained fastest.

        Returns
        -------
        array
            Shape ``(rows, features, classes)``.
        """
        if rows.schema.names != self._names:
            raise ValueError("rows: expected the columns of the baseline, in their order")
        pairs = [
            aligned(of, plain(column))
            for of, column in zip(self._baseline, rows.columns, strict=True)
        ]
        baseline, cells = [of for of, _ in pairs], [column for _, column in pairs]
        varies = differing(baseline, cells)
        own = np.zeros((len(rows), len(self.expected_value)))
        values = np.zeros((*varies.shape, len(self.expected_value)))
        sums: Floats | None = None
        for block in packed(self._tasks(varies), self._block_rows):
            predictions = self._ask(synthetic_rows(block, baseline, cells, self._names))
            at = 0
            for task in block:
                stop = at + task.predictions
                said = predictions[at:stop].reshape(*task.shape, -1)
                at = stop
                if task.design is None:
                    own[task.rows] = self._link(said[:, 0, 0])
                    continue
                total = said[:, :, 0] if task.shape[2] == 1 else said.sum(axis=2)
                sums = total if sums is None else sums + total
                if task.ends:
                    self._add(values, task, sums, own)
                    sums = None
        single = np.flatnonzero(varies.sum(axis=1) == 1)
        values[single, varies[single].argmax(axis=1)] = own[single] - self.expected_value
        return values

    def _tasks(self, varies: Bools) -> Iterator[Task]:
        """Yield what is asked about rows: their own predictions first, then their coalitions'."""
        sizes = varies.sum(axis=1)
        groups = {int(size): np.flatnonzero(sizes == size) for size in np.unique(sizes)}
        for size in groups:
            if size > 1:
                self._choice.method(size)  # refuses before anything is asked
        yield from own_predictions(np.flatnonzero(sizes > 0), varies.shape[1], self._block_rows)
        for size, rows in groups.items():
            if size < 2:
                self._rows["exact"] += len(rows)
                continue
            prepared = self._designs[size]
            design = prepared.design
            self._rows[design.method] += len(rows)
            if isinstance(design, LeastSquares) and design.is_singular:
                self._singular[size] = design.coalitions
            yield from coalition_predictions(
                rows,
                _places(varies[rows], size),
                design,
                prepared.whole,
                self._baseline_rows,
                self._block_rows,
            )

    def _add(self, values: Floats, task: Task, sums: Floats, own: Floats) -> None:
        """Add what coalitions say to the values of their rows."""
        design = task.design
        assert design is not None  # noqa: S101 - own predictions are not added
        means = sums if design.spread else sums / self._baseline_rows
        added = project(self._link(means), task.part.projection)
        if task.begins:
            added = added + design.at_row[None, :, None] * own[task.rows][:, None, :]
            added += design.at_baseline(self._each, self.expected_value)
        features = np.nonzero(task.places < design.size)[1].reshape(len(task.rows), design.size)
        values[task.rows[:, None], features] += added

    def _ask(self, rows: pa.RecordBatch) -> Floats:
        predictions = np.asarray(self._scores(rows), dtype=np.float64)
        self._link.check(predictions)
        self.predictions += len(rows)
        return predictions

    def _warnings(self) -> Iterator[Finding]:
        if self._singular:
            size = max(self._singular)
            yield Finding(
                "shap-singular",
                "$.methods.shap.num_samples",
                f"{self._singular[size]} coalitions for {size} features that vary",
                f"enough to tell the features apart, {2 * size} and better more",
                "Raise num_samples, or remove it for the default.",
                "warning",
            )
        if self._link.clipped:
            yield Finding(
                "shap-logit-clipped",
                "$.methods.shap.use_logit",
                f"true, and {self._link.clipped} mean probabilities of 0 or 1, whose log-odds are"
                " infinite",
                "probabilities between 0 and 1",
                "Remove use_logit, or read the values as cut off at log-odds of 36.",
                "warning",
            )


def _places(varies: Bools, size: int) -> Ints:
    """Return at which place of the design each feature is; `size` where it does not vary."""
    return np.where(varies, np.cumsum(varies, axis=1) - 1, size)
