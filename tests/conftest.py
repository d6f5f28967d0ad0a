"""What every test shares: Node for jsii, and an environment that cannot reach AWS."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from clarify_local.node import bundled_node

# Before anything imports aws_cdk: jsii starts Node as soon as it is loaded.
if (node := bundled_node()) is not None:
    os.environ.setdefault("JSII_NODE", str(node))
# The built-in template validation costs about ten seconds a synth; one job of `.ci/run` has it on.
os.environ.setdefault("CDK_VALIDATION", "false")

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

# No test is a stopwatch: that a machine is busy with something else is no finding.
settings.register_profile(
    "untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")
