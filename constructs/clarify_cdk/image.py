"""The container image of the processing job: managed, the open engine, or any from ECR."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import CfnMapping, Stack, Stage
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as ecr_assets
from constructs import IConstruct

from clarify_cdk.engine_context import write_engine_context
from clarify_contract import IMAGE_ACCOUNTS, Finding, Refused
from clarify_contract.container import IMAGE_URI_MAX
from clarify_contract.images import REPOSITORY, TAG
from clarify_contract.tokens import is_token

#: Logical id of the table of the managed images' accounts.
MAPPING_ID = "ClarifyImages"
_ENGINE_ID = "ClarifyEngineImage"
# A token's text holds dots, so it is one alternative of its own.
_PART = r"(?:\$\{Token\[[^\]]+\]\}|[a-z0-9-]+)"
_ECR_URI = re.compile(
    rf"(?P<account>{_PART})\.dkr\.ecr\.(?P<region>{_PART})\.[^/]+/(?P<repository>[^:@]+)([:@].+)?"
)


class ClarifyImage(ABC):
    """Which image a job runs: ``managed``, ``open_engine``, ``from_ecr`` or ``from_uri``."""

    @staticmethod
    def managed() -> ClarifyImage:
        """Return the image that SageMaker Clarify publishes in the stack's Region.

        Raises
        ------
        Refused
            When it is used in a stack of a known Region that has no image.
        """
        return _Managed()

    @staticmethod
    def open_engine() -> ClarifyImage:
        """Return the image of this project's own engine, which ``cdk deploy`` builds and pushes.

        For accounts that cannot use the managed image. It needs Docker where the stack is deployed,
        none where it is synthesised. All stacks of an app share one asset; it changes only when the
        engine or its libraries do.

        Raises
        ------
        Refused
            When it is used and the engine's sources are not installed.
        """
        return _OpenEngine()

    @staticmethod
    def from_ecr(repository: ecr.IRepository, tag: str = "latest") -> ClarifyImage:
        """Return an image of a repository, by its tag or its digest (``sha256:…``)."""
        return _FromEcr(repository, tag)

    @staticmethod
    def from_uri(uri: str) -> ClarifyImage:
        """Return an image by its ECR address, ``<account>.dkr.ecr.<region>.<suffix>/<name>:<tag>``.

        Raises
        ------
        Refused
            If no repository can be read from the address.
        """
        return _FromUri(uri)

    @abstractmethod
    def bind(self, scope: IConstruct) -> BoundImage:
        """Return the image's address and repository in the stack of ``scope``."""


@dataclass(frozen=True)
class BoundImage(ClarifyImage):
    """An image as one stack sees it; bound again, it stays what it is.

    Attributes
    ----------
    uri
        What the request names.
    repository_arn
        The one repository that the job's role may pull from.
    is_managed
        Whether it is the service's own, which writes none of the open engine's further files.
    """

    uri: str
    repository_arn: str
    is_managed: bool = False

    def bind(self, scope: IConstruct) -> BoundImage:
        """Return itself."""
        return self


@dataclass(frozen=True)
class _Managed(ClarifyImage):
    def bind(self, scope: IConstruct) -> BoundImage:
        stack = Stack.of(scope)
        region = stack.region
        if not is_token(region):
            if region not in IMAGE_ACCOUNTS:
                raise Refused([_no_image_in(region)])
            known = IMAGE_ACCOUNTS[region]
            arn = _repository_arn(stack, known.account, region, REPOSITORY)
            return BoundImage(uri=known.image_uri(region), repository_arn=arn, is_managed=True)
        table = _table(stack)
        account = table.find_in_map(region, "account")
        suffix = table.find_in_map(region, "suffix")
        return BoundImage(
            uri=f"{account}.dkr.ecr.{region}.{suffix}/{REPOSITORY}:{TAG}",
            repository_arn=_repository_arn(stack, account, region, REPOSITORY),
            is_managed=True,
        )


def _table(stack: Stack) -> CfnMapping:
    """Return the stack's one table of accounts by Region, for CloudFormation to look into."""
    found = stack.node.try_find_child(MAPPING_ID)
    if isinstance(found, CfnMapping):
        return found
    rows = {
        name: {"account": account.account, "suffix": account.suffix}
        for name, account in IMAGE_ACCOUNTS.items()
    }
    return CfnMapping(stack, MAPPING_ID, mapping=rows)


@dataclass(frozen=True)
class _OpenEngine(ClarifyImage):
    def bind(self, scope: IConstruct) -> BoundImage:
        stack = Stack.of(scope)
        found = stack.node.try_find_child(_ENGINE_ID)
        asset = found if isinstance(found, ecr_assets.DockerImageAsset) else _engine_asset(stack)
        return BoundImage(
            uri=asset.image_uri,
            repository_arn=asset.repository.repository_arn,
        )


def _engine_asset(stack: Stack) -> ecr_assets.DockerImageAsset:
    """Return the stack's one asset of the engine."""
    stage = Stage.of(stack)
    if stage is None:
        raise ValueError("a stack is always in a stage: CDK makes one where none was given")
    # Beside the assets and not in a temporary folder: where an app turns the staging of assets
    # off, Docker builds from here.
    context = Path(stage.asset_outdir) / "clarify-engine"
    write_engine_context(context)
    return ecr_assets.DockerImageAsset(
        stack,
        _ENGINE_ID,
        directory=str(context),
        # The instances of processing jobs.
        platform=ecr_assets.Platform.LINUX_AMD64,
        display_name="The open Clarify engine",
    )


@dataclass(frozen=True)
class _FromEcr(ClarifyImage):
    repository: ecr.IRepository
    tag: str

    def bind(self, scope: IConstruct) -> BoundImage:
        return BoundImage(
            uri=self.repository.repository_uri_for_tag_or_digest(self.tag),
            repository_arn=self.repository.repository_arn,
        )


@dataclass(frozen=True)
class _FromUri(ClarifyImage):
    uri: str

    def __post_init__(self) -> None:
        too_long = not is_token(self.uri) and len(self.uri) > IMAGE_URI_MAX
        if too_long or not _ECR_URI.fullmatch(self.uri):
            raise Refused([_no_ecr_address(self.uri)])

    def bind(self, scope: IConstruct) -> BoundImage:
        parts = _ECR_URI.fullmatch(self.uri)
        if parts is None:  # the constructor has read it already
            raise Refused([_no_ecr_address(self.uri)])
        stack = Stack.of(scope)
        arn = _repository_arn(stack, parts["account"], parts["region"], parts["repository"])
        return BoundImage(uri=self.uri, repository_arn=arn)


def _repository_arn(stack: Stack, account: str, region: str, name: str) -> str:
    return f"arn:{stack.partition}:ecr:{region}:{account}:repository/{name}"


def _no_image_in(region: str) -> Finding:
    return Finding(
        "image-region",
        "image",
        f"the managed image in {region}",
        f"one of the {len(IMAGE_ACCOUNTS)} Regions that have it: {', '.join(IMAGE_ACCOUNTS)}",
        "Deploy into one of them, or pass ClarifyImage.open_engine(), or ClarifyImage.from_ecr or "
        "from_uri with an image of your own; in cdk.json, 'image' is 'open-engine' or its address.",
    )


def _no_ecr_address(uri: str) -> Finding:
    return Finding(
        "image-uri",
        "image",
        repr(uri),
        "<account>.dkr.ecr.<region>.<suffix>/<repository>:<tag>, "
        f"at most {IMAGE_URI_MAX} characters: SageMaker pulls from ECR only",
        "Push the image to ECR and pass its address, or pass ClarifyImage.from_ecr(repository); "
        "for the open engine ClarifyImage.open_engine(), in cdk.json 'open-engine'.",
    )
