"""How long the pages of tickets take with 10,000 of them on record: bar 1 s each."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

import pytest

from geodata.closures.register import import_closures
from geodata.store import transaction
from geodata.tickets.register import take_step
from geodata.tickets.ticket import RESOLVED, SENT, Step
from tests.closure_cases import NOON, closed
from web.jobs.clock import keep_board

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


@pytest.mark.benchmark
def test_pages_with_10000_tickets(small_site, client_of):
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
    begin = perf_counter()
    keep_board(small_site)
    print(f"\nthe board written from the audit of {COUNT}: {perf_counter() - begin:.2f} s")
    clients = {role: client_of(role) for role in ("S", "TW")}
    for role, address in PAGES:
        clients[role].get(address)
        begin = perf_counter()
        status = clients[role].get(address).status_code
        print(f"{address}: {perf_counter() - begin:.3f} s ({status})")
