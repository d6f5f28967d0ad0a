"""Writes docs/proven.md: what is proven here, what a test proves on AWS, and what nothing proves.

``PYTHONPATH=tests python -m support_aws.proven`` writes it anew, from the facts and from the marker
``proves`` of the tests.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support_aws.facts import CLAIMS, FACTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "proven.md"
COMMAND = "PYTHONPATH=tests python -m support_aws.proven"
_MARKER = "pytest.mark.proves"
_HEAD = f"""# What is proven, and where

Written from the tests by `{COMMAND}`; a test fails when it is out of date.

Nothing here was ever run in an AWS account unless a date says so. The first table holds without
one: its tests run with every change. The second is what the product takes for granted about AWS;
each line has a test that asks AWS itself, for people with an account
([how, and what it costs](../tests/aws/README.md)). Its third column is what follows for you where
AWS turns out otherwise. "Tried" means that the test itself ran against the emulator: that shows
that the test works and that the emulator behaves so, and nothing about AWS. The third table is
what no test decides.
"""


@dataclass(frozen=True)
class Proof:
    """One test that shows something.

    Attributes
    ----------
    fact
        Key of the claim or fact.
    path, test
        Where the test is.
    cost
        In money and time; empty for what needs no account.
    ran
        When and in which Region it ran on AWS; empty if it never did.
    tried
        Whether the emulator runs it too.
    """

    fact: str
    path: str
    test: str
    cost: str
    ran: str
    tried: bool


def proofs(root: Path = ROOT) -> list[Proof]:
    """Return every test with the marker, in the order of files and lines.

    Raises
    ------
    ValueError
        If a marker is not written with texts alone.
    """
    found: list[Proof] = []
    for path in sorted((root / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if _MARKER in text:
            found += _proofs_of(ast.parse(text), path.relative_to(root).as_posix())
    return found


def _proofs_of(module: ast.Module, path: str) -> Iterator[Proof]:
    texts = {
        target.id: node.value.value
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def text_of(node: ast.expr) -> str:
        value = texts.get(node.id) if isinstance(node, ast.Name) else None
        value = node.value if isinstance(node, ast.Constant) else value
        if not isinstance(value, str):
            raise ValueError(f"{path}:{node.lineno}: a marker holds texts, or names of texts")
        return value

    for test in module.body:
        if not isinstance(test, ast.FunctionDef):
            continue
        tried = not any(ast.unparse(one) == "only_on_aws" for one in test.decorator_list)
        for mark in test.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == _MARKER:
                given = {word.arg: text_of(word.value) for word in mark.keywords}
                yield Proof(
                    text_of(mark.args[0]),
                    path,
                    test.name,
                    given.get("cost", ""),
                    given.get("ran", ""),
                    tried,
                )


def page(found: list[Proof]) -> str:
    """Return the page.

    Raises
    ------
    ValueError
        If tests and facts do not fit together: a fact that is not known, a claim without a test, a
        fact with neither a test nor a reason why not, a test of a fact that says no cost.
    """
    if wrong := [*_wrong(found)]:
        raise ValueError("; ".join(wrong))
    by_fact = {key: [proof for proof in found if proof.fact == key] for key in CLAIMS | FACTS}
    here = [
        [claim.text, _link(claim.place), *_tests(by_fact[key])] for key, claim in CLAIMS.items()
    ]
    on_aws = [
        [
            fact.text,
            _link(fact.place),
            fact.otherwise,
            *_tests(by_fact[key]),
            *_once(proof.cost for proof in by_fact[key]),
            *_once("yes" if proof.tried else "no" for proof in by_fact[key]),
            *_once(proof.ran or "not yet" for proof in by_fact[key]),
        ]
        for key, fact in FACTS.items()
        if not fact.no_test
    ]
    nowhere = [
        [fact.text, _link(fact.place), fact.otherwise, fact.no_test]
        for fact in FACTS.values()
        if fact.no_test
    ]
    aws_head = ["AWS", "relied on in", "if not", "test", "cost", "tried", "ran"]
    return "\n".join(
        [
            _HEAD,
            "## Proven here\n",
            _table(["the product", "made so in", "tests"], here),
            "## To be proven on AWS: each has a test that waits for an account\n",
            _table(aws_head, on_aws),
            "## Not proven\n",
            _table(["AWS", "relied on in", "if not", "why there is no test"], nowhere),
        ]
    )


def _wrong(found: list[Proof]) -> Iterator[str]:
    shown = {proof.fact for proof in found}
    for key in sorted(shown - {*CLAIMS, *FACTS}):
        yield f"no fact is called {key!r}"
    for key in sorted(CLAIMS.keys() - shown):
        yield f"no test shows the claim {key!r}"
    for key, fact in FACTS.items():
        if (key in shown) is bool(fact.no_test):
            yield f"the fact {key!r} needs either a test or a reason why there is none"
    for proof in found:
        if proof.fact in FACTS and not (proof.cost and proof.path.startswith("tests/aws/")):
            yield f"{proof.test} asks AWS: it belongs to tests/aws and says what it costs"


def _tests(found: list[Proof]) -> list[str]:
    return ["<br>".join(f"[{proof.test}](../{proof.path})" for proof in found)]


def _once(texts: Iterator[str]) -> list[str]:
    return ["<br>".join(dict.fromkeys(texts))]


def _link(path: str) -> str:
    return f"[{Path(path).name}](../{path})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(proofs()), encoding="utf-8")
