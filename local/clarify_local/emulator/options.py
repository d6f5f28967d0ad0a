"""What an emulator is started with; handed from the client to its child process as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field

ENGINE = (sys.executable, "-P", "-m", "clarify_engine")
"""The program that carries out a processing job; ``--root <folder>`` is added to it."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The fixed properties of one emulator.

    Attributes
    ----------
    account, region
        The one account, and the region that ``Emulator.session`` uses. Other regions work too.
    engine
        The program that stands in for the image of a processing job. Images themselves are never
        run: whatever ``ImageUri`` says, this program does the work, unless the image's build
        context is known and can be followed.
    stop_grace_seconds
        How long a stopped job may clean up between SIGTERM and SIGKILL. SageMaker gives 120 s.
    max_invocation_bytes
        The largest request body that ``InvokeEndpoint`` takes.
    access_key, secret_key, control_token
        The administrator's keys and what the control calls must show; made anew for each emulator.
    """

    account: str = "123456789012"
    region: str = "us-east-1"
    engine: tuple[str, ...] = field(default=ENGINE)
    stop_grace_seconds: float = 120.0
    max_invocation_bytes: int = 6 * 1024 * 1024
    access_key: str
    secret_key: str
    control_token: str

    def to_json(self) -> str:
        """Return the options as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Options:
        """Read what ``to_json`` wrote."""
        fields = json.loads(text)
        return cls(**{**fields, "engine": tuple(fields["engine"])})
