"""Puts a function of ours in the place of one of moto's, and notices when that place has moved."""

from __future__ import annotations

import sys
from typing import Any


def replace(owner: Any, name: str, new: Any) -> Any:
    """Replace an attribute that exists and return what was there.

    Raises
    ------
    AttributeError
        moto has no such attribute any more: it was upgraded, and this glue must be looked at.
    """
    if not hasattr(owner, name):
        raise AttributeError(
            f"moto's {getattr(owner, '__qualname__', owner)} has no {name!r}: the emulator is"
            " written for the version in pyproject.toml"
        )
    old = getattr(owner, name)
    setattr(owner, name, new)
    return old


def replace_imported(package: str, name: str, old: Any, new: Any) -> None:
    """Replace a function in every loaded module of a package that imported it by name."""
    changed = 0
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith(package) and getattr(module, name, None) is old:
            setattr(module, name, new)
            changed += 1
    if not changed:
        raise AttributeError(f"no module of {package} imports {name!r} any more")
