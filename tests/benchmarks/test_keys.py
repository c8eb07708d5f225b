"""The stolen-key drill: withdraw a key and sign its 100,000 live passes again (bar: 60 s on one core)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from geodata.store import transaction
from passes.editions.pass_register import GRANTED, PASSES, REPLACED
from passes.keyring.key_register import new_key, open_key_ring, withdraw_key
from passes.reissue.key_reissue import reissue_all
from passes.reissue.void_register import count_void
from tests.issuing_office import fresh_store
from tests.many_passes import fill_with_passes
from tests.road_world import issue_now

PASSES_LIVE = 100_000


@pytest.mark.benchmark
def test_withdraw_a_key_and_sign_a_hundred_thousand_passes_again(small_county, tmp_path):
    store, key_file, now = fresh_store(tmp_path), tmp_path / "key", partial(datetime.now, UTC)
    with transaction(store, writes=True) as connection:
        new_key(connection, key_file, at=now() - timedelta(days=30))
        new_key(connection, key_file, at=now() - timedelta(days=20))
    record = issue_now(store, small_county, key_file)
    with transaction(store, writes=True) as connection:
        key = open_key_ring(connection, key_file, at=now()).current(now())
    url = small_county.settings.public_url
    began = time.perf_counter()
    fill_with_passes(store, record, key, PASSES_LIVE - 1, public_url=url)
    print(f"\n{PASSES_LIVE} live passes made in {time.perf_counter() - began:.1f} s", flush=True)

    clock, processor = time.perf_counter(), time.process_time()
    with transaction(store, writes=True) as connection:
        withdraw_key(connection, record.kid, key_file, at=now())
    withdrawn_s = time.perf_counter() - clock
    writing = partial(transaction, store, writes=True)
    done = reissue_all(writing, lambda *_: None, public_url=url, key_file=key_file, now=now)
    clock_s, processor_s = time.perf_counter() - clock, time.process_time() - processor
    print(
        f"withdrawn in {withdrawn_s * 1000:.0f} ms; {done} passes signed again in {clock_s:.1f} s,"
        f" {processor_s:.1f} s of one processor: {done / processor_s:.0f} a second"
    )
    with transaction(store, writes=False) as connection:
        counted = sa.select(PASSES.c.state, PASSES.c.kid, sa.func.count()).group_by(PASSES.c.state, PASSES.c.kid)
        states = sorted((state, kid == record.kid, count) for state, kid, count in connection.execute(counted))
        assert states == [(GRANTED, False, PASSES_LIVE), (REPLACED, True, PASSES_LIVE)]
        assert (done, count_void(connection, at=now())) == (PASSES_LIVE, 0)
