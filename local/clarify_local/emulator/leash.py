"""Starts a program that dies with its parent, also when that is killed: ``leash.py program …``.

On Linux the kernel does it; elsewhere the program is only started. It is run as a file, without
this package, so that it costs little.
"""

from __future__ import annotations

import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(command: list[str]) -> None:
    """Ask to be killed with the parent, then become the program."""
    if sys.platform == "linux":
        import ctypes  # slow to import, and of no use elsewhere

        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before it could be asked for
            sys.exit(1)
    os.execvpe(command[0], command, os.environ)  # noqa: S606 - the emulator wrote the command


if __name__ == "__main__":
    main(sys.argv[1:])
