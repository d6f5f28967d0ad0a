"""The environment every child process starts from: nothing of the person's own."""

from __future__ import annotations

import os
from pathlib import Path

NO_AWS_SETTINGS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Under these an AWS SDK finds no profile, no credentials file and no instance metadata."""


def bare_environment(*, home: Path) -> dict[str, str]:
    """Return variables for a child process that holds no credentials, settings or proxies.

    Parameters
    ----------
    home
        A folder of the child's own, for whatever looks for files in a home directory.

    Returns
    -------
    dict
        ``PATH``, the child's ``HOME`` and temporary folder, UTF-8, and `NO_AWS_SETTINGS`.
    """
    kept = ("PATH", "SYSTEMROOT", "WINDIR")  # Windows starts no process without the last two
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "TMPDIR": str(home),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        **NO_AWS_SETTINGS,
    }
