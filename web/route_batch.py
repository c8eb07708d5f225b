"""Answer a file of route questions, a JSON object a line; a bad line gets its error and stops nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from geodata.county_settings import CountySettings, read_vehicle
from geodata.errors import BadInputError
from geodata.geojson import write_whole
from geodata.vehicles import Vehicle
from geodata.windows import parse_instant
from routing.route import Route
from routing.route_summary import no_route_summary, route_summary
from routing.trips.ends import resolve_end
from routing.via_route import ViaAsk, route_over
from web.answer import error_json
from web.live_engine import LiveEngine
from web.vehicle_option import read_vehicle_option

KEYS: Final = ("id", "from", "to", "via", "depart", "vehicle", "holder")


@dataclass(frozen=True)
class BatchDefaults:
    """What counts for a line that does not say it."""

    vehicle: str
    depart_at: datetime
    holder: str
    turns: str = "ignored"


@dataclass
class BatchCount:
    """How many lines there were, and what became of them."""

    asked: int = 0
    routed: int = 0
    without_route: int = 0
    errors: int = 0


@dataclass(frozen=True)
class BatchReader:
    """Turns lines into questions; vehicles named in many lines are read once."""

    live: LiveEngine
    settings: CountySettings
    defaults: BatchDefaults
    _vehicles: dict[str, Vehicle] = field(default_factory=dict)

    def _vehicle(self, given: object, where: str) -> Vehicle:
        if isinstance(given, Mapping):
            return read_vehicle(given, where=where, start=self.settings.vehicles["truck"])
        name = _text(given, where)
        if name not in self._vehicles:
            self._vehicles[name] = read_vehicle_option(name, self.settings)
        return self._vehicles[name]

    def _instant(self, given: object) -> datetime:
        """Return a departure on the county's clock, which hours of turn restrictions are read on."""
        return parse_instant(_text(given, "depart"), where="depart").astimezone(self.settings.timezone)

    def ask(self, line: Mapping[str, Any]) -> ViaAsk:
        """Return the question of a line.

        Raises
        ------
        BadInputError
            `batch-key-unknown`, `batch-key-missing`, `batch-value-unreadable`, or what is wrong with a place, the
            time or the vehicle.
        """
        for key in line:
            if key not in KEYS:
                raise BadInputError("batch-key-unknown", key, known=list(KEYS))
        for key in ("id", "from", "to"):
            if line.get(key) in (None, ""):
                raise BadInputError("batch-key-missing", key)
        via = line.get("via") or []
        if not isinstance(via, list):
            raise BadInputError("batch-value-unreadable", "via", value=str(via))
        vehicle = self._vehicle(line.get("vehicle") or self.defaults.vehicle, "vehicle")
        depart = line.get("depart")
        named = [("from", line["from"]), *((f"via {number}", one) for number, one in enumerate(via, start=1))]
        usable = self.live.engine.usable_roads(vehicle)
        ends = [
            resolve_end(text, self.live.trip_map, usable=usable, where=where)
            for where, text in [*named, ("to", line["to"])]
        ]
        return ViaAsk(
            tuple(ends),
            vehicle,
            self.defaults.depart_at if depart is None else self._instant(depart),
            self.defaults.holder if line.get("holder") is None else _text(line["holder"], "holder"),
            self.defaults.turns,
        )


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise BadInputError("batch-value-unreadable", where, value=str(value))
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _parse(text: str) -> dict[str, Any]:
    try:
        line = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadInputError("batch-line-unreadable", "", reason=str(error)) from None
    if not isinstance(line, dict):
        raise BadInputError("batch-line-unreadable", "", reason=type(line).__name__)
    return line


def _answer_line(text: str, reader: BatchReader, count: BatchCount) -> dict[str, Any]:
    line = _parse(text)
    ask = reader.ask(line)
    found = route_over(reader.live.engine, reader.live.trip_map, ask)
    if isinstance(found, Route):
        count.routed += 1
        summary = route_summary(found, reader.live.engine.network)
        return {"id": line["id"], "ok": True, **summary, "closure_set_version": reader.live.closure_set_version}
    count.without_route += 1
    return {"id": line["id"], "ok": False, **no_route_summary(found)}


def _id_of(text: str) -> Any:
    try:
        return _parse(text).get("id")
    except BadInputError:
        return None


def _answers(texts: list[str], reader: BatchReader, count: BatchCount, *, lang: str) -> Iterator[str]:
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            continue
        count.asked += 1
        try:
            row = _answer_line(text, reader, count)
        except BadInputError as error:
            count.errors += 1
            error.where = ": ".join(part for part in (f"line {number}", error.where) if part)
            row = {"id": _id_of(text), "ok": False, "error": error_json(error, lang)}
        yield json.dumps(row, ensure_ascii=False, allow_nan=False)


def answer_batch(texts: list[str], reader: BatchReader, out: Path, *, lang: str) -> BatchCount:
    """Answer every line in its order and write the answers, whole or not at all.

    Raises
    ------
    SurroundingsError
        `disk-write-failed`.
    """
    count = BatchCount()
    rows = list(_answers(texts, reader, count, lang=lang))
    write_whole(out, "".join(f"{row}\n" for row in rows).encode())
    return count
