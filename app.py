"""The CDK app: one stack for each entry of the context key "clarify" in cdk.json."""

import sys

from clarify_cdk.__main__ import main

sys.exit(main())
