"""Runs one emulator: ``python -m clarify_local.emulator``.

Reads its options as one line of JSON from standard input (the keys must not show in a list of
processes), prints ``{"endpoint": "http://localhost:<port>"}`` when it is ready, and stops, with
everything it started, when standard input ends: also when its parent dies.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path


def main() -> int:
    """Serve until standard input ends."""
    line = sys.stdin.readline()
    if not line.strip():
        print("options are read as one line of JSON from standard input", file=sys.stderr)  # noqa: T201
        return 2
    from clarify_local.emulator.options import Options

    options = Options.from_json(line)
    os.environ["MOTO_ACCOUNT_ID"] = options.account
    os.environ["AWS_DEFAULT_REGION"] = options.region
    from clarify_local.emulator import endpoints, server  # moto reads the account when imported

    folder = Path(tempfile.mkdtemp(prefix="clarify-emulator-"))
    httpd, world = server.create(options, folder)
    try:
        threading.Thread(target=httpd.serve_forever, daemon=True, name="http").start()
        sys.stdout.write(json.dumps({"endpoint": world.endpoint}) + "\n")
        sys.stdout.flush()
        while sys.stdin.read(1):
            continue
    finally:
        world.children.close()
        endpoints.close_all(world)
        httpd.shutdown()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    # Executions of state machines may still run in threads that nobody can end.
    code = main()
    sys.stdout.flush()
    os._exit(code)
