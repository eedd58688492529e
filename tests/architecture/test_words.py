"""Whatever the product refuses or rejects, it says in words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from steelyard.apps.data.words import REJECTS
from steelyard.web.words import has_words

SOURCE = Path(__file__).parents[2] / "src" / "steelyard"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
REFUSING = [path for path in MODULES if "Refused" in path.read_text(encoding="utf-8")]
CODE = re.compile(r"[a-z_]+\.[a-z][a-z-]*")
# Rejects are written inside the SQL of these modules.
CASTS = [SOURCE / "lake" / "imports" / f"{name}.py" for name in ("cast", "typed", "prepare", "staging")]


def refused_codes(tree: ast.Module) -> Iterator[tuple[int, str | None]]:
    """(line, code) of each Refused(…) and each {"code": …}; None for a code that cannot be followed."""
    for function in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and _name(node.func) == "Refused" and node.args:
                found = _codes(node.args[0], function, tree)
                if function is not tree or found:
                    yield from ((node.lineno, code) for code in found or [None])
            if isinstance(node, ast.Dict):
                yield from ((node.lineno, code) for code in _code_key(node))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _code_key(node: ast.Dict) -> Iterator[str]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == "code" and isinstance(value, ast.Constant):
            yield str(value.value)


def _codes(node: ast.AST, function: ast.AST, tree: ast.Module) -> list[str]:
    """The codes that an expression can be: a text, a choice, a name's texts, what a function returns."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return _codes(node.body, function, tree) + _codes(node.orelse, function, tree)
    if isinstance(node, ast.Name):
        return [code for each in _given_to(node.id, function) for code in _texts(each)]
    if isinstance(node, ast.Call):
        called = [
            each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == _name(node.func)
        ]
        returns = [each for each in ast.walk(called[0]) if isinstance(each, ast.Return)] if called else []
        return [code for each in returns for code in _texts(each)]
    return _texts(node)


def _given_to(name: str, function: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(each, ast.Name) and each.id == name for each in targets):
            yield node.value  # type: ignore[attr-defined]


def _texts(node: ast.AST) -> list[str]:
    found = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return [text for text in found if isinstance(text, str) and CODE.fullmatch(text)]


@pytest.mark.parametrize("module", REFUSING, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_refusal_has_words(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    found = {code for _line, code in refused_codes(tree) if code and CODE.fullmatch(code)}
    assert sorted(code for code in found if not has_words(code)) == []


@pytest.mark.parametrize("module", CASTS, ids=lambda path: path.stem)
def test_every_reject_has_words(module: Path) -> None:
    found = set(re.findall(r"'([a-z]+(?:-[a-z]+)+)'", module.read_text(encoding="utf-8")))
    found |= set(re.findall(r'"([a-z]+-(?:row|key))"', module.read_text(encoding="utf-8")))
    assert sorted(code for code in found if f"reject.{code}" not in REJECTS) == []


def test_words_name_only_figures_that_sentences_can_form() -> None:
    from steelyard.web.words import FORMATS, _registry

    forms = {form for text in _registry.values() for form in re.findall(r"%\(\w+\|(\w+)\)", str(text))}
    assert forms <= set(FORMATS)
