"""One call of AWS as IAM sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from support_proof.account import Door

Context = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Call:
    """An action on a resource, made by a role.

    Attributes
    ----------
    action, resource
        As a policy names them; ``*`` where the action knows no resource.
    what
        What the resource is to the pipeline, for people.
    context
        Values of the condition keys that the request has, by key.
    door
        Which endpoint of a VPC it goes through, if its caller is in one.
    """

    action: str
    resource: str
    what: str
    context: Context = field(default_factory=dict)
    door: Door | None = None

    @property
    def identity(self) -> tuple[str, str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """What makes two calls the same to IAM."""
        return self.action, self.resource, tuple(sorted(self.context.items()))
