"""`python -m clarify_engine`: what a processing job's container runs."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder

from clarify_engine.container import main


class _WithoutPandas(MetaPathFinder):
    """Hides pandas, which the engine's image does not have.

    Where it is installed, pyarrow imports it to see whether an object is one of its own: half a
    second of every job, in vain.
    """

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


sys.meta_path.insert(0, _WithoutPandas())
sys.exit(main())
