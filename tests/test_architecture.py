"""The floors of the house: who may import what, who may read the clock, who may commit, and that routing is pure."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("geodata", "routing", "passes", "web")

#: Package from outside -> the files that may import it; everything else may not.
MAY_IMPORT = {
    "jwt": ["passes/tokens/signing.py"],
    "cryptography": ["passes/*.py"],
    "argon2": ["passes/accounts/passwords.py"],
    "flask": ["web/*.py"],
    "flask_babel": ["web/*.py"],
    "flask_wtf": ["web/*.py"],
    "wtforms": ["web/*.py"],
    "granian": ["web/serving.py"],
    "click": ["web/*.py", "web/commands/*.py"],
    "alembic": ["passes/database.py", "passes/migrations/*.py"],
    "sqlalchemy": [
        "geodata/store.py",
        "geodata/*register.py",
        "geodata/closures/records.py",
        "passes/*register.py",
        "passes/applications/sealed_applications.py",
        "passes/editions/pass_numbers.py",
        "passes/database.py",
        "passes/backup*.py",
        "passes/migrations/*.py",
        "web/session.py",
        "web/commands/database.py",
    ],
    "psycopg": [],
    "sqlite3": ["geodata/store.py", "passes/database.py"],
    "numba": ["routing/*.py"],
    "pymetis": ["routing/hierarchy/order.py"],
    "osmium": ["geodata/osm*.py"],
    "pyogrio": ["geodata/*.py"],
    "pyproj": ["geodata/gis_file.py"],
    "prcoords": ["geodata/*.py"],
    "segno": ["passes/*.py"],
    "PIL": ["passes/reports/photos.py"],
    "openpyxl": ["passes/reading/table_file.py", "passes/intake/template.py"],
    "networkx": [],
    "scipy": [],
    "ortools": [],
    "routingkit_cch": [],
    "rustworkx": [],
    "pyvrp": [],
    "requests": [],
    "urllib.request": [],
    "http.client": ["web/outlet/delivery.py", "web/outlet/fetching.py"],
    "socket": ["web/serving.py", "web/outlet/delivery.py"],
    "subprocess": [],
    "pickle": [],
}
#: Modules whose only use below `web` would be to read the clock.
CLOCK_MODULES = {"time", "timeit", "sched"}
CLOCK_CALLS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
#: Who may open files, of routing: nobody. What a module there could reach a file, socket or process with.
OUTSIDE_WORLD = {
    "os",
    "io",
    "pathlib",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "urllib",
    "http",
    "mmap",
    "glob",
    "logging",
    "random",
    "secrets",
}
FILE_CALLS = {"open", "load", "save", "savez", "savez_compressed", "loadtxt", "savetxt", "fromfile", "tofile", "memmap"}


def _files(*floors: str) -> list[Path]:
    found = [path for floor in floors for path in sorted((ROOT / floor).rglob("*.py"))]
    return [path for path in found if "front_end" not in path.parts]


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _imports(path: Path) -> tuple[str, ...]:
    """Return every module imported, at the top or inside a function; not those for types only."""
    return tuple(_found_imports(path))


def _found_imports(path: Path) -> Iterator[str]:
    only_for_types = {
        id(one)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for one in ast.walk(node)
    }
    for node in ast.walk(_tree(path)):
        if id(node) in only_for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_package_is_imported_only_where_it_belongs(package: str) -> None:
    strangers = {
        _name(path)
        for path in _files(*FLOORS)
        if any(_is_of(module, package) for module in _imports(path))
        and not any(fnmatch(_name(path), allowed) for allowed in MAY_IMPORT[package])
    }
    assert strangers == set()


def test_contracts_of_the_floors_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "0 broken" in done.stdout, done.stdout + done.stderr


def _calls(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield line, owner ("" where none) and name of every call."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.lineno, "", node.func.id
            elif isinstance(node.func, ast.Attribute):
                owner = node.func.value
                yield node.lineno, getattr(owner, "attr", getattr(owner, "id", "?")), node.func.attr


@pytest.mark.parametrize("floor", ["geodata", "routing", "passes"])
def test_nothing_below_web_reads_the_clock(floor: str) -> None:
    readers = [
        f"{_name(path)}:{line}" for path in _files(floor) for line, *call in _calls(path) if tuple(call) in CLOCK_CALLS
    ]
    importers = [
        _name(path)
        for path in _files(floor)
        if any(_is_of(one, clock) for one in _imports(path) for clock in CLOCK_MODULES)
    ]
    assert readers + importers == []


def test_nothing_below_web_commits_but_the_transaction_itself() -> None:
    committers = {
        _name(path)
        for path in _files("geodata", "routing", "passes")
        for *_, call in _calls(path)
        if call in {"commit", "rollback"}
    }
    assert committers == set()


def test_routing_touches_no_file_socket_or_database() -> None:
    reached = [
        f"{_name(path)}: {module}"
        for path in _files("routing")
        for module in _imports(path)
        if module.partition(".")[0] in OUTSIDE_WORLD
    ]
    opened = [
        f"{_name(path)}:{line} {call}"
        for path in _files("routing")
        for line, _, call in _calls(path)
        if call in FILE_CALLS
    ]
    assert reached + opened == []


@pytest.mark.parametrize("floor", FLOORS)
def test_every_file_says_in_its_first_line_what_it_is_for(floor: str) -> None:
    first_lines = {_name(path): (ast.get_docstring(_tree(path)) or "").partition("\n")[0] for path in _files(floor)}
    assert {name: line for name, line in first_lines.items() if not re.match(r".{10,}[.:]$", line)} == {}


@pytest.mark.parametrize("floor", FLOORS)
def test_no_file_is_a_drawer_for_everything(floor: str) -> None:
    drawers = {"utils", "util", "helpers", "common", "core", "manager", "base", "misc"}
    assert {_name(path) for path in _files(floor) if path.stem in drawers} == set()


def test_top_level_holds_the_house_and_nothing_else() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {name.partition("/")[0] for name in listed.split("\0") if name}
    known = {*FLOORS, "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}
    assert {name for name in top if not name.startswith(".")} - known == set()


VERDICT_PATH = """
import sys
import passes.verifying.verify, web.cli, web.commands.verify
heavy = {"numpy", "numba", "shapely", "osmium", "pyogrio", "sqlalchemy", "flask", "openpyxl", "alembic", "granian"}
print(*sorted(heavy & set(sys.modules)))
"""


def test_a_verdict_needs_no_heavy_package() -> None:
    done = subprocess.run([sys.executable, "-c", VERDICT_PATH], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
