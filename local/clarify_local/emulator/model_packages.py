"""SageMaker's model registry: moto keeps packages, but an update wipes out what it does not name.

Here requests are checked against the service's model, an update changes what it names, EventBridge
hears of both (``SageMaker Model Package State Change``), and a model may be made of a package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.sagemaker.models import sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse

from clarify_local.emulator import events
from clarify_local.emulator.errors import ServiceError
from clarify_local.emulator.json_values import plain
from clarify_local.emulator.patching import replace
from clarify_local.emulator.shapes import checked
from clarify_local.emulator.world import World

_KEPT_AS_GIVEN = {
    "ApprovalDescription": "approval_description",
    "ModelApprovalStatus": "model_approval_status",
}
_METADATA, _REMOVED = "CustomerMetadataProperties", "CustomerMetadataPropertiesToRemove"


def install(world: World) -> None:
    """Put our CreateModelPackage and UpdateModelPackage in the place of moto's."""

    def create_model_package(self: Any) -> ActionResult:
        request = checked(self.body, "sagemaker", "CreateModelPackage")
        result: Any = moto_create(self)
        package = find_package(world, self.region, result.result["ModelPackageArn"])
        if "ModelPackageGroupName" in request and package.model_approval_status is None:
            package.model_approval_status = "PendingManualApproval"
        _tell(world, package, self.region, [])
        return ActionResult({"ModelPackageArn": package.arn})

    def update_model_package(self: Any) -> ActionResult:
        request = checked(self.body, "sagemaker", "UpdateModelPackage")
        known = {"ModelPackageArn", *_KEPT_AS_GIVEN, _METADATA, _REMOVED}
        if others := sorted(set(request) - known):
            raise ServiceError("ValidationException", f"not emulated: {', '.join(others)}")
        package = find_package(world, self.region, request["ModelPackageArn"])
        for name, attribute in _KEPT_AS_GIVEN.items():
            if name in request:
                setattr(package, attribute, request[name])
        metadata = (package.customer_metadata_properties or {}) | request.get(_METADATA, {})
        for name in request.get(_REMOVED, ()):
            metadata.pop(name, None)
        package.customer_metadata_properties = metadata or None
        package.last_modified_time = utcnow()
        _tell(world, package, self.region, sorted(set(request) - {"ModelPackageArn"}))
        return ActionResult({"ModelPackageArn": package.arn})

    moto_create = replace(SageMakerResponse, "create_model_package", create_model_package)
    replace(SageMakerResponse, "update_model_package", update_model_package)


def find_package(world: World, region: str, name: str) -> Any:
    """Return moto's record of a package, found by its ARN, or by its name if it is in no group."""
    backend = sagemaker_backends[world.options.account][region]
    arn = backend.model_package_name_mapping.get(name, name)
    if arn not in backend.model_packages:
        raise ServiceError("ValidationException", f"ModelPackage {name} does not exist.")
    return backend.model_packages[arn]


def container_of(world: World, region: str, container: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a model's container: of a package, what the package says.

    Raises
    ------
    ServiceError
        There is no such package.
    """
    if "ModelPackageName" not in container:
        return container
    package = find_package(world, region, container["ModelPackageName"])
    containers = (package.inference_specification or {}).get("Containers", [])
    if len(containers) != 1:
        raise ServiceError("ValidationException", "not emulated: a package of several containers")
    of_package: Mapping[str, Any] = containers[0]
    own = container.get("Environment", {})
    return {**of_package, "Environment": {**of_package.get("Environment", {}), **own}}


def _tell(world: World, package: Any, region: str, updated: Sequence[str]) -> None:
    changes = {"UpdatedModelPackageFields": list(updated)} if updated else {}
    events.send(
        world,
        source="aws.sagemaker",
        detail_type="SageMaker Model Package State Change",
        resources=[package.arn],
        detail={**plain(package.gen_response_object()), **changes},
        region=region,
    )
