"""The analysis config: loaded, checked, and given back unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Self

from clarify_contract.config.checking import errors_in
from clarify_contract.config.derive import expected_metrics, needs_predictions, s3_uris
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.misleading.table import WARNINGS
from clarify_contract.config.plain import plain_keywords
from clarify_contract.config.reading import read_source
from clarify_contract.config.sagemaker import (
    BiasMethods,
    SdkConfig,
    SdkExplanation,
    SdkPredictor,
    config_of,
)
from clarify_contract.findings import Finding, Refused
from clarify_contract.metrics import Stage


class AnalysisConfig(AnalysisKeys):
    """What a Clarify job is asked to do: the whole of an ``analysis_config.json``.

    Attribute names are the JSON keys; a key that was not given is None. Building one checks
    everything that a config alone can show, and raises every finding at once.

    Raises
    ------
    Refused
        Unknown keys, wrong types or values, and broken rules between keys.

    Examples
    --------
    >>> config = AnalysisConfig(
    ...     dataset_type="text/csv",
    ...     label="approved",
    ...     label_values_or_threshold=[1],
    ...     facet=[{"name_or_index": "sex", "value_or_threshold": [0]}],
    ...     methods={"pre_training_bias": {"methods": ["CI", "DPL"]}},
    ... )
    >>> config.expected_metrics("pre_training_bias")
    ('CI', 'DPL')
    """

    def __init__(self, /, **given: Any) -> None:
        values = plain_keywords(given)
        if found := errors_in(values):
            raise Refused(found)
        super().__init__(**values)

    @classmethod
    def load(cls, source: Path | str | Mapping[str, Any]) -> Self:
        """Read and check a config.

        Parameters
        ----------
        source
            A path, the JSON text itself (a text that starts with ``{``), or a mapping.

        Raises
        ------
        Refused
            With every reason.
        """
        given, repeated = read_source(source)
        # `__init__` checks too, but there None means "absent"; in JSON null is a value.
        if found := [*repeated, *errors_in(given)]:
            raise Refused(found)
        return cls(**given)

    @classmethod
    def from_sagemaker(
        cls,
        data_config: SdkConfig,
        *,
        bias_config: SdkConfig | None = None,
        model_config: SdkPredictor | None = None,
        model_predicted_label_config: SdkPredictor | str | int | None = None,
        explainability_config: SdkExplanation | Sequence[SdkExplanation] | None = None,
        pre_training_methods: BiasMethods = "all",
        post_training_methods: BiasMethods = "all",
    ) -> Self:
        """Make the config that the SageMaker SDK, v2 or v3, uploads for objects of its classes.

        Names and defaults are those of ``SageMakerClarifyProcessor.run_bias_and_explainability``,
        and all but the first may be left out: that makes the other ``run_…`` methods of it.

        Parameters
        ----------
        data_config
            A ``DataConfig``. Where it reads and writes is no part of an analysis config.
        bias_config
            A ``BiasConfig``. Without it no bias is measured.
        model_config
            A ``ModelConfig``.
        model_predicted_label_config
            A ``ModelPredictedLabelConfig``, or what ``run_explainability`` takes as
            ``model_scores``: a name or index alone becomes ``predictor.label``, as the SDK has it.
            Without `model_config` only its threshold counts.
        explainability_config
            A ``SHAPConfig``, ``PDPConfig`` or ``AsymmetricShapleyValueConfig``, or a list of them.
        pre_training_methods, post_training_methods
            ``"all"``, metric codes, or None to leave the stage out. They count with `bias_config`.

        Raises
        ------
        Refused
            With every reason: objects in the wrong place, pipeline variables, or a config that
            `load` refuses too; the SDK uploads some of those.
        """
        return cls.load(
            config_of(
                data_config,
                bias_config,
                model_config,
                model_predicted_label_config,
                explainability_config,
                pre_training_methods,
                post_training_methods,
            )
        )

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is legal but misleads, as far as the config alone shows it."""
        return tuple(finding for rule in WARNINGS for finding in rule.findings(self))

    @property
    def needs_predictions(self) -> bool:
        """Whether the job asks a model or an endpoint."""
        return needs_predictions(self)

    def s3_uris(self) -> tuple[str, ...]:
        """Return the S3 URIs that the container reads itself, as given, CDK tokens included.

        They are no inputs of the job, so its role must be allowed to read them.
        """
        return s3_uris(self)

    def expected_metrics(self, stage: Stage) -> tuple[str, ...]:
        """Return the codes of the metrics that this config computes in one stage.

        ``"all"`` without ``group_variable`` leaves out CDDL and CDDPL, which need it.
        """
        return expected_metrics(self, stage)

    def to_dict(self) -> dict[str, Any]:
        """Return what was given: same keys, order, texts and number types; a fresh copy."""
        return deepcopy(self._given)

    def to_json(self) -> str:
        """Return `to_dict` as one line of JSON, in which 1.0 stays 1.0 and 1 stays 1."""
        return json.dumps(self._given, ensure_ascii=False)
