"""A pass on the small county whose phone sends its positions, for tests of trips, receipts and certificates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from passes.editions.issuing import issue_pass
from passes.editions.pass_register import PassRecord, find_pass
from passes.loop.check import LoopCheck, check_loop
from passes.loop.place_code_register import code_of, make_code
from passes.loop.receipt import Arrival, receive
from passes.tracks.phone_tracks import TakenBurst, TrackRoads, take_burst
from routing.engine import Engine
from routing.tracks.track import Fix
from tests.issuing_office import applied
from tests.pass_applications import NOW
from tests.track_driving import SPEED_MPS, drive, spot

DEPART = NOW + timedelta(hours=1)
DOCK = spot("C")
TRACK = "recording-1"


def points_of(fixes: Iterable[Fix], first_seq: int = 0, **changes) -> list[dict]:
    """Positions as a phone writes them."""
    return [
        {
            "seq": first_seq + number,
            "at": one.at.isoformat(),
            "lon": one.lon,
            "lat": one.lat,
            "accuracy_m": 8,
            **changes,
        }
        for number, one in enumerate(fixes)
    ]


def document(points, *, sent_at: datetime, **changes) -> dict:
    """A burst as a phone sends it."""
    return {"track": TRACK, "sent_at": sent_at.isoformat(), "datum": "wgs84", "points": list(points), **changes}


class Trip:
    """A pass from the clinic to the firm's dock, its truck's phone, and the dock's code."""

    def __init__(self, office, county, key_file, *, number: str = "", **changes) -> None:
        self.office, self.county, self.key_file = office, county, key_file
        self.connection = office.connection
        self.number = number or self._issued(**changes)
        self.engine = Engine(county.network, speeds_kmh=county.settings.speeds_kmh)
        self.seq = 0

    def _issued(self, **changes) -> str:
        issued = issue_pass(applied(self.office, **changes), self.office, key_file=self.key_file, at=NOW)
        assert issued.record is not None, issued.checked.findings
        return issued.record.number

    @property
    def record(self) -> PassRecord:
        """The newest edition."""
        return find_pass(self.connection, self.number)

    def send(self, burst: dict, at: datetime) -> TakenBurst:
        """Send a burst."""
        return take_burst(self.connection, self.record, burst, TrackRoads(self.county, self.engine), at=at)

    def drive(self, *spots: tuple[float, float], start: datetime = DEPART, every_m: float = 200.0) -> datetime:
        """Drive straight from spot to spot and send it all; return when the truck was there."""
        fixes = drive(*spots, start=start, every_m=every_m)
        arrived = fixes[-1].at
        done = self.send(document(points_of(fixes, self.seq), sent_at=arrived), arrived)
        assert done.taken == len(fixes), done
        self.seq += len(fixes)
        return arrived

    def code(self) -> str:
        """The dock's code."""
        return code_of(self.connection, "dock") or make_code(self.connection, "dock", by="e", at=NOW)

    def receive(self, at: datetime, position=DOCK, code: str = ""):
        """Read the dock's code."""
        return receive(self.connection, self.record, Arrival(code or self.code(), at, position), self.county, at=at)

    def check(self, at: datetime) -> LoopCheck:
        """How the trip went."""
        return check_loop(self.connection, self.number, self.county, self.engine, at=at)


def stand(where: tuple[float, float], start: datetime, minutes: int) -> list[Fix]:
    """A phone that says the same place each minute."""
    return [Fix(start + timedelta(minutes=number), *where) for number in range(minutes + 1)]


def seconds_to(metres: float) -> timedelta:
    """How long a drive of so many metres takes."""
    return timedelta(seconds=metres / SPEED_MPS)
