"""For every check one world in which it finds something and one like it in which it does not, by the check's id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from geodata.areas import Area, read_area
from geodata.closures.closure import Closure
from geodata.closures.records import CLOSURE_DECISIONS
from geodata.closures.register import import_closures
from geodata.county import County
from geodata.places import Place, Places
from geodata.township_plans import TownshipPlan
from passes.checkpoint.scan_register import BARRED, LET_PASS, NOT_LET_PASS, Scan, add_scan
from tests.closure_cases import EIGHT, HQ, NOON, blocked, closed, hours, says, sees, span

#: A township of the small county that its emergency area covers.
NORTH = {
    "type": "Feature",
    "properties": {"id": "north", "name": "北乡", "kind": "township"},
    "geometry": {"type": "Polygon", "coordinates": [[[113.0, 33.03], [113.1, 33.03], [113.1, 33.06], [113.0, 33.06]]]},
}
NORTH["geometry"]["coordinates"][0].append([113.0, 33.03])
SCAN = Scan("scan-1", hours(3), "check", "c", "豫R12345", "411399000001-1", "green", (), NOT_LET_PASS, reason="plate")


@dataclass(frozen=True)
class World:
    """The small county, an open transaction, and short ways to change both."""

    connection: sa.Connection
    county: County

    def register(self, *closures: Closure) -> None:
        """Import closures."""
        import_closures(self.connection, closures, NOON)

    def scan(self, scan: Scan) -> None:
        """Keep what a checkpoint did."""
        add_scan(self.connection, scan, at=scan.at)

    def have_township(self, *plans: TownshipPlan) -> None:
        """Draw the township, with what the county's list says of it."""
        kinds = self.county.area_kinds
        north: Area = read_area(NORTH, where="test", kinds=kinds)
        self.county.__dict__.update(areas=(*self.county.areas, north), township_plans=plans)

    def have_places(self, *places: Place) -> None:
        """Put places in the stead of those of the same ids."""
        self.county.__dict__["places"] = Places({**self.county.places.by_id, **{one.id: one for one in places}})


Build = Callable[[World], None]


@dataclass(frozen=True)
class CheckFixture:
    """What a check finds, and the nearest thing to it that it leaves alone."""

    found: Build
    clean: Build
    subject: str = "z1"


def _registers(*closures: Closure) -> Build:
    return lambda world: world.register(*closures)


def _edited(world: World) -> None:
    world.register(closed("c1", decisions=[says(HQ)]))
    world.connection.execute(sa.update(CLOSURE_DECISIONS).values(document_no="方疫指〔2022〕99号"))


def _dockless(world: World) -> None:
    world.have_places(replace(world.county.places.by_id["dock"], owner="another"))


def _not_enclosed(world: World) -> None:
    _dockless(world)
    world.have_places(replace(world.county.places.by_id["firm"], enclosed=False))


def _station_with_one_way(world: World) -> None:
    world.have_places(Place("station", "北站", "hub", 113.02, 33.04))
    world.register(closed("c1", id="one", decisions=[says(HQ)]))


def _station_cut_off(world: World) -> None:
    _station_with_one_way(world)
    world.register(closed("c3", id="two", decisions=[says(HQ)]))


LAWFUL = closed("c1", decisions=[says(HQ)])
READY = TownshipPlan("北乡", "物流配送预案", "1", "乡政府", 3, 4)
FIXTURES = {
    "K1": CheckFixture(_registers(closed("c1")), _registers(LAWFUL)),
    "K2": CheckFixture(
        _registers(closed("c1", decisions=[says(HQ), says("transport")])),
        _registers(closed("c1", decisions=[says(HQ), says("transport", "refused")])),
    ),
    "K3": CheckFixture(
        _registers(closed("c1", decisions=[says(HQ, at=hours(0.1))])),
        _registers(closed("c1", decisions=[says(HQ, at=EIGHT)])),
    ),
    "K4": CheckFixture(
        _registers(closed(span("c1", 0, 1050), decisions=[says(HQ, extent=(span("c1", 0, 1000),))])),
        _registers(closed(span("c1", 0, 1010), decisions=[says(HQ, extent=(span("c1", 0, 1000),))])),
    ),
    "K5": CheckFixture(
        _registers(closed("c1", decisions=[says(HQ, end=NOON)])),
        _registers(closed("c1", decisions=[says(HQ, end=hours(4.01))])),
    ),
    "K6": CheckFixture(
        _registers(closed("c1", decisions=[says(HQ)], observations=[sees("blocked", hours(1), barrier="wall")])),
        _registers(closed("c1", decisions=[says(HQ)], observations=[sees("blocked", hours(1), barrier="movable")])),
    ),
    "K7": CheckFixture(
        _registers(blocked("v1", observations=[sees("blocked", hours(1), "driver")])),
        _registers(blocked("v1", observations=[sees("blocked", hours(1), "driver"), sees("open", hours(2))])),
        "b1",
    ),
    "K8": CheckFixture(
        _registers(closed("c1", decisions=[says(HQ)], observations=[sees("open", hours(1), "track")])),
        _registers(
            closed(
                "c1",
                decisions=[says(HQ)],
                observations=[sees("open", hours(1), "track")],
                pass_holders="let_through",
            )
        ),
    ),
    "K9": CheckFixture(
        lambda world: world.scan(
            replace(SCAN, verdict="none", outcome=BARRED, reason="other", note="途经 中高风险地区")
        ),
        lambda world: world.scan(replace(SCAN, verdict="none", reason="other", note="在中高风险地区旅居")),
        "scan-1",
    ),
    "K10": CheckFixture(
        lambda world: world.scan(SCAN),
        lambda world: world.scan(replace(SCAN, outcome=LET_PASS)),
        "scan-1",
    ),
    "K11": CheckFixture(_station_cut_off, _station_with_one_way, "station"),
    "K12": CheckFixture(
        lambda world: world.have_township(replace(READY, drivers=0)),
        lambda world: world.have_township(READY),
        "北乡",
    ),
    "K13": CheckFixture(_dockless, _not_enclosed, "firm"),
    "K14": CheckFixture(_edited, _registers(LAWFUL)),
}
