"""The CDK app: one stack for each entry of the context key "clarify" in cdk.json."""

import os
import sys

from clarify_local.node import bundled_node

# Before jsii is loaded: it needs no Node on PATH where the one of requirements.txt is installed.
if (node := bundled_node()) is not None:
    os.environ.setdefault("JSII_NODE", str(node))

from clarify_cdk.__main__ import main

sys.exit(main())
