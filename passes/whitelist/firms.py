"""The whitelist of firms and their vehicles (W5, W6, X3): what a row says, and which rows cannot stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from geodata.errors import BadInputError, RowErrors
from passes.reading.plates import read_plate

ACTIVE: Final = "active"
REMOVED: Final = "removed"
#: What a column may be called, compared without space, case and width; the first is the name used in errors.
HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "enterprise_id", "企业编号", "统一社会信用代码", "信用代码"),
    "name": (
        "enterprise",
        "name",
        "enterprise_name",
        "firm",
        "company",
        "企业",
        "企业名称",
        "企业(项目)",
        "企业(项目)名称",
        "申请企业",
        "单位名称",
    ),
    "sector": ("sector", "industry", "行业", "所属行业"),
    "township": ("township", "乡镇", "乡镇(街道)", "所在乡镇", "所属乡镇"),
    "place": ("place", "place_id", "地点", "地点编号"),
    "linked_to": ("linked_to", "关联企业"),
    "priority": ("priority", "优先", "优先保障", "城市运行保障"),
    "status": ("status", "状态", "企业状态"),
    "reason": ("reason", "原因", "移出原因"),
    "plate": ("plate", "plate_number", "license_plate", "vehicle_plate", "车牌", "车牌号", "车牌号码", "号牌号码"),
    "link": ("link", "vehicle_link", "车辆关系", "车辆性质", "车辆归属"),
    "vehicle_status": ("vehicle_status", "车辆状态"),
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "status": {
        **dict.fromkeys(("active", "有效", "在册", "正常"), ACTIVE),
        **dict.fromkeys(("removed", "移出", "已移出"), REMOVED),
    },
    "link": {
        **dict.fromkeys(("own", "自有", "自有车辆"), "own"),
        **dict.fromkeys(("contracted", "固定外协", "外协", "固定外协车辆"), "contracted"),
    },
    "priority": {
        **dict.fromkeys(("true", "yes", "1", "是"), "true"),
        **dict.fromkeys(("false", "no", "0", "否", ""), "false"),
    },
}
_FIRM_COLUMNS: Final = ("id", "sector", "township", "place", "linked_to", "priority", "status", "reason")


@dataclass(frozen=True, slots=True)
class FirmVehicle:
    """A vehicle linked to a firm: its own or a fixed contracted one (X3)."""

    plate: str
    link: str
    status: str = ACTIVE


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise or project on the whitelist, or one that was removed from it.

    Attributes
    ----------
    id
        The file's id, else the name.
    sector
        Free text: the plan's list of sectors is open (W1).
    place
        Id of its place in the county folder, "" where not known.
    linked_to
        The firm whose supply chain it belongs to (W7).
    priority
        Keeps the city running, so its applications come first (城市运行保障企业).
    status
        "active" or "removed" (W8).
    """

    id: str
    name: str
    sector: str = ""
    township: str = ""
    place: str = ""
    linked_to: str = ""
    priority: bool = False
    status: str = ACTIVE
    reason: str = ""
    vehicles: tuple[FirmVehicle, ...] = ()

    @property
    def is_listed(self) -> bool:
        """Tell whether the firm is on the whitelist now."""
        return self.status == ACTIVE

    def link_of(self, plate: str) -> str:
        """Return how a vehicle is linked to the firm, "" where it is not."""
        return next((one.link for one in self.vehicles if one.plate == plate and one.status == ACTIVE), "")


@dataclass(frozen=True, slots=True)
class WhitelistRow:
    """One row of a file: its number as people count it, its values by column, and what the file calls the columns."""

    number: int
    values: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class FirmEntry:
    """What a file says of one firm: only the columns that it has, so that the others stay as they are."""

    row: int
    name: str
    columns: Mapping[str, str]
    vehicles: tuple[FirmVehicle, ...]


def plain_name(name: str) -> str:
    """Return the one way to write a firm's name: brackets and letters half-width, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def header_key(title: str) -> str:
    """Return a header without space, case and width, for comparing."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in plain if not letter.isspace() and letter not in "*_-")


_COLUMN_OF: Final = {header_key(title): column for column, titles in HEADERS.items() for title in titles}


def column_of(title: str) -> str | None:
    """Return the column that a header stands for, None where no rule reads it."""
    return _COLUMN_OF.get(header_key(title))


def _error(code: str, row: WhitelistRow, column: str, where: str, **facts: object) -> BadInputError:
    title = row.titles.get(column) or HEADERS[column][0]
    return BadInputError(code, f"{where}: row {row.number}: {title}", row=row.number, id=_id_of(row), **facts)


def _id_of(row: WhitelistRow) -> str | None:
    return row.values.get("id") or row.values.get("name") or None


def _word(row: WhitelistRow, column: str, where: str) -> str:
    """Return a word of a closed list in its English form."""
    value = row.values.get(column, "")
    words = _WORDS["status" if column == "vehicle_status" else column]
    plain = unicodedata.normalize("NFKC", value).strip().casefold()
    if plain in words:
        return words[plain]
    if not plain and column in {"status", "vehicle_status"}:
        return ACTIVE
    code = "whitelist-value-missing" if not plain else "whitelist-value-unknown"
    raise _error(code, row, column, where, value=value, choices=sorted(set(words) - {""}))


def _vehicle(row: WhitelistRow, where: str) -> FirmVehicle | None:
    """Read the vehicle of a row, None where the row speaks of the firm alone."""
    if not row.values.get("plate"):
        return None
    try:
        plate = read_plate(row.values["plate"], where=where)
    except BadInputError as error:
        raise _error(error.code, row, "plate", where, **error.facts) from None
    return FirmVehicle(plate, _word(row, "link", where), _word(row, "vehicle_status", where))


def _entry(row: WhitelistRow, where: str) -> FirmEntry:
    name = plain_name(row.values.get("name", ""))
    if not name:
        raise _error("whitelist-enterprise-missing", row, "name", where)
    columns = {key: row.values[key].strip() for key in _FIRM_COLUMNS if key in row.values}
    for column in ("status", "priority"):
        if column in columns:
            columns[column] = _word(row, column, where)
    if columns.get("status") == REMOVED and not columns.get("reason"):
        raise _error("removal-without-reason", row, "reason", where, enterprise=name)
    vehicle = _vehicle(row, where)
    return FirmEntry(row.number, name, MappingProxyType(columns), (vehicle,) if vehicle else ())


def _joined(known: FirmEntry, entry: FirmEntry, row: WhitelistRow, where: str) -> FirmEntry:
    """Join a further row of the same firm: it must say the same of the firm, and name another vehicle."""
    differs = next((key for key in _FIRM_COLUMNS if known.columns.get(key) != entry.columns.get(key)), None)
    if differs is not None:
        said = (known.columns.get(differs, ""), entry.columns.get(differs, ""))
        raise _error("whitelist-rows-differ", row, differs, where, first=known.row, values=list(said))
    twice = {one.plate for one in known.vehicles} & {one.plate for one in entry.vehicles}
    if twice:
        raise _error("plate-twice", row, "plate", where, plate=min(twice), first=known.row)
    return replace(known, vehicles=(*known.vehicles, *entry.vehicles))


def group_rows(rows: Iterable[WhitelistRow], *, where: str) -> tuple[FirmEntry, ...]:
    """Make entries of a file's rows, one a firm: all rows or none.

    Raises
    ------
    RowErrors
        `whitelist-has-errors` with one fault a row.
    """
    entries: dict[str, FirmEntry] = {}
    faults: list[BadInputError] = []
    for row in rows:
        try:
            entry = _entry(row, where)
            key = entry.columns.get("id") or entry.name
            entries[key] = _joined(entries[key], entry, row, where) if key in entries else entry
        except BadInputError as fault:
            faults.append(fault)
    faults += _names_twice(entries, where)
    if faults:
        raise RowErrors("whitelist-has-errors", where, tuple(faults))
    return tuple(entries.values())


def _names_twice(entries: Mapping[str, FirmEntry], where: str) -> Sequence[BadInputError]:
    """Refuse one name under two ids: an application that names the firm could mean either."""
    first: dict[str, FirmEntry] = {}
    faults = []
    for key, entry in entries.items():
        known = first.setdefault(entry.name, entry)
        if known is not entry:
            facts = {"row": entry.row, "id": key, "enterprise": entry.name, "first": known.row}
            faults.append(BadInputError("enterprise-name-twice", f"{where}: row {entry.row}", **facts))
    return faults


def firm_of(entry: FirmEntry, known: Firm | None) -> Firm:
    """Return the firm as it is after an entry: what the file does not say stays, a vehicle leaves only when told to."""
    firm = known or Firm(entry.columns.get("id") or entry.name, entry.name)
    vehicles = {one.plate: one for one in (*firm.vehicles, *entry.vehicles)}
    said = {key: value for key, value in entry.columns.items() if key not in {"id", "priority"}}
    if said.get("status", firm.status) == ACTIVE:
        said["reason"] = ""
    priority = entry.columns.get("priority")
    return replace(
        firm,
        **said,
        name=entry.name,
        priority=firm.priority if priority is None else priority == "true",
        vehicles=tuple(vehicles[plate] for plate in sorted(vehicles)),
    )
