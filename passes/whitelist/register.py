"""Keep the whitelist in the store: firms, their vehicles, and when each came and went (W5, W6, W8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from geodata.errors import BadInputError, RowErrors
from geodata.store import METADATA, Instant
from passes.whitelist.firms import ACTIVE, REMOVED, Firm, FirmEntry, FirmVehicle, firm_of, plain_name

FIRMS: Final = sa.Table(
    "firms",
    METADATA,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("sector", sa.String(200), nullable=False),
    sa.Column("township", sa.String(200), nullable=False),
    sa.Column("place", sa.String(200), nullable=False),
    sa.Column("linked_to", sa.String(200), nullable=False),
    sa.Column("priority", sa.Boolean, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("status_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)
FIRM_VEHICLES: Final = sa.Table(
    "firm_vehicles",
    METADATA,
    sa.Column("firm", sa.String(200), sa.ForeignKey("firms.id"), primary_key=True),
    sa.Column("plate", sa.String(16), primary_key=True, index=True),
    sa.Column("link", sa.String(16), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)
#: Entry and exit with time and reason (W6, W8).
FIRM_EVENTS: Final = sa.Table(
    "firm_events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("firm", sa.String(200), sa.ForeignKey("firms.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("event", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("account", sa.String(100)),
)
_COLUMNS: Final = tuple(one.name for one in fields(Firm) if one.name != "vehicles")


@dataclass(frozen=True, slots=True)
class WhitelistImport:
    """How many firms an import created, changed and left as they were; `removed` are those it took off the list."""

    created: int
    changed: int
    unchanged: int
    removed: int


def _firms(connection: sa.Connection, rows: Iterable[sa.Row[Any]]) -> tuple[Firm, ...]:
    """Make firms of rows, with their vehicles."""
    found = list(rows)
    vehicles: dict[str, list[FirmVehicle]] = {row.id: [] for row in found}
    query = sa.select(FIRM_VEHICLES)
    if len(found) == 1:
        query = query.where(FIRM_VEHICLES.c.firm == found[0].id)
    for row in connection.execute(query) if found else ():
        vehicles.get(row.firm, []).append(FirmVehicle(row.plate, row.link, row.status))
    # Sorted here, because databases order texts differently.
    by_plate = {firm: tuple(sorted(some, key=lambda one: one.plate)) for firm, some in vehicles.items()}
    return tuple(Firm(**{key: getattr(row, key) for key in _COLUMNS}, vehicles=by_plate[row.id]) for row in found)


def find_firm(connection: sa.Connection, id_or_name: str) -> Firm | None:
    """Return the firm with this id or name, whether still on the whitelist or not; None where there is none."""
    for column, value in ((FIRMS.c.id, id_or_name), (FIRMS.c.name, plain_name(id_or_name))):
        row = connection.execute(sa.select(FIRMS).where(column == value)).first()
        if row is not None:
            return _firms(connection, [row])[0]
    return None


def list_firms(connection: sa.Connection) -> tuple[Firm, ...]:
    """Return every firm, by id."""
    return _firms(connection, connection.execute(sa.select(FIRMS).order_by(FIRMS.c.id)))


def firms_with_plate(connection: sa.Connection, plate: str) -> tuple[str, ...]:
    """Return the names of the listed firms that a vehicle is linked to, by name."""
    joined = FIRM_VEHICLES.join(FIRMS, FIRMS.c.id == FIRM_VEHICLES.c.firm)
    query = sa.select(FIRMS.c.name).select_from(joined).where(FIRM_VEHICLES.c.plate == plate)
    query = query.where(FIRM_VEHICLES.c.status == ACTIVE, FIRMS.c.status == ACTIVE).order_by(FIRMS.c.name)
    return tuple(connection.scalars(query))


def _known(entry: FirmEntry, firms: Sequence[Firm], where: str) -> Firm | None:
    """Find the stored firm that an entry means: by its id, else by its name.

    Raises
    ------
    BadInputError
        `enterprise-name-taken`: the name belongs to a firm with another id.
    """
    own_id = entry.columns.get("id", "")
    by_id = next((one for one in firms if own_id and one.id == own_id), None)
    by_name = next((one for one in firms if one.name == entry.name), None)
    if own_id and by_name is not None and by_name is not by_id:
        facts = {"row": entry.row, "id": own_id, "enterprise": entry.name, "other": by_name.id}
        raise BadInputError("enterprise-name-taken", f"{where}: row {entry.row}", **facts)
    return by_id or by_name


def import_whitelist(
    connection: sa.Connection, entries: Sequence[FirmEntry], *, at: datetime, where: str
) -> WhitelistImport:
    """Take a file's entries into the register: all or none; the same file again changes nothing.

    Firms that the file does not name stay as they are (W6): a firm leaves by `status` removed with its reason (W8).

    Raises
    ------
    RowErrors
        `whitelist-has-errors` with `enterprise-name-taken` rows.
    """
    firms = list_firms(connection)
    known: list[Firm | None] = []
    faults: list[BadInputError] = []
    for entry in entries:
        try:
            known.append(_known(entry, firms, where))
        except BadInputError as fault:
            faults.append(fault)
    if faults:
        raise RowErrors("whitelist-has-errors", where, tuple(faults))
    pairs = [(old, firm_of(entry, old)) for entry, old in zip(entries, known, strict=True)]
    for old, new in pairs:
        if new != old:
            _write(connection, old, new, at)
    return WhitelistImport(
        created=sum(old is None for old, _ in pairs),
        changed=sum(old is not None and old != new for old, new in pairs),
        unchanged=sum(old == new for old, new in pairs),
        removed=sum(new.status == REMOVED and (old is None or old.is_listed) for old, new in pairs),
    )


def _write(connection: sa.Connection, old: Firm | None, new: Firm, at: datetime) -> None:
    values: dict[str, Any] = {column: getattr(new, column) for column in _COLUMNS}
    values["changed_at"] = at
    moved = old is None or old.status != new.status
    if moved:
        values["status_at"] = at
    if old is None:
        connection.execute(sa.insert(FIRMS).values(values))
    else:
        connection.execute(sa.update(FIRMS).where(FIRMS.c.id == new.id).values(values))
    _write_vehicles(connection, old, new, at)
    event = new.status if moved else "changed"
    connection.execute(sa.insert(FIRM_EVENTS).values(firm=new.id, at=at, event=event, reason=new.reason))


def _write_vehicles(connection: sa.Connection, old: Firm | None, new: Firm, at: datetime) -> None:
    before = {one.plate: one for one in old.vehicles} if old else {}
    for vehicle in new.vehicles:
        values = {"link": vehicle.link, "status": vehicle.status, "changed_at": at}
        key = (FIRM_VEHICLES.c.firm == new.id) & (FIRM_VEHICLES.c.plate == vehicle.plate)
        if vehicle.plate not in before:
            connection.execute(sa.insert(FIRM_VEHICLES).values(firm=new.id, plate=vehicle.plate, **values))
        elif before[vehicle.plate] != vehicle:
            connection.execute(sa.update(FIRM_VEHICLES).where(key).values(values))


def whitelist_mark(connection: sa.Connection) -> str:
    """Return a text that is another one after every change of the whitelist: how much happened, and when last."""
    query = sa.select(sa.func.count(), sa.func.max(FIRM_EVENTS.c.id))
    return ":".join(str(one) for one in connection.execute(query).one())
