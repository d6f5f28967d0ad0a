"""`python -m clarify_contract`: print the JSON Schema of an analysis config.

`python -m clarify_contract findings` prints the table of all findings on a config instead.
"""

from __future__ import annotations

import json
import sys

from clarify_contract.config.catalogue import markdown
from clarify_contract.schema import json_schema


def main(arguments: list[str]) -> int:
    """Print what is asked for; return the exit code."""
    if arguments not in ([], ["schema"], ["findings"]):
        sys.stderr.write("usage: python -m clarify_contract [schema | findings]\n")
        return 2
    if arguments == ["findings"]:
        text = "\n".join(markdown())
    else:
        text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    sys.stdout.buffer.write(f"{text}\n".encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
