"""The model's own process: ``python -m clarify_local.serving.worker MODEL_DIR``.

It loads ``code/inference.py``, says on standard output that it is ready, and then answers one
request after another until standard input closes. What the model's code prints goes to standard
error.
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from clarify_local.serving.codecs import TEXT_TYPES, decode, encode
from clarify_local.serving.frames import read_frame, write_frame


def main(model_dir: Path) -> None:
    """Serve until the other side closes the pipe."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a model that prints must not write into the answers
    try:
        transform = load(model_dir)
    except Exception as error:  # the model's code may raise anything
        traceback.print_exc()
        write_frame(answers, {"error": f"{type(error).__name__}: {error}"})
        return
    write_frame(answers, {"ready": True})
    while (frame := read_frame(requests)) is not None:
        head, body = frame
        try:
            answer, content_type = transform(body, head["content_type"], head["accept"])
        except Exception as error:
            traceback.print_exc()
            write_frame(answers, {"error": described(error, model_dir)})
        else:
            write_frame(answers, {"content_type": content_type}, answer)


def described(error: BaseException, model_dir: Path) -> str:
    """Return an error's type and place. Its text may quote the data, so it stays in the log."""
    inside = [
        f"{Path(frame.filename).relative_to(model_dir)}, line {frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(model_dir)
    ]
    return f"{type(error).__name__} in {inside[-1] if inside else 'the default handlers'}"


def load(model_dir: Path) -> Callable[[bytes, str, str], tuple[bytes, str]]:
    """Return what turns a request into an answer: the model's handlers, or the defaults."""
    module = _import(model_dir / "code" / "inference.py")
    model_fn = getattr(module, "model_fn", None)
    if model_fn is None:
        raise NotImplementedError("code/inference.py defines no model_fn")
    model = _call(model_fn, str(model_dir))
    own = {name: getattr(module, name, None) for name in ("input_fn", "predict_fn", "output_fn")}
    transform_fn = getattr(module, "transform_fn", None)
    if transform_fn and any(own.values()):
        raise ValueError(
            "transform_fn replaces input_fn, predict_fn and output_fn: define one kind"
        )

    def transform(body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        content_type, accept = _bare(content_type), _bare(accept)
        given = body.decode() if content_type in TEXT_TYPES else body
        if transform_fn:
            return _answer(_call(transform_fn, model, given, content_type, accept), accept)
        data = _call(own["input_fn"] or decode, given, content_type)
        predicted = _call(own["predict_fn"] or _predict, data, model)
        return _answer(_call(own["output_fn"] or encode, predicted, accept), accept)

    return transform


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("inference", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise FileNotFoundError("the model artifact holds no code/inference.py")
    sys.path.insert(0, str(path.parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules["inference"] = module
    spec.loader.exec_module(module)
    return module


def _call(handler: Callable[..., Any], *given: Any) -> Any:
    """Call a handler; one that takes one parameter more gets the toolkit's context, here None."""
    wants_context = len(inspect.signature(handler).parameters) == len(given) + 1
    return handler(*given, None) if wants_context else handler(*given)


def _predict(data: Any, model: Any) -> Any:
    return model.predict(data) if hasattr(model, "predict") else model(data)


def _answer(result: Any, accept: str) -> tuple[bytes, str]:
    body, content_type = result if isinstance(result, tuple) else (result, accept)
    return body.encode() if isinstance(body, str) else bytes(body), content_type


def _bare(media_type: str) -> str:
    return media_type.split(";")[0].strip().lower()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
