"""Replace a pass whose roads are no longer open: the next edition on the roads of this moment, never silently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from geodata.errors import BadInputError
from passes.applications.office import Office
from passes.editions.issuing import Issued
from passes.editions.pass_register import PassRecord, find_pass
from passes.reissue.renewal import NextEdition, make_next_edition
from passes.ways.packed_route import PackedRoute


def route_roads(route: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the roads of a kept route in order, each with its direction."""
    if isinstance(route, PackedRoute):
        return route.driven
    return tuple((row["road_id"], row["direction"]) for row in route["roads"])


def replace_pass(number: str, office: Office, *, key_file: Path, at: datetime, reason: str = "") -> Issued:
    """Plan the trip of a pass anew on the roads as they are open now, and make its next edition with the new route.

    Every rule is asked again. The edition before becomes replaced: who shows it is asked for the new one, not refused.

    Parameters
    ----------
    reason
        Why, for the history.

    Raises
    ------
    BadInputError
        `route-unchanged`: the roads are the same, so the pass that the driver holds stays good; the caller's
        transaction must not be kept. Else as `renew_pass`.
    """
    before: PassRecord = find_pass(office.connection, number)
    made = make_next_edition(number, office, NextEdition("replanned", reason=reason), key_file=key_file, at=at)
    if made.record is not None and route_roads(made.record.route) == route_roads(before.route):
        raise BadInputError("route-unchanged", before.number, number=before.number)
    return made
