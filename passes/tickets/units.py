"""Who is responsible for a ticket, and which units there are to be."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from geodata.areas import TOWNSHIP, township_at
from geodata.closures.closure import Closure
from geodata.county import County
from geodata.townships import middle_of
from passes.accounts.account_register import list_accounts

if TYPE_CHECKING:
    import sqlalchemy as sa

#: Roles that answer for a unit: a township's officer, and an authority's.
_ANSWERING: tuple[str, ...] = ("TW", "HQ")


def townships_of(county: County) -> tuple[str, ...]:
    """Return the names of the county's townships: of its areas, else as its places say."""
    areas = {area.name for area in county.areas if area.kind == TOWNSHIP}
    named = {place.township for place in county.places.by_id.values() if place.township}
    return tuple(sorted(areas or named))


def known_units(connection: sa.Connection, county: County) -> tuple[str, ...]:
    """Return who may be responsible: townships, then authorities by their ids, then whoever else has an account."""
    authorities = tuple(county.settings.policy.authorities)
    known = [*townships_of(county), *authorities]
    own = {one.unit for one in list_accounts(connection) if one.role in _ANSWERING and one.closed_at is None}
    return (*known, *sorted(own - {*known, ""}))


def township_of(closure: Closure, county: County) -> str:
    """Return the township in which the middle of a closure's first road lies, "" where none is known there."""
    span = next((one for one in closure.extent if one.road_id in county.network.road_index), None)
    return "" if span is None else township_at(county.areas, *middle_of(span, county.network))


def responsible_unit(closure: Closure | None, township: str, county: County, units: Collection[str]) -> str:
    """Return who is to answer: whoever asked for the closure, else the township, else the county's default unit.

    Parameters
    ----------
    township
        Where the matter is, "" where that is not known.
    units
        From `known_units`.
    """
    wanted = ("" if closure is None else closure.requested_by, township)
    return next((one for one in wanted if one and one in units), county.settings.policy.default_unit)
