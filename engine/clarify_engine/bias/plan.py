"""What a bias analysis measures, and which columns of the data it needs for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from clarify_contract import POST_TRAINING, PRE_TRAINING, AnalysisConfig
from clarify_engine.data.problems import NO_LABEL
from clarify_engine.data.roles import Roles
from clarify_engine.errors import AnalysisError

#: Values of ``facet[].value_or_threshold`` and of ``label_values_or_threshold``.
Value = int | float | str

#: Column of the batches that holds predicted labels, if the data have no column of them.
PREDICTED: Final = "predicted_label"

NO_POSITIVE_VALUES: Final = "Positive label values or thresholds are empty for Label column"


@dataclass(frozen=True)
class FacetPlan:
    """One facet: a column, and the values or the threshold of its sensitive group.

    No values: each value of the column is a group of its own, against all other rows.
    """

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class BiasPlan:
    """What is measured.

    Attributes
    ----------
    label
        Column of the observed label.
    positive
        The positive outcomes, or one threshold above which a label is positive.
    facets
        At least one; a column may come several times.
    group
        Column of the group variable, or None.
    predicted
        Column of the predicted label (a label, not a score); None without post-training metrics.
    features
        Columns among which the flip test looks for neighbours; each facet's own is left out for it.
    pre_training, post_training
        Metric codes; empty where the stage is not asked for.
    """

    label: str
    positive: tuple[Value, ...]
    facets: tuple[FacetPlan, ...]
    group: str | None
    predicted: str | None
    features: tuple[str, ...]
    pre_training: tuple[str, ...]
    post_training: tuple[str, ...]

    @classmethod
    def from_config(cls, config: AnalysisConfig, roles: Roles) -> Self:
        """Plan the bias analysis of a config.

        Parameters
        ----------
        config
            With ``label_values_or_threshold``, ``facet`` and one of the bias methods.
        roles
            The dataset's columns by what they are for (`clarify_engine.data.Dataset.roles`).

        Raises
        ------
        AnalysisError
            There is no label column, or no positive label value.
        """
        if roles.label is None:
            raise AnalysisError(NO_LABEL)
        if not config.label_values_or_threshold:
            raise AnalysisError(NO_POSITIVE_VALUES)
        pre, post = config.methods.pre_training_bias, config.methods.post_training_bias
        facets = zip(roles.facets, config.facet or (), strict=True)
        return cls(
            label=roles.label,
            positive=tuple(config.label_values_or_threshold),
            facets=tuple(
                FacetPlan(column, tuple(facet.value_or_threshold or ())) for column, facet in facets
            ),
            group=roles.group_variable,
            predicted=None if post is None else roles.predicted_label or PREDICTED,
            features=roles.features,
            pre_training=() if pre is None else _codes(pre.methods, PRE_TRAINING),
            post_training=() if post is None else _codes(post.methods, POST_TRAINING),
        )

    @property
    def wants_flip_test(self) -> bool:
        """Whether FT is asked for: its rows are kept in memory until the end."""
        return "FT" in self.post_training

    @property
    def counted_columns(self) -> tuple[str, ...]:
        """The columns that metrics are counted from: labels, facets and groups, each once."""
        names = [self.label, *(facet.column for facet in self.facets)]
        names += [name for name in (self.predicted, self.group) if name is not None]
        return tuple(dict.fromkeys(names))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that batches must have, the predicted label among them, each once."""
        features = self.features if self.wants_flip_test else ()
        return tuple(dict.fromkeys((*self.counted_columns, *features)))


def _codes(methods: str | Sequence[str], all_codes: tuple[str, ...]) -> tuple[str, ...]:
    # "all" is all: without a group variable the service prints CDDL and CDDPL with an error.
    return tuple(sorted(code for code in all_codes if methods == "all" or code in methods))
