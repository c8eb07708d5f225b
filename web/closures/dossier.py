"""Everything a page shows of one closure: states, roads, extents, decisions, and its history in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geodata.closures.approval import approval_of
from geodata.closures.asking import is_only_asked, is_to_be_reopened, state_as_asked
from geodata.closures.closure import Closure, Direction, RoadSpan
from geodata.closures.deciding import bodies_that_decide
from geodata.closures.filings_register import Filing, closure_of, list_filings
from geodata.closures.history_register import HistoryEntry, history_of
from geodata.closures.lines import extent_lines
from geodata.closures.road_spans import length_of
from geodata.closures.rules import is_in_force
from geodata.closures.states import paper_due, physical_state, routing_state
from geodata.closures.unmatched import matched_part, unmatched_roads
from web.closures.strips import Strip, lay_out
from web.closures.words import class_name
from web.site import site

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Metres that the asked and the standing extent are drawn beside the approved one.
_ASIDE_M = 14.0


@dataclass(frozen=True, slots=True)
class Row:
    """One closure in a list.

    Attributes
    ----------
    closure
        Newest version, without the parts on roads that the network does not have.
    approval, physical, routing
        Its three states.
    roads
        Names of its roads.
    is_in_force
        It stands, as far as the record says: not one that is only asked for.
    paper_due
        By when a standing oral approval must have its document number.
    to_reopen
        Its approval has ended, and nobody has said that the road is open.
    bodies
        Ids of those who decide it.
    """

    closure: Closure
    approval: str
    physical: str
    routing: str
    roads: tuple[str, ...]
    length_m: float
    is_in_force: bool
    paper_due: datetime | None
    to_reopen: bool
    bodies: tuple[str, ...]
    filing: Filing | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One closure with everything on record.

    Attributes
    ----------
    row
        As in a list.
    history
        In the log's order.
    position
        Of the newest record: what a form holds on to.
    asked, approved
        Extents as first asked and as approved; what is set up is the closure's own.
    acts
        What people did at their desks.
    """

    row: Row
    history: tuple[HistoryEntry, ...]
    position: int
    asked: tuple[RoadSpan, ...]
    approved: tuple[RoadSpan, ...]
    acts: tuple[Filing, ...]
    strips: tuple[Strip, ...]
    unmatched: tuple[str, ...]

    @property
    def closure(self) -> Closure:
        """Newest version."""
        return self.row.closure


def row_of(closure: Closure, at: datetime, *, filing: Filing | None = None, requested: bool = False) -> Row:
    """Return a closure as a list shows it at an instant.

    Parameters
    ----------
    requested
        It came as a request: until something of it was approved or seen, it stands on paper only.
    """
    county = site().county
    settings, network = county.settings, county.network
    closure = matched_part(closure, network)
    stands = is_in_force(closure, at) and not (requested and is_only_asked(closure, settings, network, at=at))
    return Row(
        closure=closure,
        approval="" if closure.window is None else state_as_asked(closure, settings, network, at=at),
        physical=physical_state(closure, at),
        routing=routing_state(closure, settings.policy_for, network, at),
        roads=road_names(closure.extent),
        length_m=length_of(closure.extent),
        is_in_force=stands,
        paper_due=None if closure.window is None else paper_due(closure, settings.policy_for, network, at),
        to_reopen=is_to_be_reopened(closure, settings, network, at=at),
        bodies=() if closure.window is None else bodies_that_decide(closure, settings, network),
        filing=filing,
    )


def is_only_registered(row: Row) -> bool:
    """Tell whether it stands and was registered of its own accord, and no body has been asked or has decided."""
    return row.filing is not None and row.filing.act == "registered" and not row.closure.decisions


def road_names(extent: Iterable[RoadSpan]) -> tuple[str, ...]:
    """Return the names of an extent's roads, each once: name, number, or id."""
    network = site().county.network
    names = []
    for span in extent:
        road = network.road_index.get(span.road_id)
        names.append(span.road_id if road is None else road_label(road))
    return tuple(dict.fromkeys(names))


def road_label(road: int) -> str:
    """Return what people call a road: number and name, else its class and id."""
    network = site().county.network
    called = " ".join(one for one in (str(network.ref[road]), str(network.name[road])) if one)
    return called or f"{class_name(network.class_of(road).value)} {network.road_id[road]}"


def road_by_id(road_id: str) -> str:
    """Return what people call a road, its id where the network has it no more."""
    road = site().county.network.road_index.get(road_id)
    return road_id if road is None else road_label(road)


def dossier_of(connection: sa.Connection, closure_id: str, at: datetime) -> Dossier:
    """Return one closure with everything on record.

    Raises
    ------
    BadInputError
        `closure-unknown`.
    """
    stored = closure_of(connection, closure_id)
    network = site().county.network
    acts = tuple(one for one in list_filings(connection) if one.closure_id == closure_id)
    history = history_of(connection, closure_id)
    row = row_of(stored, at, filing=_filed(acts), requested=any(one.act == "requested" for one in acts))
    first = next((one.item for one in history if isinstance(one.item, Closure)), stored)
    asked = matched_part(first, network).extent if row.approval and not is_only_registered(row) else ()
    approved = _approved(row.closure, at)
    standing = row.closure.extent if row.is_in_force or not row.approval else ()
    strips = lay_out([("asked", asked), ("approved", approved), ("standing", standing)])
    return Dossier(row, history, history[-1].position, asked, approved, acts, strips, unmatched_roads(stored, network))


def _filed(acts: Iterable[Filing]) -> Filing | None:
    return next((one for one in acts if one.act in {"requested", "registered"}), None)


def _approved(closure: Closure, at: datetime) -> tuple[RoadSpan, ...]:
    """Return what is approved now or, before the window begins, for its beginning."""
    if closure.window is None:
        return ()
    county = site().county
    approval = approval_of(closure, county.settings.policy_for(closure.cause), county.network)
    starts = [one.start for need in approval.requirements for one in need.standing(at)]
    moment = max([at, *starts]) if starts else at
    return approval.approved_parts(at, moment=moment)


def dossier_features(dossier: Dossier) -> dict[str, Any]:
    """Return the three extents as lines beside each other for the map."""
    row, name = dossier.row, dossier.closure.id
    drawn = [("requested", dossier.asked, _ASIDE_M), ("approved", dossier.approved, 0.0)]
    if row.is_in_force or not row.approval:
        drawn.append(("blocked", dossier.closure.extent, -_ASIDE_M))
    features = [
        one for state, spans, aside_m in drawn for one in extent_features(spans, state, aside_m=aside_m, name=name)
    ]
    return {"type": "FeatureCollection", "features": features}


def extent_features(
    extent: Iterable[RoadSpan], state: str, *, aside_m: float = 0.0, name: str = "", href: str = ""
) -> list[dict[str, Any]]:
    """Return an extent as features of the map, a line each."""
    kind = "blockage" if state == "blocked" else "closure"
    properties = {"kind": kind, "state": state, "name": name, "href": href}
    lines = extent_lines(extent, site().county.network, aside_m=aside_m)
    return [{"type": "Feature", "geometry": line, "properties": properties} for line in lines]


def rows_features(rows: Iterable[Row], addresses: Mapping[str, str]) -> dict[str, Any]:
    """Return the closures of a list for the map, each with the address of its page."""
    features: list[dict[str, Any]] = []
    for row in rows:
        state = "blocked" if not row.approval else _map_state(row)
        href = addresses.get(row.closure.id, "")
        features += extent_features(row.closure.extent, state, name=" ".join(row.roads), href=href)
    return {"type": "FeatureCollection", "features": features}


def _map_state(row: Row) -> str:
    approved = row.approval in {"approved", "partly_approved"}
    if row.is_in_force:
        return "approved" if approved else "unapproved"
    return "planned" if approved else "requested"


def one_direction(extent: Iterable[RoadSpan]) -> str:
    """Return the direction that an extent closes; "both" where its roads differ."""
    found = {span.direction for span in extent}
    return next(iter(found)).value if len(found) == 1 else Direction.BOTH.value
