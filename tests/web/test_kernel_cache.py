"""Where compiled kernels are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from web.kernel_cache import VARIABLE, kernel_digest, prepare_kernel_cache
from web.live_engine import tell_where_kernels_are_kept


@pytest.fixture(autouse=True)
def _restored_environment(monkeypatch):
    monkeypatch.setenv(VARIABLE, os.environ.get(VARIABLE, ""))


def test_the_folder_is_named_after_the_sources(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert prepare_kernel_cache() == str(tmp_path / kernel_digest()) == os.environ[VARIABLE]


def test_preparing_twice_gives_the_same_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert prepare_kernel_cache() == prepare_kernel_cache()


def test_the_first_start_says_that_it_compiles_and_the_next_one_does_not(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    told = []
    session = SimpleNamespace(tell_progress=lambda *sentence: told.append(sentence))
    tell_where_kernels_are_kept(session)
    assert ["\u53ea\u9700\u4e00\u6b21" in zh and "this once" in en for zh, en in told] == [True]
    folder = tmp_path / kernel_digest() / "query"
    folder.mkdir()
    (folder / "search.nbi").touch()
    tell_where_kernels_are_kept(session)
    assert len(told) == 1


def test_no_writable_place_means_no_folder_and_kernels_that_still_run(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    code = "from web.kernel_cache import prepare_kernel_cache as p; assert p() is None; from routing.kernel import KEPT; print(KEPT)"
    environment = {**os.environ, VARIABLE: str(blocked / "below")}
    run = [sys.executable, "-c", code]
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(run, env=environment, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_changed_source_changes_the_folder(tmp_path):
    code = "from web.kernel_cache import kernel_digest; print(kernel_digest())"
    root = Path(__file__).parent.parent.parent
    digests = set()
    for text in ("x = 1", "x = 2"):
        (tmp_path / "routing").mkdir(exist_ok=True)
        (tmp_path / "routing" / "__init__.py").write_text(text)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(root)])}
        run = [sys.executable, "-c", code]
        done = subprocess.run(run, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
        digests.add(done.stdout)
    assert len(digests) == 2
