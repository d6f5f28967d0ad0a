"""Documents with a few members removed, replaced or added."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

#: How results write a number that JSON has none for.
INFINITIES = {math.inf: "Infinity", -math.inf: "-Infinity"}


def places(node: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) of a document."""
    keys: list[Any] = []
    if isinstance(node, dict):
        keys = list(node)
    elif isinstance(node, list):
        keys = list(range(len(node)))
    return [(node, key) for key in keys] + [place for key in keys for place in places(node[key])]


def json_values(texts: list[str]) -> st.SearchStrategy[Any]:
    """Return small JSON values, some of these texts among them."""
    return st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.sampled_from(texts)
        | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=6,
    )


@st.composite
def mutated(
    draw: st.DrawFn,
    example: Callable[[], dict[str, Any]],
    values: st.SearchStrategy[Any],
    keys: st.SearchStrategy[str],
) -> dict[str, Any]:
    """Return an example, of which the caller makes a new one each time, with up to three changes.

    What is put in is drawn from ``values``, what a new member is called from ``keys``.
    """
    document = example()
    for _ in range(draw(st.integers(0, 3))):
        found = places(document)
        if not found:
            break
        container, key = draw(st.sampled_from(found))
        change = draw(st.sampled_from(["remove", "replace", "add"]))
        if change == "remove":
            del container[key]
        elif change == "replace":
            container[key] = draw(values)
        elif isinstance(container, dict):
            container[draw(keys)] = draw(values)
        else:
            container.insert(key, draw(values | st.just(copy.deepcopy(container[key]))))
    return document
