"""Every name that a file imports from this repository is there: read from the text, so that it takes a second for all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OWN = ("geodata", "routing", "passes", "web", "tests")


def _file_of(module: str) -> Path | None:
    """Return the file of one of our modules; a folder without `__init__.py` has none."""
    path = ROOT.joinpath(*module.split("."))
    return next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.is_file()), None)


def _is_module(module: str) -> bool:
    return _file_of(module) is not None or ROOT.joinpath(*module.split(".")).is_dir()


@cache
def _names_in(module: str) -> frozenset[str]:
    path = _file_of(module)
    return frozenset(_defined(ast.parse(path.read_text(encoding="utf-8")))) if path else frozenset()


def _defined(node: ast.AST) -> Iterator[str]:
    """Yield every name that a module binds, also below an `if` or `try`; not those inside functions and classes."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child.name
        elif isinstance(child, ast.alias):
            yield child.asname or child.name.partition(".")[0]
        else:
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                yield child.id
            yield from _defined(child)


def _missing(text: str) -> list[str]:
    """Return what a file imports of our own and what is not there, at its top or inside a function."""
    asked = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            asked += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            asked += [(node.module, alias.name) for alias in node.names]
    ours = [(module, name) for module, name in asked if module.partition(".")[0] in OWN]
    return [f"{module} {name}".strip() for module, name in ours if not _is_there(module, name)]


def _is_there(module: str, name: str) -> bool:
    if not _is_module(module):
        return False
    return name in {"", "*"} | _names_in(module) or _is_module(f"{module}.{name}")


@pytest.mark.parametrize("package", OWN)
def test_every_imported_name_is_there(package: str) -> None:
    files = [path for path in sorted((ROOT / package).rglob("*.py")) if "node_modules" not in path.parts]
    assert files
    found = {path.relative_to(ROOT).as_posix(): _missing(path.read_text(encoding="utf-8")) for path in files}
    assert {name: missing for name, missing in found.items() if missing} == {}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("from geodata.store import open_store, gone", ["geodata.store gone"]),
        ("def f():\n    from passes.nowhere import anything", ["passes.nowhere anything"]),
        ("import web.nowhere", ["web.nowhere"]),
        ("from web import app\nfrom tests.conftest import shared\nimport routing.engine", []),
        ("from elsewhere import anything", []),
    ],
)
def test_a_name_that_was_taken_away_is_found(text: str, missing: list[str]) -> None:
    assert _missing(text) == missing
