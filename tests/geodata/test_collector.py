"""The garbage collector rests within a block, and runs again after it whatever happened."""

from __future__ import annotations

import gc

import pytest

from geodata.collector import collector_resting


def test_collector_rests_within_the_block_and_runs_after_it():
    with collector_resting(), collector_resting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collector_runs_again_after_an_error():
    with pytest.raises(ValueError, match="broken off"), collector_resting():
        raise ValueError("broken off")
    assert gc.isenabled()


def test_collector_that_was_stopped_before_stays_so():
    gc.disable()
    try:
        with collector_resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
