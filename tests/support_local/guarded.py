"""A Python whose every process may talk to loopback only, and writes down that it was started.

It is a virtual environment over this one: whoever starts ``sys.executable`` starts it, whatever the
child's environment is. The guard is an audit hook, which code in the process cannot take off.
"""

from __future__ import annotations

import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

_GUARD = """
import os, sys

def _is_loopback(host):
    if isinstance(host, bytes):
        host = host.decode()
    return host in (None, "", "localhost", "::1", "0.0.0.0") or str(host).startswith("127.")

def _note(name, text):
    with open(os.path.join({folder!r}, name), "a") as file:
        file.write(text + "\\n")

def _watch(event, args):
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if not _is_loopback(host):
        _note("blocked", f"{{event}} {{host}} in {{sys.orig_argv}}")
        raise ConnectionRefusedError(f"the test's guard: {{host}} is not loopback")

sys.addaudithook(_watch)
_secrets = [n for n, v in os.environ.items() if {secret!r} in v or "proxy.invalid" in v]
_note("started", " ".join(sys.orig_argv) + " | " + ",".join(_secrets))
"""


@dataclass(frozen=True)
class Guarded:
    """The guarded interpreter and what it wrote down."""

    python: Path
    folder: Path

    @property
    def started(self) -> list[str]:
        """One line for each process: its command, and which of its variables hold the secret."""
        return (self.folder / "started").read_text().splitlines()

    @property
    def blocked(self) -> str:
        """Every attempt to reach something else than loopback."""
        path = self.folder / "blocked"
        return path.read_text() if path.exists() else ""


def guarded_python(folder: Path, secret: str) -> Guarded:
    """Make a guarded interpreter that also notes in which processes a secret is seen."""
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    here = sysconfig.get_paths(vars={"base": str(folder / "venv"), "platbase": str(folder)})
    packages = Path(here["purelib"])
    (packages / "sitecustomize.py").write_text(_GUARD.format(folder=str(folder), secret=secret))
    ours = sysconfig.get_paths()["purelib"]
    (packages / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    return Guarded(folder / "venv" / "bin" / "python", folder)
