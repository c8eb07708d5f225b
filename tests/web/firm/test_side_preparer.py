"""Rows prepared by two processes are kept as by one, each once; one that is killed or hangs costs time, not a row."""

from __future__ import annotations

import os
import signal
import time

import pytest

from geodata.store import transaction
from passes.applications.office import all_conditions
from passes.intake.file import read_application_rows
from passes.intake.sent_rows import ReceivedRows
from passes.jobs_register import take_job
from tests.web.firm.large_files import issued, issuing_site, large_file, queue
from web.firm import batches, row_lots
from web.firm.row_lots import RowLots
from web.firm.side_frames import Asked
from web.firm.side_preparer import side_preparer
from web.jobs.run import Run

ROWS = 60


@pytest.fixture
def run(small_site):
    site = issuing_site(small_site)
    queue(site, large_file(site, ROWS))
    with transaction(site.store, writes=True) as connection:
        job = take_job(connection, "w", at=site.now())
    yield Run(site, job)
    site.store.dispose()


def lots_of(run):
    settings = run.site.county.settings
    data = large_file(run.site, ROWS, faults={7})
    rows = read_application_rows(data, "day.csv", zone=settings.timezone, conditions=all_conditions(settings))
    return RowLots(rows, 10, batches._Desk(run).prepare, run.site.now)


def shared(run, side):
    """Return lots of which the second process has some before it."""
    lots = lots_of(run)
    lots.share_with(side, batches._Desk(run).firm())
    wait_until(lambda: side.is_ready)
    return lots


def wait_until(is_so):
    """Wait; on a machine that first has to compile the search of routes it takes a minute."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < 300
        time.sleep(0.01)


def file_all(run, lots):
    """File every lot; return what came of them and how many the second process had prepared."""
    desk, taken = batches._Desk(run), []
    while some := lots.take(10):
        taken += some
        run.step(f"lot {some[0].number}", lambda connection, some=some: desk.file(some, connection))
    counts = [run.done(f"lot {one.number}") for one in taken]
    return counts, sum(isinstance(one.found.rows, ReceivedRows) for one in taken)


def test_what_a_second_process_prepared_is_issued_and_a_fault_told(run):
    with side_preparer(run.site, "firm", is_worth_it=True) as side:
        lots = shared(run, side)
        wait_until(lambda: all(one.is_prepared for one in lots._lots[:3]))
        counts, theirs = file_all(run, lots)
    assert theirs >= 3
    assert sum(one["issued"] for one in counts) == ROWS - 1
    assert [(one["code"], one["facts"]["row"]) for each in counts for one in each["faults"]] == [("place-unknown", 9)]
    numbers, departures, order = issued(run.site)
    assert numbers == [f"411399{number:06}" for number in range(1, ROWS)]
    assert departures == order


def test_no_answer_of_a_process_that_was_ready_before_the_rows_is_lost(run):
    with side_preparer(run.site, "firm", is_worth_it=True) as side:
        wait_until(lambda: side.is_ready)
        time.sleep(0.1)  # it waits for its first answer before anybody listens
        lots = lots_of(run)
        lots.share_with(side, batches._Desk(run).firm())
        wait_until(lambda: all(one.is_prepared for one in lots._lots[:3]))
        counts, _ = file_all(run, lots)
        assert not side.is_lost
    assert sum(one["issued"] for one in counts) == ROWS - 1
    _, departures, order = issued(run.site)
    assert departures == order


def test_an_answer_about_another_lot_ends_the_second_process(run, monkeypatch):
    monkeypatch.setattr(row_lots, "Asked", lambda number, own, at: Asked(number + 1, own, at))
    with side_preparer(run.site, "firm", is_worth_it=True) as side:
        lots = shared(run, side)
        wait_until(lambda: side.is_lost)
        counts, _ = file_all(run, lots)
    assert sum(one["issued"] for one in counts) == ROWS - 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_second_process_that_is_killed_or_hangs_costs_no_row(run, how, monkeypatch):
    monkeypatch.setattr(row_lots, "PATIENCE_S", 0.05)
    with side_preparer(run.site, "firm", is_worth_it=True) as side:
        lots = shared(run, side)
        os.kill(side.pid, how)
        counts, _ = file_all(run, lots)
        assert sum(one["issued"] for one in counts) == ROWS - 1
        pid = side.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_none_is_started_for_little(small_site):
    with side_preparer(small_site, "firm", is_worth_it=False) as side:
        assert side is None
