"""From what a person writes after `--model` to a model that can be asked."""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from clarify_contract import Finding, Refused
from clarify_engine.predict import ENDPOINT_WORKERS, Tabular, Transport

_CALLABLE: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_FORMS: Final = "a path of a model.tar.gz, module:callable, or a URL with http:// or https://"


def open_model(spec: str, workers: int) -> AbstractContextManager[Transport | Tabular]:
    """Open a model for the length of a `with` block.

    Code of an artifact or a callable runs in processes of its own, which end with the block.

    Parameters
    ----------
    spec
        A path of a ``model.tar.gz`` (see `clarify_local.serving.serve_model`); ``module:callable``,
        found from the current directory, which gets an array of shape (rows, columns) and returns
        (rows,) or (rows, classes); or a URL that answers POST as a SageMaker endpoint does.
    workers
        How many requests will be under way at once, at least 1: there are as many processes.

    Raises
    ------
    Refused
        If `spec` is none of these, before anything is started.
    AnalysisError
        If the model cannot be loaded.
    """
    if "://" in spec:
        return _at_url(spec)
    path = Path(spec)
    if path.is_file():
        from clarify_local.models.artifact import open_artifact

        return open_artifact(path, workers)
    if spec.endswith((".tar.gz", ".tgz")) or path.exists():
        what = "a folder" if path.is_dir() else "no file"
        raise _refused(f"{spec!r}, which is {what}", "Give the path of the packed model.")
    if _CALLABLE.fullmatch(spec):
        from clarify_local.models.function import open_function

        return open_function(spec, workers)
    raise _refused(repr(spec), "Write the model in one of these forms.")


def default_workers(spec: str | None) -> int:
    """Return how many requests to have under way at once.

    Code of one's own runs on this machine, where more processes than processors only take memory.

    Parameters
    ----------
    spec
        A model as for `open_model`; `None` for an endpoint.
    """
    elsewhere = spec is None or "://" in spec
    return ENDPOINT_WORKERS if elsewhere else min(ENDPOINT_WORKERS, os.cpu_count() or 1)


def _at_url(spec: str) -> AbstractContextManager[Transport]:
    try:
        url = urlsplit(spec)
        host, _ = url.hostname, url.port
    except ValueError:
        raise _refused("a URL that cannot be read", "Correct the URL.") from None
    if url.scheme not in ("http", "https") or not host:
        raise _refused(f"a URL with {url.scheme}://", "Give a URL that answers POST.")
    if "@" in url.netloc:
        # It would otherwise be silently left out of the request, or stand in a log.
        raise _refused(
            "a URL with a user name or a password", "Leave them out: requests carry no credentials."
        )
    from clarify_local.models.url import UrlTransport

    return nullcontext(UrlTransport(spec))


def _refused(given: str, fix: str) -> Refused:
    return Refused([Finding("model-form", "--model", given, _FORMS, fix)])
