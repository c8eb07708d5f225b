"""Tables of closures, and how their rows turn into closures and back. Rows are only ever added."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from types import NoneType
from typing import Any, Final, cast

import sqlalchemy as sa

from geodata.closures.closure import Closure, Decision, Direction, Drawing, Observation, RoadSpan
from geodata.ledger.register import Leaf, leaves_of
from geodata.store import METADATA, Instant
from geodata.windows import Window

CLOSURE_VERSIONS: Final = sa.Table(
    "closure_versions",
    METADATA,
    sa.Column("closure_id", sa.String(100), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("extent", sa.Text, nullable=False),
    sa.Column("drawn", sa.Text),
    sa.Column("starts_at", Instant),
    sa.Column("ends_at", Instant),
    sa.Column("barrier", sa.String(32), nullable=False),
    sa.Column("cause", sa.String(32), nullable=False),
    sa.Column("requested_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("pass_holders", sa.String(16), nullable=False),
    sa.Column("requested", sa.Text),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False, unique=True),
)
CLOSURE_DECISIONS: Final = sa.Table(
    "closure_decisions",
    METADATA,
    sa.Column("closure_id", sa.String(100), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("about_version", sa.Integer, nullable=False),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("form", sa.String(16), nullable=False),
    sa.Column("document_no", sa.Text, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("starts_at", Instant),
    sa.Column("ends_at", Instant),
    sa.Column("extent", sa.Text),
    sa.Column("drawn", sa.Text),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False, unique=True),
    sa.ForeignKeyConstraint(["closure_id", "version"], [CLOSURE_VERSIONS.c.closure_id, CLOSURE_VERSIONS.c.version]),
)
CLOSURE_OBSERVATIONS: Final = sa.Table(
    "closure_observations",
    METADATA,
    sa.Column("closure_id", sa.String(100), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("observed_at", Instant, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("barrier", sa.String(32), nullable=False),
    sa.Column("photo", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False, unique=True),
)
#: Tables by the kind that their records have in the log.
TABLES: Final[Mapping[str, sa.Table]] = {
    "closure-version": CLOSURE_VERSIONS,
    "closure-decision": CLOSURE_DECISIONS,
    "closure-observation": CLOSURE_OBSERVATIONS,
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A recorded decision.

    Attributes
    ----------
    stated
        As it was recorded.
    about_version
        The version whose extent and window it means where it says "as set up".
    bound
        As it stands for the version it is bound to: what an earlier version's set-up said is written out.
    """

    stated: Decision
    about_version: int
    bound: Decision


@dataclass(frozen=True, slots=True)
class StoredClosure:
    """The newest version of a closure, with its decisions as recorded.

    Attributes
    ----------
    decisions
        Of the newest version.
    history
        Of every version, each once, in the order of recording: a later file may list one again that the newest
        version does not have.
    """

    closure: Closure
    decisions: tuple[StoredDecision, ...]
    history: tuple[StoredDecision, ...]


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _extent_text(extent: tuple[RoadSpan, ...] | None) -> str | None:
    if extent is None:
        return None
    return _json([[one.road_id, one.direction.value, one.from_m, one.to_m] for one in extent])


def _extent(text: str) -> tuple[RoadSpan, ...]:
    return tuple(_span(*one) for one in json.loads(text))


#: Directions by their word: ten thousand extents are read at once.
_DIRECTIONS: Final = {one.value: one for one in Direction}


def _span(road: object, way: str, start: object, end: object) -> RoadSpan:
    if not (isinstance(road, str) and isinstance(start, int | float) and isinstance(end, int | float)):
        raise TypeError("no part of a road")
    if not (isfinite(start) and isfinite(end)):
        raise ValueError("no length")
    return RoadSpan(road, _DIRECTIONS.get(way) or Direction(way), start, end)


def _kind_of(column: sa.Column[Any]) -> type:
    if isinstance(column.type, Instant):
        return datetime
    return int if isinstance(column.type, sa.Integer) else str


#: Names of a table's columns, and what each of them may hold.
_KINDS: Final = {
    kind: (
        table.c.keys(),
        [(_kind_of(column), NoneType) if column.nullable else _kind_of(column) for column in table.c],
    )
    for kind, table in TABLES.items()
}


def _checked(kind: str, row: Row) -> Row:
    """Return a row whose values are of their columns' kinds; a database may hold anything that somebody wrote there.

    Raises
    ------
    TypeError
        Somebody put something else there.
    """
    names, kinds = _KINDS[kind]
    if not all(map(isinstance, map(row.__getitem__, names), kinds)):
        raise TypeError(f"no {kind}")
    return row


def _drawn_text(drawn: Drawing | None) -> str | None:
    if drawn is None:
        return None
    plain: dict[str, object] = {"lines": drawn.lines, "road_ids": drawn.road_ids}
    rule = {"area": drawn.area, "inside_share": drawn.inside_share, "structures": drawn.structures}
    return _json(plain | rule if drawn.area else plain)


def _drawn(text: str | None) -> Drawing | None:
    if text is None:
        return None
    drawn = json.loads(text)
    lines = tuple(tuple((lon, lat) for lon, lat in line) for line in drawn["lines"])
    rule = {key: drawn[key] for key in ("area", "inside_share", "structures") if key in drawn}
    return Drawing(lines, tuple(drawn["road_ids"]), **rule)


def version_row(closure: Closure, version: int, recorded_at: datetime) -> Row:
    """Return the row of a version."""
    return {
        "closure_id": closure.id,
        "version": version,
        "extent": _extent_text(closure.extent),
        "drawn": _drawn_text(closure.drawn),
        "starts_at": closure.window and closure.window.start,
        "ends_at": closure.window and closure.window.end,
        "barrier": closure.barrier,
        "cause": closure.cause,
        "requested_by": closure.requested_by,
        "reason": closure.reason,
        "pass_holders": closure.pass_holders,
        "requested": None if closure.requested is None else _json(closure.requested),
        "recorded_at": recorded_at,
    }


def decision_row(decision: Decision, about_version: int, recorded_at: datetime) -> Row:
    """Return the row of a decision, without the keys that bind it to a version."""
    return {
        "about_version": about_version,
        "authority": decision.authority,
        "decision": decision.decision,
        "form": decision.form,
        "document_no": decision.document_no,
        "decided_at": decision.decided_at,
        "starts_at": decision.start,
        "ends_at": decision.end,
        "extent": _extent_text(decision.extent),
        "drawn": _drawn_text(decision.drawn),
        "recorded_at": recorded_at,
    }


def observation_row(observation: Observation, recorded_at: datetime) -> Row:
    """Return the row of an observation, without its closure."""
    return {
        "observed_at": observation.at,
        "state": observation.state,
        "source": observation.source,
        "barrier": observation.barrier,
        "photo": observation.photo,
        "recorded_at": recorded_at,
    }


def closure_of(row: Row) -> Closure:
    """Return a version's row as a closure without decisions and observations; ValueError or TypeError where damaged."""
    _checked("closure-version", row)
    starts_at = cast("datetime | None", row["starts_at"])
    return Closure(
        id=row["closure_id"],
        version=row["version"],
        extent=_extent(row["extent"]),
        window=None if starts_at is None else Window(starts_at, row["ends_at"]),
        barrier=row["barrier"],
        cause=row["cause"],
        requested_by=row["requested_by"],
        reason=row["reason"],
        pass_holders=row["pass_holders"],
        requested=None if row["requested"] is None else json.loads(row["requested"]),
        drawn=_drawn(row["drawn"]),
    )


def decision_of(row: Row) -> Decision:
    """Return a decision's row as it was recorded; ValueError or TypeError where damaged."""
    _checked("closure-decision", row)
    return Decision(
        authority=row["authority"],
        decision=row["decision"],
        form=row["form"],
        document_no=row["document_no"],
        decided_at=row["decided_at"],
        start=row["starts_at"],
        end=row["ends_at"],
        extent=None if row["extent"] is None else _extent(row["extent"]),
        drawn=_drawn(row["drawn"]),
    )


def observation_of(row: Row) -> Observation:
    """Return an observation's row; TypeError where damaged."""
    _checked("closure-observation", row)
    return Observation(row["observed_at"], row["state"], row["source"], row["barrier"], row["photo"])


def bind_decision(decision: Decision, about: Closure) -> Decision:
    """Write out what "as set up" meant in the version that a decision is about."""
    window = about.window
    if decision.extent is None:
        decision = replace(decision, extent=about.extent, drawn=about.drawn)
    if window is None:
        return decision
    return replace(decision, start=decision.start or window.start, end=decision.end or window.end)


def record_leaves(rows: Mapping[str, Iterable[Row]]) -> Iterator[Leaf]:
    """Give the leaf that every stored row would have now (K14)."""
    for kind, found in rows.items():
        records = (
            (row["position"], row["closure_id"], {name: row[name] for name in row if name != "position"})
            for row in found
        )
        yield from leaves_of(kind, records)
