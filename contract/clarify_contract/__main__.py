"""`python -m clarify_contract`: print the JSON Schema of an analysis config.

`python -m clarify_contract findings` prints the table of all findings on a config instead, and
`python -m clarify_contract verdict` the JSON Schema of a verdict.
"""

from __future__ import annotations

import json
import sys

from clarify_contract.config.catalogue import markdown
from clarify_contract.schema import json_schema
from clarify_contract.verdict import verdict_schema


def main(arguments: list[str]) -> int:
    """Print what is asked for; return the exit code."""
    if arguments not in ([], ["schema"], ["findings"], ["verdict"]):
        sys.stderr.write("usage: python -m clarify_contract [schema | findings | verdict]\n")
        return 2
    if arguments == ["findings"]:
        text = "\n".join(markdown())
    else:
        schema = verdict_schema() if arguments == ["verdict"] else json_schema()
        text = json.dumps(schema, indent=2, ensure_ascii=False)
    sys.stdout.buffer.write(f"{text}\n".encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
