"""The build context of the open engine's image: its recipe, and the sources that are installed."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from clarify_contract import Finding, Refused

PACKAGES = ("clarify_contract", "clarify_engine")
"""What the image runs of ours: the engine, and all that it imports of this distribution."""
DISTRIBUTION = "clarify-cdk"
RECIPE = Path(__file__).parent / "engine_image"
"""The Dockerfile and the lock of the libraries."""


def write_engine_context(folder: Path) -> None:
    """Write what ``docker build`` is given, in the place of whatever the folder held.

    The recipe as it is, and below ``packages`` the sources of `PACKAGES` from wherever they are
    installed. The same installation gives the same files, whether it is a wheel or a checkout.

    Parameters
    ----------
    folder
        Is made, or made anew.

    Raises
    ------
    Refused
        If the sources of a package are not installed.
    """
    sources = [_sources(package) for package in PACKAGES]
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(RECIPE, folder)
    for source in sources:
        shutil.copytree(
            source,
            folder / "packages" / source.name,
            # What Python left there differs from machine to machine.
            ignore=shutil.ignore_patterns("__pycache__"),
        )


def _sources(package: str) -> Path:
    """Return a package's folder; it is found, not imported: it may need what is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise Refused([_not_installed(package)])
    return Path(spec.origin).parent


def _not_installed(package: str) -> Finding:
    return Finding(
        "engine-not-installed",
        "image",
        f"an environment without the package {package}",
        f"{DISTRIBUTION} as it is published: it brings the sources of {' and '.join(PACKAGES)}",
        f"Install {DISTRIBUTION} again; its extra 'engine' is not needed to synthesise.",
    )
