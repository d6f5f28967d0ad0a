"""`python -m clarify_engine`: what a processing job's container runs."""

import sys

from clarify_engine.container import main

sys.exit(main())
