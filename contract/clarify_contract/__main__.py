"""`python -m clarify_contract`: print the JSON Schema of an analysis config."""

from __future__ import annotations

import json
import sys

from clarify_contract.schema import json_schema

if __name__ == "__main__":
    sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
