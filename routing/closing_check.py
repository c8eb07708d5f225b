"""Whether closings fit a network: their roads are there, and their parts are parts."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

import numpy as np

from geodata.closures.closing import Closing
from geodata.errors import BadInputError
from geodata.network import Network
from routing.closing_set import FEW, NOTHING_CLOSED, ClosingSet


def _fits(closing: Closing, road_count: int) -> bool:
    """Tell whether a closing fits a network of so many roads; comparing tells numbers from what is none, too."""
    return 0 <= closing.road < road_count and -inf < closing.from_m <= closing.to_m < inf


def _refuse(closing: Closing, network: Network) -> None:
    """Refuse a closing if it does not fit the network."""
    if not 0 <= closing.road < network.road_count:
        raise BadInputError("closing-road-unknown", closing.closure_id, road=closing.road)
    if not _fits(closing, network.road_count):
        raise BadInputError(
            "closing-part-reversed", closing.closure_id, from_m=str(closing.from_m), to_m=str(closing.to_m)
        )


def check_closings(closings: Iterable[Closing], network: Network) -> ClosingSet:
    """Return closings as a set if they fit the network.

    Raises
    ------
    BadInputError
        `closing-road-unknown`, or `closing-part-reversed` where from_m > to_m or either is no number.
    """
    checked = ClosingSet(tuple(closings))
    if not checked.closings:
        return NOTHING_CLOSED
    if len(checked.closings) <= FEW:
        count = network.road_count
        for closing in checked.closings:
            # As `_fits`, without a call: between a closing and its first route every call counts.
            if not (0 <= closing.road < count and -inf < closing.from_m <= closing.to_m < inf):
                _refuse(closing, network)
        return checked
    try:
        columns = checked.columns  # all at once: an emergency area closes thousands of roads
        fits = (columns.road >= 0) & (columns.road < network.road_count)
        fits &= (columns.part_m[:, 0] <= columns.part_m[:, 1]) & np.isfinite(columns.part_m).all(axis=1)
        is_right = bool(fits.all())
    except OverflowError:
        is_right = False
    if not is_right:
        for closing in checked.closings:
            _refuse(closing, network)
    return checked
