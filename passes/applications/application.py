"""An application for a special pass: who drives what, where from and to, when, and what the conditions rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from geodata.errors import BadInputError, RowErrors
from geodata.hazardous_goods import GOODS
from geodata.policy import Condition
from geodata.vehicles import Vehicle
from passes.applications.member_keys import (
    SIZES_M,
    MemberKeys,
    RecordKeys,
    SubjectKeys,
    member_keys,
    own_keys,
    record_keys,
)
from passes.reading.identity import check_id_number
from passes.reading.json_object import JsonObject
from passes.reading.plates import read_plate
from passes.tokens.masking import last_four, mask_name

LINKS: Final = ("own", "contracted", "one_off")
#: What a result may say; only the first meets a condition, and the second is not yet known.
RESULTS: Final = ("negative", "pending", "positive")
#: How a statement was proved, weakest first.
PROOFS: Final = ("declared", "seen", "imported")
DRIVER: Final = "driver"
RIDER: Final = "rider"
#: How a person's part on board may be written (L2: 司乘人员), and what it is kept as.
ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {DRIVER: DRIVER, RIDER: RIDER, "驾驶员": DRIVER, "司机": DRIVER, "随车人员": RIDER, "押运员": RIDER}
)


@dataclass(frozen=True, slots=True)
class Record:
    """What is stated of one subject for its conditions, flat or under a condition's own id.

    Attributes
    ----------
    path
        Where it stands in the application, such as "crew[1]".
    times
        Members whose name ends in `_at` or `_until`.
    values
        Other members: texts, numbers, flags.
    earlier
        Older records of the same kind, newest first.
    """

    path: str
    times: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, str | float | bool] = field(default_factory=lambda: MappingProxyType({}))
    result: str = ""
    proof: str = ""
    earlier: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, vehicle or load with what is stated of it; `records` holds statements under a condition's id."""

    path: str
    record: Record
    records: Mapping[str, Record]


@dataclass(frozen=True, slots=True)
class Person:
    """One of the crew (L2: drivers and riders).

    Attributes
    ----------
    masked
        The name as others may see it.
    role
        "driver" or "rider", "" where none is given; never free text, because it is kept and shown in clear.
    id_notes
        Codes of `check_id_number`.
    """

    name: str
    masked: str
    id_number: str
    phone: str
    role: str
    stayed_in_risk_area: bool
    id_notes: tuple[str, ...]
    stated: Subject


@dataclass(frozen=True, slots=True)
class AppliedVehicle:
    """The vehicle as applied for; sizes are None where not given, weight in kg.

    Attributes
    ----------
    hazardous_goods
        Kind of hazardous goods on board, "" for none: roads and tunnels may refuse it.
    """

    plate: str
    link: str
    guaranteed: bool
    gross_weight_kg: float | None
    axles: float | None
    seats: float | None
    sizes_m: Mapping[str, float | None]
    stated: Subject
    hazardous_goods: str = ""

    def on_roads(self, start: Vehicle) -> Vehicle:
        """Return the vehicle as roads see it: what is not given comes from the starting vehicle.

        The heaviest axle carries at least the mean, so with the number of axles known the mean counts.
        """
        weight = start.gross_weight_kg if self.gross_weight_kg is None else self.gross_weight_kg
        axle = min(start.axle_load_kg, weight) if self.axles is None else weight / self.axles
        sizes = {key: getattr(start, key) if size is None else size for key, size in self.sizes_m.items()}
        goods = (self.hazardous_goods,) if self.hazardous_goods else start.hazardous_goods
        return Vehicle("truck", start.max_kmh, weight, axle_load_kg=axle, hazardous_goods=goods, **sizes)


@dataclass(frozen=True, slots=True)
class Goods:
    """What is carried; `kind` is what conditions on goods speak of."""

    kind: str
    stated: Subject


@dataclass(frozen=True, slots=True)
class Application:
    """One application, read and checked for form; whether it meets the rules is asked elsewhere.

    Attributes
    ----------
    id
        Chosen by the applicant so that sending twice makes one pass; "" where not given.
    origin, destination, via
        As written: "lon,lat", a place's id or name, or an area code with a name.
    entry_point
        Id or name of the entry point (入县口) for an end outside the county; "": the one of least time.
    stated
        What is stated of the whole trip, such as `prereported_at` (X4, X5).
    document
        The application as it came, for the sealed record.
    returns_to
        Where a round trip ends instead of at its origin: asked of a truck under way; no applicant says so.
    """

    id: str
    enterprise: str
    vehicle: AppliedVehicle
    crew: tuple[Person, ...]
    goods: Goods
    origin: Any
    destination: Any
    via: tuple[Any, ...]
    entry_point: str
    depart_at: datetime
    round_trip: bool
    stated: Record
    document: Mapping[str, Any]
    returns_to: Any = None


def crew_labels(crew: Sequence[Person]) -> tuple[str, ...]:
    """Return how each person may be named: the masked name, with the last four of the number where two share it."""
    masked = [one.masked for one in crew]
    return tuple(
        one.masked if masked.count(one.masked) == 1 else f"{one.masked}({last_four(one.id_number)})" for one in crew
    )


def _value(source: JsonObject, key: str) -> str | float | bool | None:
    value = source.get(key)
    if value is None or isinstance(value, bool | int | float):
        return value
    return source.text(key) or None


def _read_record(source: JsonObject, keys: RecordKeys) -> Record:
    """Read the times and values among the named members, and what every record may hold.

    Older records hold the same members, and no older ones again; any other is a fault.
    """
    times = {key: time for key in keys.times if (time := source.instant(key)) is not None}
    values = {key: value for key in keys.values if (value := _value(source, key)) is not None}
    older = [source.object_at(path, item) for path, item in source.items("earlier")]
    for one in older:
        one.refuse_unknown(keys.of_older)
    return Record(
        path=source.path,
        times=MappingProxyType(times),
        values=MappingProxyType(values),
        result=source.choice("result", RESULTS),
        proof=source.choice("proof", PROOFS),
        earlier=tuple(_read_record(one, keys) for one in older),
    )


def _read_own_record(source: JsonObject, condition: Condition) -> Record:
    """Read what is stated under a condition's own id."""
    keys = record_keys(own_keys(condition))
    source.refuse_unknown(keys.known)
    return _read_record(source, keys)


def _read_subject(source: JsonObject, keys: SubjectKeys) -> Subject:
    """Read what is stated of a subject for its conditions; members that nothing reads are faults."""
    source.refuse_unknown(keys.known)
    under = {one.id: one for one in keys.conditions if isinstance(source.members.get(one.id), Mapping)}
    inner = {key: source.object_at(source.path_of(key), source.members[key]) for key in under}
    records = {key: _read_own_record(inner[key], one) for key, one in under.items()}
    flat = tuple(key for key in keys.stated if key not in under) if under else keys.stated
    return Subject(source.path, _read_record(source, record_keys(flat)), MappingProxyType(records))


def _masked(name: str, *, where: str) -> str:
    try:
        return mask_name(name)
    except BadInputError as error:
        raise BadInputError(error.code, where) from None


def _read_person(source: JsonObject, keys: MemberKeys) -> Person:
    number = source.text("id_number", required=True)
    checked = source.read("id_number", check_id_number, number) if number else None
    name = source.text("name", required=True)
    masked = source.read("name", _masked, name) if name else None
    return Person(
        name=name,
        masked=masked or "",
        id_number=checked[0] if checked else "",
        phone=source.text("phone"),
        role=ROLES.get(source.choice("role", ROLES), ""),
        stayed_in_risk_area=source.flag("stayed_in_risk_area"),
        id_notes=checked[1] if checked else (),
        stated=_read_subject(source, keys.crew),
    )


def _read_plate(source: JsonObject) -> str:
    plate = source.text("plate", required=True)
    return source.read("plate", read_plate, plate) or "" if plate else ""


def _read_vehicle(source: JsonObject, keys: MemberKeys) -> AppliedVehicle:
    tonnes = source.number("gross_weight_t", most=200.0)
    axles = source.number("axles", most=20.0)
    if axles is not None and axles != int(axles):
        source.fault("axles", "number-not-whole", value=axles)
    return AppliedVehicle(
        plate=_read_plate(source),
        link=source.choice("link", LINKS),
        guaranteed=source.flag("guaranteed"),
        gross_weight_kg=None if tonnes is None else tonnes * 1000.0,
        axles=axles,
        seats=source.number("seats", most=20.0),
        sizes_m=MappingProxyType({key: source.number(key, most=most) for key, most in SIZES_M.items()}),
        stated=_read_subject(source, keys.vehicle),
        hazardous_goods=source.choice("hazardous_goods", GOODS),
    )


def _read_goods(top: JsonObject, keys: MemberKeys) -> Goods:
    value = top.get("goods")
    if value is None or isinstance(value, str):
        return Goods(top.text("goods"), Subject("goods", Record("goods"), MappingProxyType({})))
    source = top.object_at("goods", value)
    return Goods(source.text("kind"), _read_subject(source, keys.goods))


def _read_end(top: JsonObject, path: str, value: Any) -> Any:
    """Return an end of the trip as written; where it lies is found on the map."""
    if value is not None and not isinstance(value, str | Mapping):
        top.fault(path, "end-unreadable", value=type(value).__name__)
    return value


def raise_faults(faults: Sequence[BadInputError], *, code: str, where: str) -> None:
    """Raise what was collected: one fault as it is, several together.

    Raises
    ------
    BadInputError
        The only fault, or `RowErrors` of this code that holds them all.
    """
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise RowErrors(code, where, tuple(faults))


def read_application(document: Any, *, where: str, conditions: Sequence[Condition] = ()) -> Application:
    """Read an application as design.md describes it.

    Beyond the members described there it may hold `id`, `entry_point`, `vehicle.guaranteed` (the firm answers for a
    one-off vehicle), `vehicle.seats`, and, for each of the regime's `conditions`, its data: flat, or as an object
    under the condition's id. Every other member is refused, because a misspelt one would be lost in silence.

    Raises
    ------
    BadInputError
        The fault with its path ("crew[1].sampled_at"); several come as `RowErrors` `application-has-errors`.
    """
    faults: list[BadInputError] = []
    top = JsonObject(document, path="", where=where, faults=faults)
    keys = member_keys(conditions)
    top.refuse_unknown(keys.top)
    depart_at = top.instant("depart_at", required=True)
    application = Application(
        id=top.text("id"),
        enterprise=top.text("enterprise", required=True),
        vehicle=_read_vehicle(top.object_at("vehicle", top.get("vehicle", required=True) or {}), keys),
        crew=tuple(_read_person(top.object_at(path, one), keys) for path, one in top.items("crew")),
        goods=_read_goods(top, keys),
        origin=_read_end(top, "origin", top.get("origin", required=True)),
        destination=_read_end(top, "destination", top.get("destination", required=True)),
        via=tuple(_read_end(top, path, value) for path, value in top.items("via")),
        entry_point=top.text("entry_point"),
        depart_at=depart_at or datetime.max.replace(tzinfo=UTC),
        round_trip=top.flag("round_trip"),
        stated=_read_record(JsonObject(top.members, path="", where=where, faults=faults), record_keys(keys.stated)),
        document=MappingProxyType(dict(top.members)),
    )
    raise_faults(faults, code="application-has-errors", where=where)
    return application
