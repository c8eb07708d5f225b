"""How long the pages of tickets take with 10,000 of them on record: bar 1 s each, the first and after a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import perf_counter, process_time

import pytest

from geodata.closures.register import import_closures
from geodata.store import transaction
from geodata.tickets.register import take_step
from geodata.tickets.ticket import RESOLVED, SENT, Step
from geodata.tiles.grid import tile_at
from tests.closure_cases import NOON, closed
from tests.web_fixtures import PASSWORD
from web.app import create_app
from web.jobs.clock import keep_board, keep_time

COUNT = 10_000
PAGES = (
    ("S", "/supervision"),
    ("S", "/supervision/tickets?state=found"),
    ("S", "/supervision/tickets?state=assigned&page=50"),
    ("S", "/supervision/tickets?by=township"),
    ("S", "/supervision/together?state=resolved"),
    ("S", "/supervision/findings/K1/m05000"),
    ("TW", "/township"),
    ("TW", "/township/findings"),
)


def many_tickets(small_site):
    """Put closures nobody approved on record, half of them sent to a township, half of those answered."""
    many = [closed(("c1", "c2", "c3", "n1")[number % 4], id=f"m{number:05d}", end=None) for number in range(COUNT)]
    at = small_site.now()
    send = Step(SENT, "s", "supervision", "东镇", at, due_at=at + timedelta(hours=24))
    answer = Step(RESOLVED, "tw", "东镇", "东镇", at, note="已办", due_at=at + timedelta(hours=24))
    with transaction(small_site.store, writes=True) as connection:
        import_closures(connection, many, NOON)
        for number in range(0, COUNT, 2):
            take_step(connection, ("K1", f"m{number:05d}", 0), send)
            if number % 4 == 0:
                take_step(connection, ("K1", f"m{number:05d}", 1), answer)


def measured(client, address, said):
    """Print how long one view takes, and how much of a processor: the same on a machine that others use too."""
    begin, begin_busy = perf_counter(), process_time()
    status = client.get(address).status_code
    busy = process_time() - begin_busy
    print(f"{said} {address}: {perf_counter() - begin:.3f} s ({busy:.3f} s of a processor) ({status})")


@pytest.mark.benchmark
def test_pages_with_10000_tickets(small_site, client_of):
    many_tickets(small_site)
    begin = perf_counter()
    keep_board(small_site)
    print(f"\nthe board written from the audit of {COUNT}: {perf_counter() - begin:.2f} s")
    clients = {role: client_of(role) for role in ("S", "TW")}
    for role, address in PAGES:
        clients[role].get(address)
        measured(clients[role], address, "again")


@pytest.mark.benchmark
def test_the_first_view_and_the_one_after_a_change_with_10000_tickets(small_site):
    many_tickets(small_site)
    keep_time(small_site)  # as the thread of a server does
    app = create_app(replace(small_site, is_board_kept=True), testing=True)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"name": "s", "password": PASSWORD})
    measured(client, "/supervision", "\nfirst")
    for number in range(2):
        with transaction(small_site.store, writes=True) as connection:
            import_closures(connection, [closed("c1", id=f"new{number}", end=None)], NOON)
        measured(client, "/supervision", "changed")
    key = client.get("/map/state").json["key"]
    tile = tile_at(113.03, 33.02, 9)
    measured(client, f"/tiles/office/{key}/{tile.z}/{tile.x}/{tile.y}", "redrawn")
