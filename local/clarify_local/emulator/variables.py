"""Environment variables that somebody's request asks for, without those that lead elsewhere."""

from __future__ import annotations

from collections.abc import Mapping


def without_detours(variables: Mapping[str, str]) -> dict[str, str]:
    """Leave out what could send a program's AWS clients past this emulator: settings and proxies.

    >>> without_detours({"LEVEL": "1", "AWS_ENDPOINT_URL_S3": "https://x", "https_proxy": "y"})
    {'LEVEL': '1'}
    """
    return {
        name: value
        for name, value in variables.items()
        if not name.upper().startswith(("AWS_", "BOTO")) and not name.upper().endswith("_PROXY")
    }
