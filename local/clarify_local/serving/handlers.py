"""The handlers of an artifact's ``code/inference.py``; absent ones have SageMaker's defaults."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from clarify_local.serving.codecs import TEXT_TYPES, decode, encode
from clarify_local.serving.loaded import Loaded


def load_artifact(model_dir: Path) -> Loaded:
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

    return Loaded(
        transform,
        root=model_dir,
        elsewhere="the default handlers",
        takes_arrays=not (transform_fn or own["input_fn"] or own["output_fn"]),
    )


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
