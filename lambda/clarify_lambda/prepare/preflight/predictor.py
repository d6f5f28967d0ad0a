"""Whether the model or the endpoint that a run asks is there and can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from clarify_lambda.prepare.preflight.finding import Finding, warning

Kind = Literal["model", "endpoint"]

_ASKING = ("post_training_bias", "shap", "pdp", "asymmetric_shapley_value")
#: Statuses in which an endpoint answers, though not every one for long.
_SERVING = ("InService", "RollingBack", "SystemUpdating", "Updating")


@dataclass(frozen=True)
class Predictor:
    """What SageMaker says of a model or an endpoint.

    Attributes
    ----------
    kind
        Which of the two it is.
    found
        Whether there is one of this name.
    subnets
        Number of subnets in the model's VpcConfig; None: it has none.
    zones
        Number of Availability Zones that these are in.
    zones_unknown
        Why that was not seen, in words; None if it was.
    status
        Of the endpoint.
    unknown
        Why nothing could be looked at, in words; None if it could.
    """

    kind: Kind
    found: bool = True
    subnets: int | None = None
    zones: int = 0
    zones_unknown: str | None = None
    status: str | None = None
    unknown: str | None = None


def asked(config: Mapping[str, Any]) -> tuple[Kind, str] | None:
    """Return what a run asks for predictions, and its name; None if it asks nothing."""
    methods, predictor = config["methods"], config.get("predictor") or {}
    if any(key in methods for key in _ASKING):
        if "model_name" in predictor:
            return "model", predictor["model_name"]
        if "endpoint_name" in predictor:
            return "endpoint", predictor["endpoint_name"]
    return None


def predictor_findings(seen: Predictor) -> Iterator[Finding]:
    """Yield what keeps a run from its predictions."""
    path = f"$.predictor.{seen.kind}_name"
    if seen.unknown is not None:
        yield warning(
            "predictor-not-checked",
            path,
            seen.unknown,
            f"a name of which preflight may see the {seen.kind}",
            f"Let the Prepare function describe the {seen.kind}, if it is to be checked.",
        )
    elif not seen.found:
        yield Finding(
            "predictor-missing",
            path,
            f"a name that no {seen.kind} has",
            f"a {seen.kind} of this account and Region",
            f"Create the {seen.kind}, or name another one.",
        )
    elif seen.status is not None and seen.status not in _SERVING:
        yield Finding(
            "endpoint-not-in-service",
            path,
            f"an endpoint that is {seen.status}",
            "an endpoint that is InService",
            "Start the run again when it is, or name another one.",
        )
    elif seen.subnets is not None:
        yield from _zones(path, seen)


def _zones(path: str, seen: Predictor) -> Iterator[Finding]:
    allowed = "a VpcConfig with subnets in two Availability Zones or more, as hosting asks for"
    if seen.zones_unknown is not None:
        yield warning(
            "model-zones-not-checked",
            path,
            f"a model whose VpcConfig has {seen.subnets} subnets; of their zones: "
            f"{seen.zones_unknown}",
            allowed,
            "Check the zones, if the shadow endpoint fails to start.",
        )
    elif seen.zones < 2:
        yield Finding(
            "model-one-zone",
            path,
            f"a model whose VpcConfig has {seen.subnets} subnets, in {seen.zones} zone",
            allowed,
            "Create the model with a second subnet, in another zone.",
        )
