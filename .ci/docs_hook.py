"""What `mkdocs build` calls: adds the generated pages, prepares each, and looks for anchors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files

from clarify_local.node import bundled_node

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))
# Before jsii is loaded, for the page of the constructs.
if (node := bundled_node()) is not None:
    os.environ.setdefault("JSII_NODE", str(node))
# The built-in validation of templates takes ten seconds, and is done elsewhere.
os.environ.setdefault("CDK_VALIDATION", "false")

from support_docs import pages  # noqa: E402


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages."""
    for address, write in pages.GENERATED.items():
        files.append(File.generated(config, address, content=write()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Return a page's text as the site shows it."""
    folder = (ROOT / "docs" / page.file.src_uri).parent
    return pages.page(markdown, folder, (ROOT / "README.md").read_text(encoding="utf-8"))


def on_post_build(config: Any, **_: Any) -> None:
    """End the build if `clarify explain` names a place that the site does not have."""
    if missing := pages.missing_anchors(Path(config.site_dir)):
        raise BuildError(f"clarify explain names what is not there: {sorted(missing)}")
