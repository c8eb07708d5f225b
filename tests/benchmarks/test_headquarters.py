"""How long the pages of headquarters and of the record take with 10,000 closures: bar 0.3 s of a processor each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from geodata.closures.filings_register import REQUESTED, Filing, add_filing
from geodata.closures.register import import_closures
from geodata.store import transaction
from tests.benchmarks.test_tickets import measured
from tests.closure_cases import HQ, closed, says, sees
from tests.web_fixtures import PASSWORD
from web.app import create_app
from web.jobs.clock import keep_time

COUNT = 10_000
PAGES = (
    "/headquarters",
    "/headquarters?group=in_force&page=20",
    "/headquarters/tickets",
    "/closures",
    "/public/closures",
)


def many_closures(small_site):
    """Put closures on record: asked for, standing undecided, approved and in force, and to come; a third was seen."""
    at = small_site.now()
    decisions = {
        0: [],
        1: [],
        2: [says(HQ, at=at - timedelta(hours=3))],
        3: [says(HQ, at=at, form="oral", document_no="")],
    }
    many = []
    for number in range(COUNT):
        kind = number % 4
        start = at + timedelta(hours=-2 if kind in {1, 2} else 1 + number % 40)
        seen = [sees("blocked", at - timedelta(hours=1))] if number % 3 == 0 and kind == 2 else []
        more = {"start": start, "end": start + timedelta(days=2), "decisions": decisions[kind], "observations": seen}
        many.append(closed(("c1", "c2", "c3", "n1")[number % 4], id=f"m{number:05d}", **more))
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, many, at)
        for one in many[::4]:
            add_filing(connection, Filing(one.id, 1, REQUESTED, "tw", "东镇", at, seen={"places": [], "passes_hit": 0}))


@pytest.mark.benchmark
def test_pages_with_10000_closures(small_site):
    many_closures(small_site)
    keep_time(small_site)  # as the thread of a server does
    app = create_app(replace(small_site, is_board_kept=True), testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"name": "hq", "password": PASSWORD})
    print()
    for said in ("first", "again"):
        for address in PAGES:
            measured(client, address, said)
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, [closed("c1", id="new", end=None)], small_site.now())
    measured(client, "/headquarters", "changed")
