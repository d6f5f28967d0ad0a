"""What every part of the emulator shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clarify_local.emulator import given_networks
from clarify_local.emulator.children import Children
from clarify_local.emulator.controls import Controls
from clarify_local.emulator.options import Options

PARTITION = "aws"


@dataclass
class World:
    """One emulator: its options, switches, processes and address.

    Attributes
    ----------
    folder
        A folder of this emulator's own; removed when it stops.
    endpoint
        ``http://localhost:<port>``. The name, not the number: moto takes an S3 URL for a path-style
        one only if it says ``localhost``.
    networks
        By access key: the ``VpcConfig`` of the job that the key was given to.
    given_vpcs
        Ids of VPCs of which only a part is here, so that nothing is told of what they lead to.
    """

    options: Options
    folder: Path
    endpoint: str
    controls: Controls = field(default_factory=Controls)
    children: Children = field(default_factory=Children)
    networks: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    given_vpcs: set[str] = field(default_factory=set)

    def give_network(self, network: Mapping[str, Any]) -> None:
        """Carry out ``Emulator.give_network``."""
        given_networks.make(self.options.account, network)
        self.given_vpcs.add(network["vpc"])
        self.controls.note(
            f"{network['vpc']} of the account: its subnets are here under their ids, its routes and"
            " endpoints are not, and its network is not judged"
        )
