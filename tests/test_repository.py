"""What must never be in the repository: registry hosts, machine paths, lock files that name hosts, a regime in code."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
THIS = "tests/test_repository.py"
#: Hosts that an installer writes into lock files; a repository that names one ties every reader to it. Written with
#: spaces and a plus, so that this file names none either.
REGISTRY_HOSTS = tuple(
    name.replace(" ", ".").replace("+", "")
    for name in (
        "pypi org",
        "python+hosted org",
        "registry npmjs org",
        "npmjs com",
        "registry yarnpkg com",
        "npmmirror com",
        "mirrors aliyun com",
        "tuna tsinghua edu cn",
        "deb debian org",
        "conda anaconda org",
        "crates io",
        "proxy golang org",
    )
)
#: Where one machine keeps its things. A relative path, the system's own folders and a socket's are no machine's.
MACHINE_PATH = re.compile(r"""(?<![\w./}<"'])/(work|root|home|tmp|opt|Users|mnt|srv)/\w|[A-Z]:\\\\Users""")
#: Words and numbers of one regime: they are data (county.toml, profiles), never code.
REGIME = ("48", "核酸", "疫情", "中高风险")
#: Lock files that name hosts; npm's own names none (see .npmrc).
LOCK_FILES = {
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "pdm.lock",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "pylock.toml",
}
LARGEST_BYTES = 1_000_000


@cache
def _tracked() -> tuple[Path, ...]:
    """Return the files of the repository, those about to be added among them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _texts() -> dict[str, str]:
    found = {}
    for path in _tracked():
        if _name(path) != THIS:
            found[_name(path)] = path.read_bytes().decode("utf-8", errors="replace")
    return found


def _product() -> list[Path]:
    return [path for path in _tracked() if path.suffix == ".py" and not _name(path).startswith("tests/")]


@pytest.mark.parametrize("host", REGISTRY_HOSTS)
def test_no_file_names_a_registry_host(host: str) -> None:
    assert [name for name, text in _texts().items() if host in text] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = {name: match.group() for name, text in _texts().items() if (match := MACHINE_PATH.search(text))}
    assert found == {}


def test_no_lock_file_that_names_hosts_is_kept() -> None:
    assert {_name(path) for path in _tracked() if path.name in LOCK_FILES} == set()


def test_npm_lock_file_holds_digests_and_no_addresses() -> None:
    lock = json.loads((ROOT / "web" / "front_end" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert all("integrity" in one for one in packages.values())
    assert not any("resolved" in one for one in packages.values())


@pytest.mark.parametrize("word", REGIME)
def test_no_regime_is_written_into_code(word: str) -> None:
    assert [_name(path) for path in _product() if word in path.read_text(encoding="utf-8")] == []


def test_no_large_file_is_kept() -> None:
    assert {_name(path): path.stat().st_size for path in _tracked() if path.stat().st_size > LARGEST_BYTES} == {}


def test_nothing_built_is_kept() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    built = re.compile(r"(^|/)(node_modules|__pycache__|\.venv|\.uv|dist)/|^web/static/built/|\.pyc$|\.sqlite$")
    assert [name for name in listed.split("\0") if built.search(name)] == []


@cache
def _settings() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_installed_package_is_pinned() -> None:
    pinned = {one.partition(" ;")[0] for one in _settings()["tool"]["uv"]["constraint-dependencies"]}
    from_outside = {"baotong", "pip", "setuptools", "wheel", "uv"}
    installed = {
        f"{_plain(one.name)}=={one.version}" for one in distributions() if _plain(one.name) not in from_outside
    }
    assert installed - pinned == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_that_builds_is_pinned() -> None:
    pinned = {one.partition("==")[0] for one in _settings()["tool"]["uv"]["build-constraint-dependencies"]}
    asked = {_plain(re.split(r"[<>=]", one)[0]) for one in _settings()["build-system"]["requires"]}
    assert asked <= pinned


def _makes_uv_build_again(name: str) -> bool:
    """Tell whether the package is built again when a file changes; in uv's patterns `*` stands for folders too."""
    patterns = [key["file"] for key in _settings()["tool"]["uv"]["cache-keys"] if "file" in key]
    return any(fnmatchcase(name, pattern.replace("**/", "*")) for pattern in patterns)


def test_nothing_that_the_build_writes_makes_uv_build_again() -> None:
    written = [*ROOT.glob("web/static/built/*"), *ROOT.glob("web/translations/*/LC_MESSAGES/*.mo")]
    assert len(written) > 20
    assert [name for name in map(_name, written) if _makes_uv_build_again(name)] == []


def test_what_is_built_from_a_file_is_built_again_when_it_changes() -> None:
    kept = re.search(r"KEPT_STATIC = (\[.*\]);", (ROOT / "web/front_end/build.mjs").read_text(encoding="utf-8"))
    assert kept
    static = [f"web/static/{name}" for name in json.loads(kept[1])]
    sources = [
        name for name in map(_name, _tracked()) if re.match(r"web/(front_end/src/.*\.ts|translations/.*\.po)$", name)
    ]
    assert len(static) >= 3
    assert len(sources) > 20
    assert [name for name in static + sources if not _makes_uv_build_again(name)] == []


TEST_COMMAND = "python3 -m venv .uv && .uv/bin/pip install -q uv && .uv/bin/uv run pytest"
RUN_COMMAND = "python3 -m venv .uv && .uv/bin/pip install -q uv && .uv/bin/uv run baotong demo"


@pytest.mark.parametrize("command", [TEST_COMMAND, RUN_COMMAND])
def test_readme_gives_the_command(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_ci_runs_the_test_command_of_readme() -> None:
    assert TEST_COMMAND in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
