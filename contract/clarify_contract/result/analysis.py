"""The whole analysis.json of one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from clarify_contract.findings import Finding
from clarify_contract.metrics import Stage
from clarify_contract.result.bias import read_bias
from clarify_contract.result.explanations import read_explanations
from clarify_contract.result.parts import BiasSection, Explanations, MetricValue
from clarify_contract.result.reader import Reader
from clarify_contract.result.reading import read_source


@dataclass(frozen=True, slots=True)
class MetricAt:
    """One metric and where it stands.

    Attributes
    ----------
    stage
        The analysis that computed it.
    facet
        Name of the facet column.
    index
        Position of the group within the facet.
    value_or_threshold
        Who is in the group, as the service wrote it. It may hold a value of the data.
    metric
        The metric itself.
    """

    stage: Stage
    facet: str
    index: int
    value_or_threshold: str | None
    metric: MetricValue


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """What a run found. Sections that the file does not have are None.

    Attributes
    ----------
    version
        ``"1.0"``.
    pre_training, post_training
        The bias sections.
    explanations
        Attributions and partial dependence.
    unread
        What stands in the file and not here, one finding each: unknown keys, wrong types, numbers
        that are none. Empty: everything was read.

    Examples
    --------
    >>> result = AnalysisResult.load(
    ...     {
    ...         "version": "1.0",
    ...         "pre_training_bias_metrics": {
    ...             "label": "approved",
    ...             "label_value_or_threshold": "1",
    ...             "facets": {
    ...                 "sex": [
    ...                     {
    ...                         "value_or_threshold": "0",
    ...                         "metrics": [
    ...                             {"name": "CI", "description": "", "value": -0.25}
    ...                         ],
    ...                     }
    ...                 ]
    ...             },
    ...         },
    ...     }
    ... )
    >>> result.pre_training.facets["sex"][0].metrics["CI"].value
    -0.25
    """

    version: str | None
    pre_training: BiasSection | None
    post_training: BiasSection | None
    explanations: Explanations | None
    unread: tuple[Finding, ...]

    @classmethod
    def load(cls, source: Path | str | Mapping[str, Any]) -> Self:
        """Read an analysis.

        Parameters
        ----------
        source
            A path, the JSON text itself (a text that starts with ``{``), or a mapping.

        Raises
        ------
        Refused
            If there is no JSON object to read. Whatever such an object holds does not raise: what
            cannot be read is in `unread`.
        """
        reader = Reader()
        members = reader.members(
            read_source(source),
            "$",
            ("version", "pre_training_bias_metrics", "post_training_bias_metrics", "explanations"),
        )

        def section(key: str) -> BiasSection | None:
            return read_bias(reader, members[key], f"$.{key}") if key in members else None

        pre, post = section("pre_training_bias_metrics"), section("post_training_bias_metrics")
        explanations = None
        if "explanations" in members:
            explanations = read_explanations(reader, members["explanations"], "$.explanations")
        version = reader.text(members, "version", "$")
        return cls(version, pre, post, explanations, tuple(reader.unread))

    def metrics(self) -> Iterator[MetricAt]:
        """Yield every metric of both stages, all facets and groups, in the order of the file."""
        sections: tuple[tuple[Stage, BiasSection | None], ...] = (
            ("pre_training_bias", self.pre_training),
            ("post_training_bias", self.post_training),
        )
        for stage, section in sections:
            for facet, groups in section.facets.items() if section else ():
                for index, group in enumerate(groups):
                    for metric in group.metrics.values():
                        yield MetricAt(stage, facet, index, group.value_or_threshold, metric)
