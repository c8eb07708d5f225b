"""A worker goes on whatever fails once: nobody starts the server again at night."""

from __future__ import annotations

import threading

import pytest

from geodata.errors import SurroundingsError
from web.jobs.worker import keep_doing
from web.live_site import LiveSite


@pytest.mark.parametrize("fault", [SurroundingsError("database-failed", "", reason="gone"), ZeroDivisionError("bug")])
def test_a_duty_that_failed_is_done_again(small_site, fault):
    tries, stopped = [], threading.Event()

    def do(site):
        tries.append(site)
        if len(tries) == 1:
            raise fault
        stopped.set()
        return False

    keep_doing(do, LiveSite(small_site), stopped, every_s=0.01)
    assert tries == [small_site, small_site]


def test_a_duty_that_found_something_to_do_looks_again_at_once(small_site):
    left, stopped = [1, 2, 3], threading.Event()

    def do(_site):
        if not left:
            stopped.set()
        return bool(left and left.pop())

    keep_doing(do, LiveSite(small_site), stopped, every_s=3_600)
    assert left == []
