"""The round that an address asks for: which findings, from where, and what its pages show of it."""

from __future__ import annotations

from typing import Any, Final

from flask import request

from geodata.tickets.board_register import BoardQuery, list_board, townships_on_board
from passes.tickets.board import with_closures
from web.closures.ticket_lists import STATES
from web.site import reading, site
from web.supervision.blueprint import finding_address
from web.supervision.rounds import Round, behind_all, places_to_start, round_features, round_of, start_of

#: So many findings are put into an order of travel at once: more than a day's round.
MOST_STOPS: Final = 120


def round_asked() -> dict[str, Any]:
    """Return the round that the address asks for, with what its pages show."""
    wanted, township = request.args.get("state", ""), request.args.get("township", "")
    query = BoardQuery(state=wanted if wanted in STATES else "", township=township or None)
    with reading() as connection:
        rows, total = list_board(connection, query, most=MOST_STOPS)
        listed = with_closures(connection, rows)
        found: Round = round_of(connection, listed, start_of(request.args.get("start", "")))
        behind = behind_all(connection, listed)
        townships = townships_on_board(connection)
    addresses = {stop.number: finding_address(stop.first.check, stop.first.subject) for stop in found.stops}
    return {
        "round": found,
        "behind": behind,
        "starts": places_to_start(),
        "wanted": wanted,
        "township": township,
        "townships": townships,
        "left_out": total - len(rows),
        "at": site().now(),
        "features": round_features(found.stops, addresses),
        "address": finding_address,
    }
