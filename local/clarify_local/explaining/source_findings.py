"""Every finding that the sources make: read from the code, with … for what only a run knows.

A finding is made where `Finding(id, path, given, allowed, fix)` is called, or a function that hands
parameters of its own on to such a call. Such calls are followed: a helper's findings are those of
its callers. Rules on configs call `Problem` instead, and have their id in a decorator.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

_FIELDS: Final = ("id", "path", "given", "allowed", "fix", "severity")
_SHOWN: Final = ("id", "given", "allowed", "fix", "severity")
_UNKNOWN: Final = "…"
# Parameters of the function around a call, which only its callers know.
_HOLE: Final = re.compile("\0(\\w+)\0")
_ID: Final = re.compile(r"X\d+|(clarify-cdk:)?[a-z0-9…]+(-[a-z0-9…]+)+")


@dataclass(frozen=True, order=True)
class SourceFinding:
    """One finding as the code has it.

    Attributes
    ----------
    module
        Where it is made.
    id, given, allowed, fix, severity
        Its texts, with ``…`` for what only a run knows.
    """

    module: str
    id: str
    given: str
    allowed: str
    fix: str
    severity: str


#: Module and name of a function.
_Key = tuple[str, str]


@dataclass(frozen=True)
class _Maker:
    """A function whose call makes findings: its parameters, and texts with holes for them."""

    parameters: tuple[str, ...]
    defaults: Mapping[str, str]
    templates: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class _Module:
    name: str
    imported: Mapping[str, tuple[str, str]]
    constants: Mapping[str, str]


@dataclass(frozen=True)
class _Function:
    """A function, its calls, what its names stand for, and the id and weight of its rule.

    A hole stands for each parameter, and for the rule of a function that is none itself.
    """

    module: _Module
    name: str
    arguments: ast.arguments
    calls: tuple[ast.Call, ...]
    known: Mapping[str, str]
    rule: Mapping[str, str]


def source_findings(packages: Sequence[Path]) -> tuple[SourceFinding, ...]:
    """Return every finding of the packages in these folders, each once, by module and id."""
    files = [(path, folder.parent) for folder in packages for path in folder.rglob("*.py")]
    functions = [each for path, root in files for each in _functions(path, root)]
    makers = dict(_KNOWN)
    found: set[SourceFinding] = set()
    called: set[_Key] = set()
    size = -1
    while size != (size := sum(len(maker.templates) for maker in makers.values()) + len(found)):
        for function in functions:
            made = [*_made(function, makers, called)]
            place = function.module.name
            found |= {_finding(place, fields) for fields in made if not _open(fields)}
            if open_ := [fields for fields in made if _open(fields)]:
                makers[place, function.name] = _maker(function, open_)
    for key in makers.keys() - called:
        found |= {_finding(key[0], fields) for fields in makers[key].templates}
    known = {finding for finding in found if _ID.fullmatch(finding.id)}
    return tuple(sorted(known))


def _finding(module: str, fields: Mapping[str, str]) -> SourceFinding:
    return SourceFinding(module, **{name: _HOLE.sub(_UNKNOWN, fields[name]) for name in _SHOWN})


def _open(fields: Mapping[str, str]) -> bool:
    return any(_HOLE.search(fields[name]) for name in _SHOWN)


def _functions(path: Path, root: Path) -> Iterator[_Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(_statements(tree))
    imported = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    name = ".".join(path.relative_to(root).with_suffix("").parts)
    module = _Module(name, imported, _constants(tree.body, {}))
    top = [each for each in tree.body if isinstance(each, ast.Assign | ast.AnnAssign | ast.Expr)]
    nothing = ast.arguments([], [], None, [], [], None, [])
    yield _function(module, "", nothing, top)
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            made = _function(module, node.name, node.args, node.body)
            yield replace(made, rule={**_NO_RULE, **_rule(node)})


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is below a node, but not what is inside of expressions: most of it, and calls."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield child
            yield from _statements(child)


def _function(
    module: _Module, name: str, arguments: ast.arguments, body: Sequence[ast.stmt]
) -> _Function:
    spec = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    holes = {each.arg: f"\0{each.arg}\0" for each in spec}
    known = {**module.constants, **holes}
    known = {**known, **_constants(body, known), **holes}
    nodes = (node for statement in body for node in ast.walk(statement))
    calls = tuple(node for node in nodes if isinstance(node, ast.Call))
    return _Function(module, name, arguments, calls, known, _NO_RULE)


def _rule(node: ast.FunctionDef) -> dict[str, str]:
    """Return id and weight of a rule on configs, as its decorator has them."""
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(name)), *_]):
                if kind in _WEIGHTS:
                    return {"rule": name, "weight": _WEIGHTS[kind]}
    return {}


def _constants(body: Sequence[ast.stmt], known: Mapping[str, str]) -> dict[str, str]:
    """Return the names that these statements give a text, once."""
    texts: dict[str, str] = {}
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                texts[name] = _UNKNOWN if name in texts else _text(value, known)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                texts[name] = _text(value, known)
    return texts


def _maker(function: _Function, templates: Sequence[Mapping[str, str]]) -> _Maker:
    spec, constants = function.arguments, function.module.constants
    names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    pairs = [
        *zip(reversed(names), reversed(spec.defaults), strict=False),
        *zip((each.arg for each in spec.kwonlyargs), spec.kw_defaults, strict=True),
    ]
    defaults = {name: _text(value, constants) for name, value in pairs if value is not None}
    parameters = tuple(name for name in names if name != "self")
    unique = {tuple(sorted(each.items())): each for each in templates}
    return _Maker(parameters, defaults, tuple(unique.values()))


def _made(
    function: _Function, makers: Mapping[_Key, _Maker], called: set[_Key]
) -> Iterator[dict[str, str]]:
    """Yield the texts of each finding that a function makes, with holes for its parameters.

    The functions that it calls for that are added to ``called``.
    """
    known = function.known
    for call in function.calls:
        if (key := _called(function.module, call.func, makers)) is None:
            continue
        called.add(key)
        maker = makers[key]
        given = (_text(each, known) for each in call.args)
        values = {
            **function.rule,
            **maker.defaults,
            **dict(zip(maker.parameters, given, strict=False)),
            **{each.arg: _text(each.value, known) for each in call.keywords if each.arg},
        }
        for template in maker.templates:
            yield {name: _filled(template[name], values) for name in _SHOWN}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values.get(hole[1], _UNKNOWN), text)


_TEXTS: Final = {name: f"\0{name}\0" for name in _SHOWN}
_CONSTRUCTOR: Final = _Maker(_FIELDS, {"severity": "error"}, (_TEXTS,))
_NO_RULE: Final = {"rule": "\0rule\0", "weight": "\0weight\0"}
_WEIGHTS: Final = {"rule": "error", "warning": "warning"}
_PROBLEM: Final = {**_TEXTS, "id": _NO_RULE["rule"], "severity": _NO_RULE["weight"]}
_WARNING: Final = {**_TEXTS, "id": f"clarify-cdk:{_TEXTS['id']}"}
_FINDING: Final = ("", "Finding")
#: What makes findings and calls nothing that could be followed.
_KNOWN: Final = {
    _FINDING: _CONSTRUCTOR,
    ("clarify_contract.config.rules.rule", "Problem"): _Maker(
        ("path", "given", "allowed", "fix"), {}, (_PROBLEM,)
    ),
    ("clarify_cdk.warn", "tell"): _Maker(
        ("scope", "id", "fix"), {"severity": "warning"}, (_WARNING,)
    ),
    ("clarify_lambda.prepare.refusal", "problem"): _CONSTRUCTOR,
}


def _called(module: _Module, function: ast.expr, makers: Mapping[_Key, _Maker]) -> _Key | None:
    """Return which of the makers a call is of."""
    key: _Key | None = None
    match function:
        case ast.Name(id="Finding"):
            key = _FINDING
        case ast.Name(id=name):
            key = module.imported.get(name, (module.name, name))
        case ast.Attribute(attr=name):
            # A method: of this module, or else of a class of a module that this one imports from.
            sources = {source for source, _ in module.imported.values()}
            named = [key for key in makers if key[1] == name and key[0] in sources]
            own = (module.name, name)
            key = own if own in makers else (named[0] if len(named) == 1 else None)
    return key if key in makers else None


def _text(node: ast.expr, known: Mapping[str, str]) -> str:
    """Return the text that an expression stands for, as far as the code tells it."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Constant(value=int() | float() as number):
            return str(number)
        case ast.JoinedStr(values=parts):
            return "".join(_text(part, known) for part in parts)
        case ast.FormattedValue(value=value, conversion=-1) | ast.Starred(value=value):
            return _text(value, known)
        case ast.Name(id=name):
            return known.get(name, _UNKNOWN)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            sides = [_text(left, known), _text(right, known)]
            return _UNKNOWN if any(side.isdigit() for side in sides) else "".join(sides)
        case ast.BoolOp(op=ast.Or(), values=values):
            some = dict.fromkeys(_text(value, known) for value in values)
            return " / ".join(text for text in some if not text.isdigit())
        case ast.IfExp(body=body, orelse=other):
            texts = [text for text in (_text(body, known), _text(other, known)) if text]
            return " / ".join(dict.fromkeys(texts))
    return _UNKNOWN
