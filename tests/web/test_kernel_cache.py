"""Where compiled kernels are kept."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from web.kernel_cache import VARIABLE, kernel_digest, prepare_kernel_cache

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _restored_environment(monkeypatch):
    monkeypatch.setenv(VARIABLE, os.environ.get(VARIABLE, ""))


def test_the_folder_is_named_after_the_sources(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert prepare_kernel_cache() == str(tmp_path / kernel_digest()) == os.environ[VARIABLE]


def test_preparing_twice_gives_the_same_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert prepare_kernel_cache() == prepare_kernel_cache()


#: Asks one kernel, as a command does that is told whether anything has to be compiled.
ASK = """
from types import SimpleNamespace
from web.live_engine import tell_where_kernels_are_kept
tell_where_kernels_are_kept(SimpleNamespace(tell_progress=lambda zh, en: print(en)))
import numpy as np
from routing.hierarchy.ascending import count_apart
some = np.arange(4, dtype=np.int32)
print(count_apart(some, some + 1), count_apart(some, some))
"""
RIGHT = "2 0\n"


def _asked(folder: Path, root: Path = ROOT, numba_version: str = "") -> str:
    """Return what a process says that finds its sources in one folder and its kernels in another."""
    begin = f"import numba; numba.__version__ = {numba_version!r}\n" if numba_version else ""
    run = [sys.executable, "-c", begin + ASK]
    environment = {**os.environ, VARIABLE: str(folder)}
    return subprocess.run(run, env=environment, cwd=root, capture_output=True, text=True, check=True).stdout


def test_what_is_compiled_is_told_once_and_found_from_every_path(tmp_path):
    clone, kept = tmp_path / "clone", tmp_path / "kept"
    for package in ("geodata", "routing", "web"):
        leave_out = shutil.ignore_patterns("front_end", "static", "__pycache__", "translations")
        shutil.copytree(ROOT / package, clone / package, ignore=leave_out)
    first = _asked(kept)
    assert first.endswith(RIGHT)
    assert "this once" in first
    assert [_asked(kept, clone), _asked(kept)] == [RIGHT, RIGHT]


def test_kernels_cut_short_or_of_another_numba_are_compiled_anew_and_kept(tmp_path):
    _asked(tmp_path)
    for ending in ("nbc", "nbi"):
        for file in tmp_path.rglob(f"*.{ending}"):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        answer = _asked(tmp_path)
        assert answer.endswith(RIGHT)
        assert "this once" in answer
    assert _asked(tmp_path) == RIGHT
    assert "this once" in _asked(tmp_path, numba_version="0.1")


def test_where_no_place_is_writable_kernels_still_run_and_one_is_told(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    answer = _asked(blocked / "below")
    assert answer.endswith(RIGHT)
    assert "No cache folder is writable" in answer


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_that_is_only_to_be_read_is_no_place(tmp_path):
    tmp_path.chmod(0o555)
    answer = _asked(tmp_path)
    assert answer.endswith(RIGHT)
    assert "No cache folder is writable" in answer


def test_kernels_take_no_constant_from_sources_that_are_not_looked_at():
    taken = set()
    for source in (ROOT / "routing").rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        if re.search(r"^@(kernel|part_of_kernel)$", text, re.MULTILINE):
            found = re.findall(r"^from ((?:geodata|passes|web)\S*) import (.*)$", text, re.MULTILINE)
            taken |= {place for place, names in found if re.search(r"\b[A-Z][A-Z_]+\b", names)}
    assert taken == {"geodata.network"}


def test_a_changed_source_changes_the_folder(tmp_path):
    code = "from web.kernel_cache import kernel_digest; print(kernel_digest())"
    digests = set()
    for text in ("x = 1", "x = 2"):
        (tmp_path / "routing").mkdir(exist_ok=True)
        (tmp_path / "routing" / "__init__.py").write_text(text)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
        run = [sys.executable, "-c", code]
        done = subprocess.run(run, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
        digests.add(done.stdout)
    assert len(digests) == 2
