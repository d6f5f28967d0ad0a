"""Shapley values of a model's predictions: what each feature adds to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from clarify_contract import Finding
from clarify_engine.shap.choice import Choice, Need
from clarify_engine.shap.columns import aligned, differing, plain
from clarify_engine.shap.design import METHODS, Bools, Estimator, Floats, Ints
from clarify_engine.shap.designs import Designs
from clarify_engine.shap.games import Games, against_all, against_each
from clarify_engine.shap.least_squares import LeastSquares
from clarify_engine.shap.link import Link
from clarify_engine.shap.projecting import project
from clarify_engine.shap.synthetic import synthetic_rows
from clarify_engine.shap.tasks import Task, packed, tasks_of

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

    Without a link, values against several baseline rows are the means of the values against each of
    them, and are computed so: features that equal that baseline row's cost nothing there.

    The values of a row sum to its prediction less `expected_value`. They are the same, to the last
    digit, however rows are cut into batches, if the model's predictions are.

    Parameters
    ----------
    scores
        The model.
    baseline
        At least one row of all features, as the explained rows have them.
    num_samples
        How many coalitions are tried for a row, each with all baseline rows; at most 2^M - 2 for M
        features that vary: then all are, and values are exact. None: 2F + 2048 for F features, as
        the service has it. Where that does not cover all coalitions, fewer are tried, as many as
        give no larger errors than least squares; of a number that is given only where each
        baseline row has coalitions of its own, or it is above 4096.
    use_logit
        Whether values are in log-odds of the mean probability over the baseline.
    seed
        What coalitions are drawn with; the same seed gives the same values.
    estimator
        What computes the values; `auto` takes what errs least for the predictions, see
        `Choice.method`.
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
        If predictions are no probabilities with `use_logit`.
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
        self._scores = scores
        self._link = Link(logit=use_logit)
        self._block_rows = block_rows
        self._names: list[str] = baseline.schema.names
        self._baseline = [plain(column) for column in baseline.columns]
        self._choice = Choice(
            estimator,
            num_samples,
            len(self._names),
            1 if use_logit else len(baseline),
            seed,
        )
        self._designs = Designs(self._choice)
        self._rows: Counter[str] = Counter()
        self._singular: dict[int, int] = {}
        self.predictions = 0
        self._each: Final = np.concatenate([self._ask(part) for part in _cut(baseline, block_rows)])
        self.expected_value: Final[Floats] = self._link(self._each.mean(axis=0))

    @property
    def estimators(self) -> dict[str, int]:
        """How many rows each estimator has explained; only those that were used.

        A row whose games are solved in several ways counts for the roughest of them.
        """
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

        Raises
        ------
        AnalysisError
            If the estimator cannot do what is asked, or predictions are no probabilities with
            `use_logit`.
        """
        if rows.schema.names != self._names:
            raise ValueError("rows: expected the columns of the baseline, in their order")
        pairs = [
            aligned(of, plain(column))
            for of, column in zip(self._baseline, rows.columns, strict=True)
        ]
        baseline, cells = [of for of, _ in pairs], [column for _, column in pairs]
        varies = differing(baseline, cells)
        sizes = varies.sum(axis=1)
        covered = np.array([self._choice.covers(size) for size in range(varies.shape[1] + 1)])
        for size in np.unique(sizes[sizes > 1]):
            self._choice.method(Need(int(size), bool(covered[size])))  # may refuse
        own = self._own(rows, sizes > 0)
        used = np.zeros(len(rows), dtype=np.intp)
        classes = len(self.expected_value)

        def solved(games: Games) -> Floats:
            return self._solve(games, baseline, cells, own, used)

        if self._choice.games == 1:
            values = solved(
                against_all(varies, covered[sizes], len(baseline[0]), self.expected_value)
            )
        else:
            values = np.zeros((*varies.shape, classes))
            at_once = max(1, self._block_rows // classes)
            for cut, games in against_each(baseline, cells, covered[sizes], self._each, at_once):
                parts = solved(games).reshape(-1, cut.stop - cut.start, *values.shape[1:])
                values[cut] += parts.sum(axis=0)
            values /= self._choice.games
        self._rows.update({METHODS[i]: int(n) for i, n in enumerate(np.bincount(used))})
        return values

    def _own(self, rows: pa.RecordBatch, differ: Bools) -> Floats:
        """Return what the model says of rows, linked; rows that are like the baseline have 0."""
        own = np.zeros((len(rows), len(self.expected_value)))
        asked = np.flatnonzero(differ)
        if len(asked):
            some = rows if len(asked) == len(rows) else rows.take(pa.array(asked))
            said = [self._ask(part) for part in _cut(some, self._block_rows)]
            own[asked] = self._link(np.concatenate(said))
        return own

    def _solve(
        self,
        games: Games,
        baseline: list[pa.Array],
        cells: list[pa.Array],
        own: Floats,
        used: Ints,
    ) -> Floats:
        """Return the values of games, and note the roughest method of each row in `used`."""
        values = np.zeros((*games.varies.shape, own.shape[1]))
        sizes = games.varies.sum(axis=1)
        single = np.flatnonzero(sizes == 1)
        gains = own[games.rows[single]] - games.of(single).expected
        values[single, games.varies[single].argmax(axis=1)] = gains
        sums: Floats | None = None
        for block in packed(self._tasks(games, sizes, used), self._block_rows):
            predictions = self._ask(synthetic_rows(block, baseline, cells, self._names))
            at = 0
            for task in block:
                said = task.arranged(predictions[at : at + task.predictions])
                at += task.predictions
                total = said[:, :, 0] if task.shape[2] == 1 else said.sum(axis=2)
                sums = total if sums is None else sums + total
                if task.ends:
                    means = sums / games.baseline.shape[1]
                    self._add(values, task, self._link(means), own, games)
                    sums = None
        return values

    def _tasks(self, games: Games, sizes: Ints, used: Ints) -> Iterator[Task]:
        """Yield what is asked about games, those with the same need together."""
        kinds = np.where(sizes > 1, 2 * sizes + games.covered, 0)
        for kind in np.unique(kinds[kinds > 0]):
            need = Need(int(kind) // 2, bool(kind % 2))
            prepared = self._designs[need]
            design = prepared.design
            some = np.flatnonzero(kinds == kind)
            rows = games.rows[some]
            used[rows] = np.maximum(used[rows], METHODS.index(design.method))
            if isinstance(design, LeastSquares) and design.is_singular:
                self._singular[need.size] = design.coalitions
            yield from tasks_of(games, some, prepared, self._block_rows)

    def _add(self, values: Floats, task: Task, means: Floats, own: Floats, games: Games) -> None:
        """Add what coalitions say to the values of their games."""
        design = task.prepared.design
        added = project(means, task.part.projection)
        if task.begins:
            start = games.of(task.games).expected
            added = added + design.at_row[:, None] * own[task.rows][:, None, :]
            added += design.at_baseline[:, None] * start[:, None, :]
        joined = np.nonzero(task.places < design.size)
        places = task.places[joined].reshape(len(task.games), design.size)
        features = joined[1].reshape(len(task.games), design.size)
        values[task.games[:, None], features] += np.take_along_axis(
            added, places[:, :, None], axis=1
        )

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


def _cut(rows: pa.RecordBatch, length: int) -> Iterator[pa.RecordBatch]:
    for at in range(0, len(rows), length):
        yield rows.slice(at, length)
