"""Corruptions of an analysis.json that must never pass, by the class of what went wrong."""

from __future__ import annotations

import copy
import gzip
import json
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

Path = tuple[Any, ...]
#: Texts and lists that only name or describe: nothing rests on them.
_NO_EVIDENCE = {"version", "label", "description"}
_HUGE = "huge"


def paths(node: Any, before: Path = ()) -> list[Path]:
    """Return the path of every member that a verdict rests on."""
    keys = list(node) if isinstance(node, dict) else []
    keys = list(range(len(node))) if isinstance(node, list) else keys
    return [
        path
        for key in keys
        if key not in _NO_EVIDENCE
        for path in [(*before, key), *paths(node[key], (*before, key))]
    ]


def at(document: Any, path: Path) -> Any:
    for key in path:
        document = document[key]
    return document


def _replaced(value: Callable[[Random], Any], leaves: bool = False) -> Callable[..., bytes]:
    """Return a mutation that puts something else in the place of a member, or of a number."""

    def mutate(random: Random, document: Any) -> bytes:
        chosen = [
            path
            for path in paths(document)
            if not leaves or type(at(document, path)) in (int, float)
        ]
        *before, last = random.choice(chosen)
        at(document, tuple(before))[last] = value(random)
        text = json.dumps(document)
        return text.replace(f'"{_HUGE}"', "1e999").encode()

    return mutate


def _dropped(random: Random, document: Any) -> bytes:
    *before, last = random.choice(paths(document))
    del at(document, tuple(before))[last]
    return json.dumps(document).encode()


def _renamed(random: Random, document: Any) -> bytes:
    """Give another name to a facet, a section, a feature's parent or any other key."""
    keys = [path for path in paths(document) if isinstance(path[-1], str)]
    # A label and a feature may have any name; no rule of this test names one.
    keys = [path for path in keys if "kernel_shap" not in path[:-1]] or keys[:1]
    *before, last = random.choice(keys)
    parent = at(document, tuple(before))
    parent[last + random.choice(["x", " ", "_", "é"])] = parent.pop(last)
    return json.dumps(document).encode()


def _truncated(random: Random, document: Any) -> bytes:
    body = json.dumps(document).encode()
    return body[: random.randrange(len(body))]


def _encoded(random: Random, document: Any) -> bytes:
    text = json.dumps(document)
    wrong: list[Callable[[], bytes]] = [
        lambda: text.encode("utf-16"),
        lambda: text.encode("utf-32"),
        lambda: text.encode("utf-8-sig"),
        lambda: text.replace("e", "é").encode("latin-1"),
        lambda: gzip.compress(text.encode()),
    ]
    return random.choice(wrong)()


def _flipped_bit(random: Random, document: Any) -> bytes:
    """Set the highest bit of one byte: the text is ASCII, so that it is no UTF-8 any more."""
    body = bytearray(json.dumps(document).encode())
    body[random.randrange(len(body))] |= 0x80
    return bytes(body)


def _repeated_key(random: Random, document: Any) -> bytes:
    """Write one key of an object twice."""
    objects = [(), *(path for path in paths(document) if isinstance(at(document, path), dict))]
    chosen = at(document, random.choice([path for path in objects if at(document, path)]))
    key = random.choice(list(chosen))
    marked = "a key that stands for another one"
    chosen[marked] = chosen[key]
    return json.dumps(document).replace(json.dumps(marked), json.dumps(key)).encode()


def _appended(random: Random, document: Any) -> bytes:
    return json.dumps(document).encode() + random.choice([b"{}", b",", b"x", b"]", b"\x00", b"1"])


GENERAL: Mapping[str, Callable[[Random, Any], bytes]] = {
    "a member dropped": _dropped,
    "null in the place of a member": _replaced(lambda random: None),
    "true or false": _replaced(lambda random: random.choice([True, False])),
    "an empty list or object": _replaced(lambda random: random.choice([[], {}])),
    "an empty text": _replaced(lambda random: random.choice(["", " "])),
    "a text for a number": _replaced(
        lambda random: random.choice(["0.1", "Infinity", "-Infinity", "∞", "NaN", "n/a"]), True
    ),
    "NaN or infinity": _replaced(
        lambda random: random.choice([float("nan"), float("inf"), float("-inf")]), True
    ),
    "a huge number": _replaced(lambda random: random.choice([10**400, -(10**400), _HUGE]), True),
    "a key renamed": _renamed,
    "truncated": _truncated,
    "wrongly encoded": _encoded,
    "a bit flipped": _flipped_bit,
    "a key twice": _repeated_key,
    "something appended": _appended,
}


def _groups(document: Any) -> list[tuple[str, str, int]]:
    return [
        (section, facet, index)
        for section, body in document.items()
        if section.endswith("_bias_metrics")
        for facet, groups in body["facets"].items()
        for index in range(len(groups))
    ]


def _of_group(change: Callable[[Random, dict[str, Any]], None]) -> Callable[..., bytes]:
    def mutate(random: Random, document: Any) -> bytes:
        section, facet, index = random.choice(_groups(document))
        change(random, document[section]["facets"][facet][index])
        return json.dumps(document).encode()

    return mutate


def _zeros(random: Random, group: dict[str, Any]) -> None:
    for metric in group["metrics"]:
        metric["value"] = random.choice([0, 0.0, -0.0])


def _errors(random: Random, group: dict[str, Any]) -> None:
    metric = random.choice(group["metrics"])
    metric["error"] = random.choice(["Facet set is empty", "", "x", 7, {}])
    metric["value"] = random.choice([None, metric["value"]])


def _twice(random: Random, group: dict[str, Any]) -> None:
    metric = copy.deepcopy(random.choice(group["metrics"]))
    metric["value"] = random.choice([metric["value"], 0.0])
    group["metrics"].append(metric)


def _beyond(random: Random, group: dict[str, Any]) -> None:
    """Give a metric a number that a double holds and no metric here can be or may be."""
    random.choice(group["metrics"])["value"] = random.choice([-1e308, 1e308, -1e6, 1e6, 10**20])


def _flipped(random: Random, group: dict[str, Any]) -> None:
    group["value_or_threshold"] = random.choice(["(0, 1]", "(0.0, 1.0]", "(0, 0.5]"])


def _another_group(random: Random, document: Any) -> bytes:
    section, facet, index = random.choice(_groups(document))
    groups = document[section]["facets"][facet]
    groups.append(copy.deepcopy(groups[index]))
    return json.dumps(document).encode()


BIAS: Mapping[str, Callable[[Random, Any], bytes]] = {
    "a group of zeros": _of_group(_zeros),
    "an error": _of_group(_errors),
    "a metric twice": _of_group(_twice),
    "a number out of range": _of_group(_beyond),
    "a facet read as a threshold": _of_group(_flipped),
    "a group too many": _another_group,
}


def survivors(
    body: bytes,
    classes: Mapping[str, Callable[[Random, Any], bytes]],
    each: int,
    *,
    seed: str,
    lost: Callable[[bytes], bool],
    passes: Callable[[bytes], bool],
) -> tuple[Counter[str], list[tuple[str, int]]]:
    """Return how many corruptions took evidence away, by class, and those that passed all the same.

    Whether evidence was taken away is told by `lost`, which shares no code with the judge.
    """
    assert not lost(body)
    counted: Counter[str] = Counter()
    wrong = []
    for name, mutate in classes.items():
        number = 0
        while counted[name] < each:
            number += 1
            assert number < 20 * each, f"{name} seldom takes any evidence away"
            mutant = mutate(Random(f"{seed} {name} {number}"), json.loads(body))
            if lost(mutant):
                counted[name] += 1
                if passes(mutant):
                    wrong.append((name, number))
    return counted, wrong
