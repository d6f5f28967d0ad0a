"""The model's own process: ``python -m clarify_local.serving.worker artifact DIR``.

Or ``… function MODULE:CALLABLE``. It loads the model, says on standard output that it is ready, and
then answers one request after another until standard input closes. What the model's code prints
goes to standard error.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from clarify_local.serving.frames import read_frame, write_frame
from clarify_local.serving.loaded import Loaded


def main(kind: str, what: str) -> None:
    """Serve until the other side closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a model that prints must not write into the answers
    try:
        model = _load(kind, what)
    except Exception as error:  # the model's code may raise anything
        traceback.print_exc()
        write_frame(answers, {"error": f"{type(error).__name__}: {error}"})
        return
    write_frame(answers, {"takes_arrays": model.takes_arrays})
    while (frame := read_frame(requests)) is not None:
        head, body = frame
        try:
            answer, content_type = model.transform(body, head["content_type"], head["accept"])
        except Exception as error:
            traceback.print_exc()
            write_frame(answers, {"error": described(error, model)})
        else:
            write_frame(answers, {"content_type": content_type}, answer)


def described(error: BaseException, model: Loaded) -> str:
    """Return an error's type and place. Its text may quote the data, so it stays in the log."""
    inside = [
        f"{Path(frame.filename).relative_to(model.root)}, line {frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(model.root) and "site-packages" not in frame.filename
    ]
    return f"{type(error).__name__} in {inside[-1] if inside else model.elsewhere}"


def _load(kind: str, what: str) -> Loaded:
    if kind == "function":
        from clarify_local.serving.functions import load_function

        return load_function(what, Path.cwd())
    from clarify_local.serving.handlers import load_artifact

    return load_artifact(Path(what))


if __name__ == "__main__":
    main(*sys.argv[1:])
