"""After its days nothing tells of a trip any more, whatever register it was in; an open matter holds it all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from geodata.county import County
from geodata.ledger.register import read_ledger
from geodata.ledger.rules import log_is_whole, records_unaltered
from geodata.store import transaction
from geodata.tickets.board_register import BoardRow, put_findings
from passes.applications.sealed_applications import APPLICATIONS
from passes.checkpoint.queue_register import QUEUE_COUNTS, QueueCount, add_queue_count
from passes.checkpoint.scan_register import Scan, add_scan
from passes.editions.firm_review_register import report_case
from passes.editions.pass_register import PASSES, WITHDRAWN, PassEvent, find_pass, record_event
from passes.editions.status_register import STATUS_SLOTS
from passes.intake.handling import Act, file_application, issue_filed, save_draft
from passes.intake.intake_register import INTAKE
from passes.jobs_register import JOBS, add_job, finish_job, take_job
from passes.keeping.deleting import Sweep, delete_part
from passes.keeping.deletions_register import DELETIONS, deletion_leaves, list_deletions
from passes.messages.link_register import let_in_first, make_link, open_link
from passes.reports.photo_register import find_photo, keep_photo
from passes.reports.photos import take_photo
from passes.reports.road_reporting import RoadReport, file_report
from passes.tables import METADATA
from passes.tracks.burst_register import positions_of
from passes.tracks.stop_register import add_needed_stop
from passes.tracks.tracing import trace_pass
from passes.tracks.track_register import add_track
from passes.whitelist.register import find_firm
from tests.issuing_office import WHITELIST, office_of, put_on_whitelist
from tests.pass_applications import NOW, application_document
from tests.photo_files import a_picture
from tests.track_driving import spot
from tests.trip_driving import DOCK, Trip

LONG_AFTER = NOW + timedelta(days=150)
PLATE = "豫R12345"


@dataclass
class World:
    """A trip that left something in every register, and a later pass of another truck."""

    connection: sa.Connection
    county: County
    number: str
    photo: str

    def sweep(self, at: datetime, *, standing: frozenset[str] = frozenset()) -> None:
        """Do a whole round."""
        left = Sweep(at, standing)
        while left.kinds:
            left = delete_part(self.connection, left, self.county.settings.policy)

    def rows_naming(self, *texts: str) -> set[str]:
        """Return the tables with a row that holds any of these texts."""
        found = set()
        for table in METADATA.sorted_tables:
            for row in self.connection.execute(sa.select(table)):
                if any(text in str(value) for text in texts for value in row):
                    found.add(table.name)
        return found


@pytest.fixture
def world(small_county: County, store: sa.Engine, tmp_path: Path) -> Iterator[World]:
    with transaction(store, writes=True) as connection:
        put_on_whitelist(connection, *WHITELIST)
        office, act = office_of(connection, small_county), Act("t", NOW, tmp_path / "key")
        firm = find_firm(connection, "宏达面粉")
        assert firm is not None
        filed = file_application(application_document(), office, act, firm=firm).record
        number = issue_filed(office, filed.id, act, seen=filed.version).record.pass_number
        photo = keep_photo(connection, take_photo(a_picture(), where="photo"), at=NOW)
        _leave_traces(Trip(office, small_county, tmp_path / "key", number=number), photo)
        Trip(office, small_county, tmp_path / "key", vehicle={"plate": "豫R23456", "link": "contracted"}, id="later")
        save_draft(application_document(id="draft"), office, act, firm=firm)
        yield World(connection, small_county, number, photo)


def _leave_traces(trip: Trip, photo: str) -> None:
    connection, number = trip.connection, trip.number
    jti = trip.record.jti
    arrived = trip.drive(spot("A"), DOCK)
    trip.receive(arrived)
    add_scan(connection, Scan("k", NOW, "check", "张", PLATE, jti, "green", (), "not_let_pass", photo=photo), at=NOW)
    for _ in range(2):
        add_needed_stop(connection, number, plate=PLATE, kind="fuel", at=NOW, position=DOCK)
    add_queue_count(connection, QueueCount("q", NOW, "check", "张", 3), at=NOW)
    add_track(connection, f"{number}:r:0", who="pass", pass_number=number, span=(NOW, NOW, 3), at=NOW)
    link = open_link(connection, make_link(connection, number, by="t", at=NOW))
    assert link is not None
    let_in_first(connection, link, "phone", at=NOW)
    for reporter in (number, "东镇"):
        source = "driver" if reporter == number else "township"
        file_report(connection, RoadReport(NOW, source, reporter, *DOCK, "earth_mound", photo), trip.county, at=NOW)


def test_after_its_days_no_register_tells_of_a_trip_and_the_log_stays_whole(world):
    told = (world.number, PLATE)
    assert {"passes", "intake", "checkpoint_scans", "driver_links", "tracks"} <= world.rows_naming(*told)
    world.sweep(LONG_AFTER)
    # What stays: the slot of the status list, which must not be given twice, by the edition's name alone; the firm's own
    # vehicles; and the newest stop, after which the next one is numbered.
    assert world.rows_naming(*told) == {STATUS_SLOTS.name, "firm_vehicles", "needed_stops"}
    left = world.connection.execute(sa.select(PASSES.c.plate, PASSES.c.application)).all()
    assert left == [("豫R23456", world.connection.scalar(sa.select(APPLICATIONS.c.id)))]
    assert world.connection.scalar(sa.select(sa.func.count()).select_from(APPLICATIONS)) == 1
    # The log is whole and says how many went; nobody may change that unseen.
    counts = {one.kind: one.deleted for one in list_deletions(world.connection, since=NOW)}
    assert counts["passes"] == counts["scans"] == counts["photos"] == 1
    ledger = read_ledger(world.connection)
    assert log_is_whole(ledger) is None
    assert list(records_unaltered(ledger, deletion_leaves(world.connection), kinds={"deletion"})) == []
    world.connection.execute(sa.update(DELETIONS).where(DELETIONS.c.kind == "scans").values(deleted=0))
    (altered,) = records_unaltered(ledger, deletion_leaves(world.connection), kinds={"deletion"})
    assert (altered.code, altered.subject) == ("K14", "scans")


def _open_ticket(world: World) -> None:
    put_findings(world.connection, [BoardRow("K10", "k", NOW)])


def _case(world: World) -> None:
    report_case(world.connection, "宏达面粉", world.county.settings.policy, reason="x", at=LONG_AFTER, by="t")


def _withdrawn(world: World) -> None:
    at = LONG_AFTER - timedelta(days=89)
    record_event(world.connection, PassEvent(find_pass(world.connection, world.number).jti, at, WITHDRAWN, "x", {}))


HELD: dict[str, Callable[[World], object]] = {
    "an open ticket on its scan": _open_ticket,
    "a case at its firm": _case,
    "its withdrawal": _withdrawn,
}


def test_an_open_matter_holds_everything_of_its_pass(world):
    before = trace_pass(world.connection, world.number, world.county.places, at=LONG_AFTER)
    for why, happens in HELD.items():
        with world.connection.begin_nested() as undone:
            happens(world)
            world.sweep(LONG_AFTER)
            after = trace_pass(world.connection, world.number, world.county.places, at=LONG_AFTER)
            assert (why, after, bool(find_photo(world.connection, world.photo).content)) == (why, before, True)
            undone.rollback()
    world.sweep(LONG_AFTER)
    assert not find_photo(world.connection, world.photo).content


def test_nothing_of_a_trip_goes_within_the_time_that_a_trace_reaches_back(world):
    at = NOW + timedelta(days=14)
    before = trace_pass(world.connection, world.number, world.county.places, at=at)
    world.sweep(at - timedelta(minutes=1))
    assert trace_pass(world.connection, world.number, world.county.places, at=at) == before
    assert positions_of(world.connection, world.number)
    world.sweep(at + timedelta(days=1))
    assert not positions_of(world.connection, world.number)


def test_a_photo_of_what_still_stands_stays_and_a_forgotten_one_is_kept_again_where_it_is_sent_again(world):
    (case,) = world.connection.execute(sa.text("SELECT DISTINCT case_id FROM road_reports")).scalars()
    world.sweep(LONG_AFTER, standing=frozenset({case}))
    assert find_photo(world.connection, world.photo).content
    world.sweep(LONG_AFTER)
    assert find_photo(world.connection, world.photo).content == b""
    assert keep_photo(world.connection, take_photo(a_picture(), where="photo"), at=LONG_AFTER) == world.photo
    world.sweep(LONG_AFTER)
    assert find_photo(world.connection, world.photo).content


def test_a_round_goes_on_past_its_first_part_and_running_work_stays(world):
    connection = world.connection
    for number in range(501):
        add_queue_count(connection, QueueCount(f"{number:04d}", NOW, "check", "张", 1), at=NOW)
    for name in ("over", "waits"):
        add_job(connection, "applications", {"sealed": name}, owner="e", at=NOW)
    finish_job(connection, take_job(connection, "w", at=NOW), {}, at=NOW)
    assert connection.scalars(sa.select(INTAKE.c.state).order_by(INTAKE.c.state)).all() == ["draft", "granted"]
    world.sweep(LONG_AFTER)
    assert connection.scalar(sa.select(sa.func.count()).select_from(QUEUE_COUNTS)) == 0
    assert connection.scalars(sa.select(JOBS.c.state)).all() == ["queued"]
    assert connection.scalars(sa.select(INTAKE.c.state)).all() == []
