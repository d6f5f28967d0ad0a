"""``cdk synth`` and ``cdk deploy`` without an app of your own: one stack per entry of the context.

``python -m clarify_cdk`` works without the CDK's command line too: then it reads ``cdk.json``
itself and writes ``cdk.out``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from aws_cdk import App, Duration, Environment, Size, TimeZone
from aws_cdk import aws_scheduler as scheduler

from clarify_cdk.deployments import CONTEXT_KEY, OPEN_ENGINE, Deployment, read_deployments
from clarify_cdk.image import ClarifyImage
from clarify_cdk.stack import ClarifyStack
from clarify_contract import Finding, Refused

_REFUSED = 2


def main() -> int:
    """Synthesise every stack of the context; return the exit code, 2 for bad input."""
    root = Path.cwd()
    try:
        app = _app(root)
        for deployment in read_deployments(app.node.try_get_context(CONTEXT_KEY), root):
            add_stack(app, deployment)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return _REFUSED
    app.synth()
    return 0


def _app(root: Path) -> App:
    """Return the app as the CDK's command line starts it, or as it would."""
    if "CDK_CONTEXT_JSON" in os.environ:
        return App()
    return App(
        context=_cdk_json(root / "cdk.json"),
        outdir=os.environ.get("CDK_OUTDIR", str(root / "cdk.out")),
    )


def _cdk_json(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        context = json.loads(path.read_text(encoding="utf-8")).get("context", {})
    except (ValueError, AttributeError) as error:
        raise Refused(
            [
                Finding(
                    "cdk-json",
                    path.name,
                    f"a file that cannot be read ({type(error).__name__})",
                    "one JSON object",
                    "Correct the file.",
                )
            ]
        ) from error
    return dict(context)


def add_stack(app: App, deployment: Deployment) -> None:
    """Add the stack of one entry to an app."""
    settings = dict(deployment.settings)
    image = _image(settings.pop("image", None))
    volume = settings.pop("volume_gib", None)
    minutes = settings.pop("max_runtime_minutes", None)
    schedule = _schedule(settings.pop("schedule", None), settings.pop("time_zone", None))
    ClarifyStack(
        app,
        deployment.stack_name,
        config=deployment.config,
        limits=deployment.limits,
        rules=deployment.rules,
        env=Environment(account=settings.pop("account", None), region=settings.pop("region", None)),
        image=image,
        volume_size=Size.gibibytes(volume) if volume is not None else None,
        max_runtime=Duration.minutes(minutes) if minutes is not None else None,
        schedule=schedule,
        existing=deployment.existing,
        # What is left has the name of the stack's argument; a test keeps the two alike.
        **settings,
    )


def _schedule(expression: str | None, time_zone: str | None) -> scheduler.ScheduleExpression | None:
    if expression is None:
        return None
    return scheduler.ScheduleExpression.expression(
        expression, TimeZone.of(time_zone) if time_zone is not None else None
    )


def _image(named: str | None) -> ClarifyImage | None:
    if named is None:
        return None
    return ClarifyImage.open_engine() if named == OPEN_ENGINE else ClarifyImage.from_uri(named)


if __name__ == "__main__":
    sys.exit(main())
