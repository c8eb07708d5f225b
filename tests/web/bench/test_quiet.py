"""Fair conditions: one core, no collection of garbage, and everything as before afterwards."""

from __future__ import annotations

import gc
import os
import sys

import pytest

from web.bench.quiet import memory_bytes, on_one_core, without_collecting


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds a process to a core")
def test_one_core_is_kept_and_given_back():
    before = os.sched_getaffinity(0)
    with on_one_core() as core:
        assert os.sched_getaffinity(0) == {core}
    assert os.sched_getaffinity(0) == before


def test_no_garbage_is_collected_meanwhile():
    assert gc.isenabled()
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells at once")
def test_memory_grows_by_what_is_held():
    before = memory_bytes()
    held = bytearray(os.urandom(1000)) * 50_000
    assert 45_000_000 < memory_bytes() - before < 60_000_000
    assert len(held) == 50_000_000
