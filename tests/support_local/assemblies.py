"""Cloud assemblies written by hand, in the form that CDK 2.275 writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def write_stack(
    folder: Path,
    name: str,
    template: Mapping[str, Any],
    *,
    needs: Sequence[str] = (),
    folders: Mapping[str, Path] | None = None,
    environment: str = "aws://unknown-account/unknown-region",
) -> Path:
    """Add a stack, with folders to be published as zip files under the given keys."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.template.json").write_text(json.dumps(template))
    bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
    files = {
        key: {
            "displayName": key,
            "source": {"path": str(path.relative_to(folder)), "packaging": "zip"},
            "destinations": {"current": {"bucketName": bucket, "objectKey": f"{key}.zip"}},
        }
        for key, path in (folders or {}).items()
    }
    (folder / f"{name}.assets.json").write_text(json.dumps({"version": "55.0.0", "files": files}))
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text()) if path.is_file() else {"artifacts": {}}
    manifest["artifacts"] |= {
        f"{name}.assets": {
            "type": "cdk:asset-manifest",
            "properties": {"file": f"{name}.assets.json"},
        },
        name: {
            "type": "aws:cloudformation:stack",
            "environment": environment,
            "properties": {"templateFile": f"{name}.template.json"},
            "dependencies": [f"{name}.assets", *needs],
            "displayName": name,
        },
    }
    path.write_text(json.dumps(manifest))
    return folder
