"""Where the managed Clarify image lives: one registry account per Region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

REPOSITORY: Final = "sagemaker-clarify-processing"
TAG: Final = "1.0"


@dataclass(frozen=True, slots=True)
class ImageAccount:
    """The registry of one Region.

    Attributes
    ----------
    account
        Twelve digits as text: some begin with zero.
    suffix
        DNS suffix of the Region's partition.
    """

    account: str
    suffix: str = "amazonaws.com"

    def image_uri(self, region: str) -> str:
        """Return ``<account>.dkr.ecr.<region>.<suffix>/sagemaker-clarify-processing:1.0``."""
        return f"{self.account}.dkr.ecr.{region}.{self.suffix}/{REPOSITORY}:{TAG}"


#: Every Region that has the image. A Region that is missing here has none. The ``us-gov`` and
#: ``us-isof`` entries come from the SageMaker Python SDK's table alone: the developer guide does
#: not list them.
IMAGE_ACCOUNTS: Final[Mapping[str, ImageAccount]] = MappingProxyType(
    {
        "af-south-1": ImageAccount("811711786498"),
        "ap-east-1": ImageAccount("098760798382"),
        "ap-northeast-1": ImageAccount("377024640650"),
        "ap-northeast-2": ImageAccount("263625296855"),
        "ap-northeast-3": ImageAccount("912233562940"),
        "ap-south-1": ImageAccount("452307495513"),
        "ap-southeast-1": ImageAccount("834264404009"),
        "ap-southeast-2": ImageAccount("007051062584"),
        "ap-southeast-3": ImageAccount("705930551576"),
        "ca-central-1": ImageAccount("675030665977"),
        "cn-north-1": ImageAccount("122526803553", "amazonaws.com.cn"),
        "cn-northwest-1": ImageAccount("122578899357", "amazonaws.com.cn"),
        "eu-central-1": ImageAccount("017069133835"),
        "eu-central-2": ImageAccount("730335477804"),
        "eu-north-1": ImageAccount("763603941244"),
        "eu-south-1": ImageAccount("638885417683"),
        "eu-west-1": ImageAccount("131013547314"),
        "eu-west-2": ImageAccount("440796970383"),
        "eu-west-3": ImageAccount("341593696636"),
        "me-south-1": ImageAccount("835444307964"),
        "sa-east-1": ImageAccount("520018980103"),
        "us-east-1": ImageAccount("205585389593"),
        "us-east-2": ImageAccount("211330385671"),
        "us-gov-west-1": ImageAccount("598674086554"),
        "us-isof-east-1": ImageAccount("579539705040", "csp.hci.ic.gov"),
        "us-isof-south-1": ImageAccount("411392592546", "csp.hci.ic.gov"),
        "us-west-1": ImageAccount("740489534195"),
        "us-west-2": ImageAccount("306415355426"),
    }
)
