"""A process that re-issues passes is killed at any commit: another one goes on, and no pass is lost or made twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from geodata.store import open_store, transaction
from passes.editions.pass_register import GRANTED, PASSES, REPLACED
from passes.editions.status_register import STATUS_SLOTS
from passes.tables import METADATA
from tests.pass_applications import when
from tests.reissue_cases import Desk

ROOT = Path(__file__).parents[3]


#: Every point on SQLite; on PostgreSQL, where each copy takes its time, every fourth one, and all in the long suite.
EVERY = [("sqlite", 1), ("postgresql", 4), pytest.param("postgresql", 1, marks=pytest.mark.long)]


@pytest.mark.parametrize(("kind", "every"), EVERY)
def test_killed_before_or_after_any_commit_another_process_goes_on(
    request, small_county, tmp_path, open_test_store, kind, every
):
    store = open_test_store(request.getfixturevalue("sqlite_url") if kind == "sqlite" else _fresh(request))
    if kind == "sqlite":
        METADATA.create_all(store)
    desk = Desk(store, small_county, tmp_path / "key")
    going_round = desk.issue(4)
    cut_off = desk.issue(2, enterprise="顺通物流", vehicle={"plate": "豫R34567"}, depart_at=when(hours=-20))
    desk.store.dispose()
    database = desk.store.url.render_as_string(hide_password=False)
    command = [
        sys.executable,
        "-m",
        "tests.passes.kill_reissuing",
        str(desk.county.folder),
        database,
        desk.key_file,
        str(every),
    ]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    killed = done.stdout.split()
    assert len(killed) >= {"sqlite": 14, "postgresql": 10}[kind] // every
    for path in killed:
        left = Desk(open_store(path), desk.county, desk.key_file)
        assert left.valid_once(going_round) == [f"{one.number}-2" for one in going_round], path
        assert left.valid_once(cut_off) == [one.jti for one in cut_off], path
        _check_rows(left, [*going_round, *cut_off])
        left.store.dispose()


def _fresh(request):
    return request.getfixturevalue("fresh_postgresql")()


def _check_rows(desk, hit):
    """See that each hit pass has one row with its successor or its finding, and that nothing was made twice."""
    rows = {one.jti: one for one in desk.rows()}
    assert sorted(rows) == sorted(one.jti for one in hit)
    assert Counter((one.state, bool(one.next_jti), bool(one.findings)) for one in rows.values()) == {
        ("outgoing", True, False): 4,
        ("no_route", False, True): 2,
    }
    with transaction(desk.store, writes=False) as connection:
        states = Counter(connection.scalars(sa.select(PASSES.c.state)))
        successors = Counter(connection.scalars(sa.select(PASSES.c.replaced_by).where(PASSES.c.replaced_by != "")))
        slots = list(connection.execute(sa.select(STATUS_SLOTS.c.uri, STATUS_SLOTS.c.slot)))
    assert states == {GRANTED: 6, REPLACED: 4}
    assert successors == {one.next_jti: 1 for one in rows.values() if one.next_jti}
    assert len(slots) == len(set(slots)) == 10
