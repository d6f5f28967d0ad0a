"""The page of the examples: their overview, which lies beside them."""

from __future__ import annotations

import re

from support_docs.findings_page import ROOT


def examples_page() -> str:
    """Return the page, with links that lead from the folder of the documentation."""
    overview = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    return re.sub(r"\]\((?=\w+/)", "](../examples/", overview)
